using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Tokenizers from SentencePiece's <c>.model</c>. The file does not say what is put around a text; tokenizer_config.json does (<c>add_bos_token</c>, <c>add_eos_token</c>).
/// Without it the models' own ways hold: BPE vocabularies put their beginning before a text (Llama), unigram vocabularies that have none put their end behind it (T5).
/// <para>User-defined pieces are found before anything is done to a text, and stretches of text between them are treated each by itself, as those between control tokens.</para>
/// </summary>
static class SentencePieceFile
{
    public static Tokenizer Read(ReadOnlySpan<byte> file, ReadOnlyMemory<byte> config)
    {
        var model = SentencePieceModel.Read(file);
        try
        {
            using var json = config.IsEmpty ? null : JsonDocument.Parse(config);
            return Read(model, new(json?.RootElement ?? default, "tokenizer_config.json"));
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
        }
    }

    /// <summary>What a GGUF file says of it.</summary>
    public static TokenizerData ToGguf(ReadOnlySpan<byte> file, SpecialTokens special) => GgufForm.Of(SentencePieceModel.Read(file), special);

    static Tokenizer Read(SentencePieceModel m, JsonAt config)
    {
        var special = Special(m, config);
        var map = m.CharsMap.Length > 0 ? new CharsMap(m.CharsMap) : null;
        bool before = m.AddDummyPrefix && !m.SpaceAsSuffix, behind = m.AddDummyPrefix && m.SpaceAsSuffix;
        var prefix = before ? PrependScheme.Always : PrependScheme.Never;
        switch (m.ModelType)
        {
            case SentencePieceModel.Unigram or SentencePieceModel.Char:       // of single characters there is one way to cut a text
                var normalizer = new SentencePieceNormalizer(m.EscapeWhitespaces ? SentencePieces.Underline : ' ', map, m.RemoveExtraWhitespaces, before, behind);
                return new UnigramTokenizer(m.Tokens, [.. m.Scores.Select(score => (double)score)], m.Kinds, special, normalizer, single: true) { Spaces = (prefix, behind) };
            case SentencePieceModel.Bpe when !behind:
                return new SentencePieceBpe(new(m.Tokens, m.Scores, m.Kinds), special, new(' ', map, m.RemoveExtraWhitespaces, before), prefix);
            case SentencePieceModel.Bpe:
                throw new TokenizerException("SentencePiece model, trainer_spec.treat_whitespace_as_suffix: true is not known yet for BPE, only for unigram.");
            default:
                throw new TokenizerException($"SentencePiece model, trainer_spec.model_type: {(m.ModelType == SentencePieceModel.Word ? "WORD" : m.ModelType)} is not known yet; known are UNIGRAM (1), BPE (2) and CHAR (4).");
        }
    }

    static SpecialTokens Special(SentencePieceModel m, JsonAt config)
    {
        var added = new List<AddedToken>();
        for (int id = 0; id < m.Tokens.Count; id++)
            if (m.Kinds[id] is PieceKind.Control or PieceKind.Unknown or PieceKind.UserDefined && m.Tokens[id].Length > 0)
                added.Add(new(id, m.Tokens[id].Replace(SentencePieces.Underline, ' '), Control: m.Kinds[id] != PieceKind.UserDefined));
        int unk = m.Kinds.IndexOf(PieceKind.Unknown);
        int? bos = Control(m.Bos), eos = Control(m.Eos);
        bool addBos = m.ModelType == SentencePieceModel.Bpe && bos is not null, addEos = m.ModelType == SentencePieceModel.Unigram && bos is null && eos is not null;
        if (!config.IsNull) (addBos, addEos) = (config["add_bos_token"].Bool(absent: addBos), config["add_eos_token"].Bool(absent: addEos));
        return new(added, bos, eos, unk >= 0 ? unk : null, Control(m.Pad), addBos, addEos);

        int? Control(int id) => id >= 0 && id < m.Kinds.Count && m.Kinds[id] == PieceKind.Control ? id : null;
    }
}
