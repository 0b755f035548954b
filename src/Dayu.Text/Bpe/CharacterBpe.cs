using System.Text;

namespace Dayu.Text;

/// <summary>What a <see cref="CharacterBpe"/> does apart from merging.</summary>
/// <param name="Prefix">What a symbol begins with that is not the first of its word (<c>##</c>); else empty.</param>
/// <param name="Suffix">What the last symbol of a word ends with (<c>&lt;/w></c>); else empty.</param>
/// <param name="ByteFallback">Whether a character without a token becomes its bytes, <c>&lt;0xE4></c>.</param>
/// <param name="Unknown">The id of any other such character; null if there is none.</param>
/// <param name="FuseUnknown">Whether several in a row become one.</param>
/// <param name="WholePieces">Whether a piece that is a token is that token, whatever merging would give.</param>
sealed record CharacterBpeOptions(string Prefix = "", string Suffix = "", bool ByteFallback = false, int? Unknown = null, bool FuseUnknown = false, bool WholePieces = false);

/// <summary>
/// Byte-pair encoding over characters (Sennrich et al. 2016, arXiv:1508.07909; GPT-1), and over whatever normalizers and pre-tokenizers make of bytes and spaces: Llama 2, Gemma and Mistral as
/// tokenizer.json describes them.
/// </summary>
public sealed class CharacterBpe : BpeTokenizer
{
    const int Inside = 1, Last = 2;

    readonly CharacterBpeOptions options;
    readonly Dictionary<Rune, int>[] symbols = [[], [], [], []];
    readonly int[] byteIds = new int[256];
    readonly TokenTable? wholePieces;

    /// <param name="vocabulary">What each id stands for in text.</param> <param name="ids">Tokens as they are merged.</param> <param name="merges">Ranked merges of those.</param>
    /// <param name="preTokenization">What comes before.</param> <param name="special">Special and added tokens.</param> <param name="options">Everything else.</param>
    internal CharacterBpe(Vocabulary vocabulary, Dictionary<string, int> ids, MergeTable merges, PreTokenization preTokenization, SpecialTokens special, CharacterBpeOptions options) : base(vocabulary, merges, preTokenization, special)
    {
        this.options = options;
        if (options.WholePieces) wholePieces = new();
        Array.Fill(byteIds, -1);
        foreach (var (token, id) in ids)
        {
            wholePieces?.TryAdd(Encoding.UTF8.GetBytes(token), id);
            if (options.ByteFallback && TokenizerJsonDecoder.TryByte(token, out byte b)) byteIds[b] = id;
            for (int place = 0; place < symbols.Length; place++)
                if (Character(token, place) is { } character) symbols[place].TryAdd(character, id);
        }
    }

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => Spaces.First;

    /// <inheritdoc/>
    public override bool EndsWithSpace => Spaces.Last;

    /// <summary>What decoding does to the space at either end.</summary>
    internal (PrependScheme First, bool Last) Spaces { get; init; }

    /// <summary>The one character that a token is, at this place in a word; null if it is more, or stands elsewhere.</summary>
    Rune? Character(string token, int place)
    {
        string before = (place & Inside) != 0 ? options.Prefix : "", after = (place & Last) != 0 ? options.Suffix : "";
        if (token.Length <= before.Length + after.Length || !token.StartsWith(before, StringComparison.Ordinal) || !token.EndsWith(after, StringComparison.Ordinal)) return null;
        var middle = token.AsSpan(before.Length, token.Length - before.Length - after.Length);
        return Rune.DecodeFromUtf16(middle, out var rune, out int length) == System.Buffers.OperationStatus.Done && length == middle.Length ? rune : null;
    }

    /// <inheritdoc/>
    public override string Kind => "BPE";

    private protected override int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> to)
    {
        if (wholePieces is { } whole && whole.TryGet(piece, out to[0])) return 1;
        int count = 0, unknown = options.Unknown ?? VocabularySize;
        bool afterUnknown = false;
        for (int at = 0, length; at < piece.Length; at += length)
        {
            Rune.DecodeFromUtf8(piece[at..], out var rune, out length);
            int place = (at > 0 ? Inside : 0) | (at + length == piece.Length ? Last : 0);
            bool known = symbols[place].TryGetValue(rune, out int symbol);
            if (known) to[count++] = symbol;
            else if (options.ByteFallback && Bytes(piece.Slice(at, length), to[count..])) (count, known) = (count + length, true);
            else if (!(afterUnknown && options.FuseUnknown)) to[count++] = unknown;
            afterUnknown = !known;
        }
        return count;
    }

    bool Bytes(ReadOnlySpan<byte> utf8, Span<int> to)
    {
        for (int i = 0; i < utf8.Length; i++)
            if ((to[i] = byteIds[utf8[i]]) < 0) return false;
        return true;
    }

    /// <summary>The reference would drop such a character without a word.</summary>
    private protected override void Unmerged(int symbol, IdBuffer ids) => throw new TokenizerException(
        "The text has a character for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, nor an unknown token.");
}
