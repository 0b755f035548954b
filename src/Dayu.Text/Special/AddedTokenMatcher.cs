using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Finds added tokens in a text: the leftmost, and of those the longest. A trie, entered only where a first character
/// of some token stands, so that text without any is skipped at the speed of a vectorised search.
/// </summary>
sealed class AddedTokenMatcher
{
    /// <summary>
    /// The span of text that a token takes; without a token, the empty span at the end of the text. The search goes on
    /// behind the token's own text: as in the reference, white space that it takes too may still be a token.
    /// </summary>
    public readonly record struct Match(int Start, int End, int GoOn, AddedToken? Token);

    readonly Dictionary<(int Node, char Next), int> edges = [];
    readonly List<AddedToken?> accepts = [null];
    readonly SearchValues<char> first;

    public AddedTokenMatcher(IReadOnlyList<AddedToken> tokens)
    {
        var starts = new HashSet<char>();
        foreach (var token in tokens)
        {
            if (token.Text.Length is 0 or > AddedToken.MaxLength)
                throw new TokenizerException($"Added token {token.Id} has {token.Text.Length} characters; "
                    + $"1 to {AddedToken.MaxLength} were expected. The tokenizer file is damaged, or holds text in place of a token.");
            starts.Add(token.Text[0]);
            Add(token);
        }
        first = SearchValues.Create([.. starts]);
    }

    void Add(AddedToken token)
    {
        int node = 0;
        foreach (char c in token.Text)
        {
            if (!edges.TryGetValue((node, c), out int next))
            {
                edges[(node, c)] = next = accepts.Count;
                accepts.Add(null);
            }
            node = next;
        }
        accepts[node] ??= token;
    }

    /// <summary>
    /// The next added token. One that does not count where it stands is ordinary text, in which no shorter one is looked
    /// for.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to look first.</param>
    /// <param name="taken">Where the text begins that no token has taken; a token takes white space back to here.</param>
    /// <param name="control">Where control tokens count.</param>
    public Match Next(ReadOnlySpan<char> text, int from, int taken, ControlSpans control)
    {
        for (int at = from; at < text.Length;)
        {
            int skip = text[at..].IndexOfAny(first);
            if (skip < 0) break;
            at += skip;
            if (Longest(text, at) is not { } token) at++;
            else
            {
                int end = at + token.Text.Length;
                var match = WithWhiteSpace(text, taken, at, end, token);
                if (match.Start < match.End && Counts(token, text, at, end, control)) return match;
                at = end;
            }
        }
        return new(text.Length, text.Length, text.Length, null);
    }

    AddedToken? Longest(ReadOnlySpan<char> text, int at)
    {
        AddedToken? longest = null;
        for (int node = 0; at < text.Length && edges.TryGetValue((node, text[at]), out node); at++)
            longest = accepts[node] ?? longest;
        return longest;
    }

    static bool Counts(AddedToken token, ReadOnlySpan<char> text, int start, int end, ControlSpans control) =>
        (!token.Control || control.Contain(start, end)) && (!token.SingleWord || StandsAlone(text, start, end));

    static Match WithWhiteSpace(ReadOnlySpan<char> text, int taken, int start, int end, AddedToken token)
    {
        int goOn = end;
        if (token.LStrip)
        {
            while (start > taken && char.IsWhiteSpace(text[start - 1])) start--;
            start = Math.Max(start, taken);      // one that another token took whole is none
        }
        if (token.RStrip) while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return new(start, end, goOn, token);
    }

    static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out var before, out _);
        Rune.DecodeFromUtf16(text[end..], out var after, out _);
        return !IsWord(before) && !IsWord(after);
    }

    /// <summary>Unicode's <c>\w</c>. At either end of the text U+FFFD is decoded, which is no word character.</summary>
    static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D
        or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189)
        || Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
