namespace Dayu.Text;

/// <summary>
/// BPE over characters with ranked merges, as GGUF files have it (Gemma 4, Sarvam): spaces are written ▁, nothing is split
/// but lines, and a character without a token becomes its bytes, <c>&lt;0xE4></c>. Which names mean it, and what they
/// share, stands in llama.cpp's <c>src/llama-vocab.cpp</c> (v0.5.0, MIT).
/// </summary>
static class GgufCharacterBpe
{
    /// <summary>What a name means.</summary>
    /// <param name="Underlines">Whether a space is written ▁; else white space is left out.</param>
    /// <param name="WholeLines">As in <see cref="CharacterBpeOptions.WholeLines"/>.</param>
    /// <param name="AddsBos">Whether encoding begins with BOS, whatever the file says.</param>
    sealed record Meaning(bool Underlines, bool WholeLines = false, bool AddsBos = false);

    static readonly Meaning gemma4 = new(Underlines: true, WholeLines: true, AddsBos: true);

    static readonly Dictionary<string, Meaning> byName = new(StringComparer.Ordinal)
    {
        ["gemma4"] = gemma4,
        ["granite-embed-multi-311m"] = gemma4,
        ["sarvam-moe"] = new(Underlines: true),
        ["whitespace"] = new(Underlines: false),
    };

    /// <summary>Every name, of <c>tokenizer.ggml.pre</c>.</summary>
    public static IReadOnlyCollection<string> Names => byName.Keys;

    /// <summary>Whether a name means this kind of tokenizer.</summary>
    public static bool Has(string? pre) => pre is not null && byName.ContainsKey(pre);

    /// <summary>The tokenizer of a name that is known here.</summary>
    /// <param name="data">The file's metadata.</param>
    /// <param name="pre">The name.</param>
    /// <param name="merges">The file's merges.</param>
    /// <param name="special">Makes the special tokens, of the kinds and whether BOS is added.</param>
    public static CharacterBpe Read(
        TokenizerData data, string pre, Utf8Texts merges, Func<TokenizerData, TokenKind[], SpecialTokens> special)
    {
        var meaning = byName[pre];
        var kinds = GgufTokenKinds.Of(data);
        var ids = new Dictionary<string, int>(kinds.Length, StringComparer.Ordinal);
        byte[][] bytes = new byte[kinds.Length][];
        for (int id = 0; id < kinds.Length; id++)
        {
            string token = data.Tokens[id];
            bytes[id] = SentencePieceText.BytesOf(token, kinds[id], id);
            if (kinds[id] is TokenKind.Normal or TokenKind.Byte) ids.TryAdd(token, id);
        }
        var table = new RankedMerges(TokenTable.Of(ids), merges, "GGUF key tokenizer.ggml.merges").Table();
        if (meaning.AddsBos) data = data with { AddBos = true };
        var options = new CharacterBpeOptions(ByteFallback: true, Unknown: data.Unk, WholeLines: meaning.WholeLines);
        return new(new(bytes), ids, table, PreTokenization(meaning, data), special(data, kinds), options);
    }

    static PreTokenization PreTokenization(Meaning meaning, TokenizerData data)
    {
        if (meaning.Underlines)
            return new(
                new WholeSplitter(), new Split(Pattern.OfRegex(GgufPatterns.Lines), SplitBehavior.Isolated),
                new Replace(new LiteralPattern(" "), $"{SentencePieceText.Space}"));
        var lowercase = data.Lowercase == true ? MapCharacters.Lowercase : null;
        return new(new WholeSplitter(), new Split(CharacterPattern.WhiteSpace, SplitBehavior.Removed), lowercase);
    }
}
