using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Tokenizers from SentencePiece's <c>.model</c>. Which tokens are added to a text stands in tokenizer_config.json
/// (<c>add_bos_token</c>, <c>add_eos_token</c>). Without that file, BPE vocabularies add their BOS (Llama), and unigram
/// vocabularies without a BOS add their EOS (T5).
/// <para>User-defined pieces are matched before normalization, and the text between them is normalized span by span,
/// like that between control tokens.</para>
/// </summary>
static class SentencePieceFile
{
    public static Tokenizer Read(ReadOnlySpan<byte> file, ReadOnlyMemory<byte> config)
    {
        var model = SentencePieceModel.Read(file);
        try
        {
            using var json = config.IsEmpty ? null : PythonJson.Parse(config, "tokenizer_config.json");
            return Read(model, new(json?.RootElement ?? default, "tokenizer_config.json"));
        }
        catch (InvalidOperationException e)
        {
            throw JsonAt.Invalid("tokenizer_config.json", e);
        }
    }

    /// <summary>The same tokenizer as GGUF metadata.</summary>
    public static TokenizerData ToGguf(ReadOnlySpan<byte> file, SpecialTokens special)
    {
        var model = SentencePieceModel.Read(file);
        foreach (var token in special.Added) model.Place(token);
        return GgufTokenizerWriter.Write(model, special);
    }

    static Tokenizer Read(SentencePieceModel m, JsonAt config)
    {
        var special = Special(m, config);
        var map = m.CharsMap.Length > 0 ? new CharsMap(m.CharsMap) : null;
        bool prefixSpace = m.AddDummyPrefix && !m.SpaceAsSuffix, suffixSpace = m.AddDummyPrefix && m.SpaceAsSuffix;
        return m.ModelType switch
        {
            // A text has only one segmentation into single characters, so that unigram gives it.
            SentencePieceModel.Unigram or SentencePieceModel.Char => Unigram(m, special, map, prefixSpace, suffixSpace),
            SentencePieceModel.Bpe when !suffixSpace => Bpe(m, special, map, prefixSpace),
            SentencePieceModel.Bpe => throw new TokenizerException(
                "SentencePiece model, trainer_spec.treat_whitespace_as_suffix: true is not known yet for BPE, only for unigram."),
            var type => throw new TokenizerException($"SentencePiece model, trainer_spec.model_type: {TypeName(type)} "
                + "is not known yet; known are UNIGRAM (1), BPE (2) and CHAR (4)."),
        };
    }

    static string TypeName(int type) => type == SentencePieceModel.Word ? "WORD" : $"{type}";

    static UnigramTokenizer Unigram(
        SentencePieceModel m, SpecialTokens special, CharsMap? map, bool prefixSpace, bool suffixSpace)
    {
        char space = m.EscapeWhitespaces ? SentencePieceText.Space : ' ';
        var normalizer = new SentencePieceNormalizer(space, map, m.RemoveExtraWhitespaces, prefixSpace, suffixSpace);
        double[] scores = [.. m.Scores.Select(score => (double)score)];
        return new(m.Tokens, scores, m.Kinds, special, normalizer, singlePrecision: true)
        {
            Spaces = (Prepend(prefixSpace), suffixSpace),
        };
    }

    static SentencePieceBpe Bpe(SentencePieceModel m, SpecialTokens special, CharsMap? map, bool prefixSpace)
    {
        var normalizer = new SentencePieceNormalizer(' ', map, m.RemoveExtraWhitespaces, prefixSpace);
        return new(new(m.Tokens, m.Scores, m.Kinds), special, normalizer, Prepend(prefixSpace));
    }

    static PrependScheme Prepend(bool prefixSpace) => prefixSpace ? PrependScheme.Always : PrependScheme.Never;

    static SpecialTokens Special(SentencePieceModel m, JsonAt config)
    {
        var warnings = new List<string>();
        var added = Added(m, config, warnings);
        int unk = m.Kinds.IndexOf(TokenKind.Unknown);
        int? bos = Control(m.Bos), eos = Control(m.Eos);
        bool addBos = m.ModelType == SentencePieceModel.Bpe && bos is not null;
        bool addEos = m.ModelType == SentencePieceModel.Unigram && bos is null && eos is not null;
        if (!config.IsNull)
        {
            addBos = config["add_bos_token"].Bool(absent: addBos);
            addEos = config["add_eos_token"].Bool(absent: addEos);
        }
        return new(added, bos, eos, unk >= 0 ? unk : null, Control(m.Pad), addBos, addEos) { Warnings = warnings };

        int? Control(int id) => id >= 0 && id < m.Kinds.Count && m.Kinds[id] == TokenKind.Control ? id : null;
    }

    /// <summary>The model's own tokens that are matched as a whole, and those that tokenizer_config.json adds.</summary>
    static List<AddedToken> Added(SentencePieceModel m, JsonAt config, List<string> warnings)
    {
        var own = SentencePieceText.AddedTokens(m.Tokens, m.Kinds, spaces: true);
        var all = own.ToList();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, token) in m.Tokens.Index()) ids.TryAdd(token, id);
        new TokenizerConfigTokens(config, ids, all, warnings).Add();
        foreach (var token in all[own.Count..]) m.Place(token);
        return all;
    }
}
