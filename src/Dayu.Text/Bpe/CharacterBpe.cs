using System.Buffers;
using System.Text;

namespace Dayu.Text;

/// <summary>What a <see cref="CharacterBpe"/> does apart from merging.</summary>
/// <param name="Prefix">What symbols begin with that are not the first of their word (<c>##</c>); else empty.</param>
/// <param name="Suffix">What the last symbol of a word ends with (<c>&lt;/w></c>); else empty.</param>
/// <param name="ByteFallback">Whether a character without a token becomes its bytes, <c>&lt;0xE4></c>.</param>
/// <param name="Unknown">The id of any other such character; null if there is none.</param>
/// <param name="FuseUnknown">Whether several in a row become one.</param>
/// <param name="IgnoreMerges">
/// Whether a pre-token that is a token becomes that token, whatever merging would give.
/// </param>
/// <param name="WholeLines">The same of those pre-tokens alone that are line feeds and nothing else.</param>
sealed record CharacterBpeOptions(
    string Prefix = "",
    string Suffix = "",
    bool ByteFallback = false,
    int? Unknown = null,
    bool FuseUnknown = false,
    bool IgnoreMerges = false,
    bool WholeLines = false)
{
    /// <summary>Whether a symbol's text shows its place in the word.</summary>
    public bool MarksPlaces => Prefix.Length + Suffix.Length > 0;
}

/// <summary>
/// Byte-pair encoding over characters (Sennrich et al. 2016, arXiv:1508.07909; GPT-1), and over whatever normalizers
/// and pre-tokenizers make of bytes and spaces: Llama 2, Gemma and Mistral as tokenizer.json describes them.
/// </summary>
sealed class CharacterBpe : BpeTokenizer
{
    /// <summary>Bits of a symbol's place in its word: behind other symbols, at the end.</summary>
    const int Inside = 1, Last = 2;

    readonly CharacterBpeOptions options;
    readonly Dictionary<Rune, int>[] symbols = [[], [], [], []];       // by place
    readonly int[] byteIds = new int[256];
    readonly TokenTable? wholeTokens;

    /// <param name="vocabulary">What each id stands for in text.</param>
    /// <param name="ids">The ids of tokens as they are merged.</param>
    /// <param name="merges">Ranked merges of those.</param>
    /// <param name="preTokenization">What is done to a text before merging.</param>
    /// <param name="special">Special and added tokens.</param>
    /// <param name="options">Everything else.</param>
    public CharacterBpe(
        Vocabulary vocabulary, Dictionary<string, int> ids, MergeTable merges,
        PreTokenization preTokenization, SpecialTokens special, CharacterBpeOptions options)
        : base(vocabulary, merges, preTokenization, special)
    {
        this.options = options;
        if (options.IgnoreMerges || options.WholeLines) wholeTokens = new();
        Array.Fill(byteIds, -1);
        foreach (var (token, id) in ids)
        {
            if (options.IgnoreMerges || token.All(c => c == '\n')) wholeTokens?.TryAdd(Encoding.UTF8.GetBytes(token), id);
            if (options.ByteFallback && SentencePieceText.TryByte(token, out byte b)) byteIds[b] = id;
            for (int place = 0; place < symbols.Length; place++)
                if (Character(token, place) is { } character) symbols[place].TryAdd(character, id);
        }
    }

    public override PrependScheme PrefixSpace => Spaces.Prefix;

    public override bool EndsWithSpace => Spaces.Suffix;

    /// <summary>The space at either end of a text that decoding removes.</summary>
    public (PrependScheme Prefix, bool Suffix) Spaces { get; init; }

    /// <summary>
    /// The one character that a token is at this place in a word; null if it is more than one, or stands elsewhere.
    /// </summary>
    Rune? Character(string token, int place)
    {
        string before = (place & Inside) != 0 ? options.Prefix : "", after = (place & Last) != 0 ? options.Suffix : "";
        bool marked = token.StartsWith(before, StringComparison.Ordinal) && token.EndsWith(after, StringComparison.Ordinal);
        if (!marked || token.Length <= before.Length + after.Length) return null;
        var middle = token.AsSpan(before.Length, token.Length - before.Length - after.Length);
        bool valid = Rune.DecodeFromUtf16(middle, out var rune, out int length) == OperationStatus.Done;
        return valid && length == middle.Length ? rune : null;
    }

    public override string Kind => "BPE";

    private protected override int FirstSymbols(ReadOnlySpan<byte> preToken, Span<int> to)
    {
        if (wholeTokens is { } whole && whole.TryGet(preToken, out to[0])) return 1;
        int count = 0, unknown = options.Unknown ?? VocabularySize;
        bool afterUnknown = false;
        for (int at = 0, length; at < preToken.Length; at += length)
        {
            Rune.DecodeFromUtf8(preToken[at..], out var rune, out length);
            int place = (at > 0 ? Inside : 0) | (at + length == preToken.Length ? Last : 0);
            bool known = symbols[place].TryGetValue(rune, out int symbol);
            if (known) to[count++] = symbol;
            else if (options.ByteFallback && TryBytes(preToken.Slice(at, length), to[count..]))
                (count, known) = (count + length, true);
            else if (!(afterUnknown && options.FuseUnknown)) to[count++] = unknown;
            afterUnknown = !known;
        }
        return count;
    }

    bool TryBytes(ReadOnlySpan<byte> utf8, Span<int> to)
    {
        for (int i = 0; i < utf8.Length; i++)
            if ((to[i] = byteIds[utf8[i]]) < 0) return false;
        return true;
    }

    /// <summary>The reference would silently drop such a character.</summary>
    private protected override void Unmerged(int symbol, IdBuffer ids) => throw new TokenizerException(
        "The text has a character for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, "
        + "nor an unknown token.");
}
