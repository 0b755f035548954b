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
    /// The span of text that a token matches; without a token, the empty span at the end of the text.
    /// </summary>
    public readonly record struct Match(int Start, int End, AddedToken? Token);

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

    /// <summary>The next added token at or after <paramref name="from"/>.</summary>
    public Match Next(ReadOnlySpan<char> text, int from, ControlSpans control)
    {
        for (int at = from; at < text.Length; at++)
        {
            int skip = text[at..].IndexOfAny(first);
            if (skip < 0) break;
            at += skip;
            if (Longest(text, at, control) is { } token) return WithWhiteSpace(text, from, at, token);
        }
        return new(text.Length, text.Length, null);
    }

    AddedToken? Longest(ReadOnlySpan<char> text, int at, ControlSpans control)
    {
        AddedToken? longest = null;
        for (int node = 0, end = at; end < text.Length && edges.TryGetValue((node, text[end]), out node);)
        {
            end++;
            if (accepts[node] is not { } token) continue;
            if (token.Control && !control.Contain(at, end)) continue;
            if (!token.SingleWord || StandsAlone(text, at, end)) longest = token;
        }
        return longest;
    }

    static Match WithWhiteSpace(ReadOnlySpan<char> text, int from, int start, AddedToken token)
    {
        int end = start + token.Text.Length;
        if (token.LStrip) while (start > from && char.IsWhiteSpace(text[start - 1])) start--;
        if (token.RStrip) while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return new(start, end, token);
    }

    static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out var before, out _);
        Rune.DecodeFromUtf16(text[end..], out var after, out _);
        return !IsWord(before) && !IsWord(after);
    }

    /// <summary>Unicode's <c>\w</c>. At either end of the text U+FFFD is decoded, which is no word character.</summary>
    static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
