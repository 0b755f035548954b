using System.Text;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>Tokenizers as GGUF says them.</summary>
static class GgufForm
{
    /// <summary>Byte-level BPE: the splitter must have a name there, and the rest be as readers of that name expect.</summary>
    public static TokenizerData Of(ByteLevelBpe tokenizer, Vocabulary vocabulary, PreTokenization preTokenization, MergeTable merges, bool wholePieces)
    {
        var pre = preTokenization.Pre is null ? Splitter.NameOf(preTokenization.Splitter) : null;
        if (pre is null) throw Cannot(tokenizer, "its way to cut texts has no name there");
        if (preTokenization.Normalizer is { } normal && !(normal == NormalForm.C && pre == "qwen2")) throw Cannot(tokenizer, "it changes texts first");      // Qwen's files leave the composing of accents out, too
        if (wholePieces != (pre == "llama-bpe")) throw Cannot(tokenizer, $"pieces that are tokens are{(wholePieces ? "" : " not")} taken whole, and '{pre}' says otherwise");
        var (tokens, types) = Tokens(vocabulary, tokenizer.Special);
        return Special(new("gpt2", [.. tokens]) { Pre = pre, Types = types, Merges = [.. merges.InOrder().Where(m => m.Left < tokens.Length && m.Right < tokens.Length).Select(m => $"{tokens[m.Left]} {tokens[m.Right]}")] }, tokenizer.Special);
    }

    /// <summary>A SentencePiece model as it stands in its file.</summary>
    public static TokenizerData Of(SentencePieceModel m, SpecialTokens special) => m.ModelType == SentencePieceModel.Bpe && m.CharsMap.Length == 0 && !m.SpaceAsSuffix
        ? Special(new("llama", [.. m.Tokens]) { Scores = [.. m.Scores], Types = [.. m.Kinds.Select(k => (int)k)], AddSpacePrefix = m.AddDummyPrefix }, special)
        : throw new TokenizerException("This SentencePiece model is not of the kind that GGUF's 'llama' is: BPE, without a map of characters, spaces before words.");

    /// <summary>WordPiece: words begin with ▁ there, and what goes on a word has no mark.</summary>
    public static TokenizerData Of(WordPieceTokenizer tokenizer, IReadOnlyList<string?> texts, BertNormalizer? normalizer)
    {
        if (normalizer is null) throw Cannot(tokenizer, "what it does to texts first is not BERT's");
        var special = tokenizer.Special;
        string[] tokens = [.. texts.Select((t, id) => t is null ? Unused(id) : special.IsControl(id) || t is ['[', .., ']'] ? t : t.StartsWith(WordPieceTokenizer.Continuation, StringComparison.Ordinal) && t.Length > 2 ? t[2..] : SentencePieces.Underline + t)];
        int[] types = [.. texts.Select((t, id) => (int)(t is null ? PieceKind.Unused : special.IsControl(id) ? PieceKind.Control : PieceKind.Normal))];
        return Special(new("bert", [.. tokens]) { Types = types, Lowercase = normalizer.Lowercase, StripAccents = normalizer.StripAccents, Cls = special.Bos, Sep = special.Eos, Mask = special.IdOf("[MASK]") }, special);
    }

    static (string[] Tokens, int[] Types) Tokens(Vocabulary vocabulary, SpecialTokens special)
    {
        var (tokens, types) = (new string[vocabulary.Count], new int[vocabulary.Count]);
        for (int id = 0; id < tokens.Length; id++)
        {
            var bytes = vocabulary[id];
            (tokens[id], types[id]) = special.IsAdded(id) ? (Encoding.UTF8.GetString(bytes), (int)(special.IsControl(id) ? PieceKind.Control : PieceKind.UserDefined))
                : bytes.IsEmpty ? (Unused(id), (int)PieceKind.Unused) : (ByteAlphabet.Write(bytes), (int)PieceKind.Normal);
        }
        return (tokens, types);
    }

    static TokenizerData Special(TokenizerData data, SpecialTokens special) =>
        data with { Bos = special.Bos, Eos = special.Eos, Unk = special.Unk, Pad = special.Pad, AddBos = special.AddBos, AddEos = special.AddEos };

    /// <summary>A text for an id that nothing uses: texts must differ.</summary>
    internal static string Unused(int id) => $"[PAD{id}]";

    internal static TokenizerException Cannot(Tokenizer tokenizer, string why) =>
        new($"this {tokenizer.Kind} tokenizer cannot be written into a GGUF file: {why}. Those that can: byte-level BPE (GPT-2, Llama 3, Qwen, SmolLM), SentencePiece BPE from its tokenizer.model (Llama 2), BERT's WordPiece.");
}
