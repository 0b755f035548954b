namespace Dayu.Templates;

/// <summary>
/// Strings as Python counts them: by code point, where .NET counts UTF-16 units. Plain text, which has no pairs, takes
/// the short way.
/// </summary>
static class Runes
{
    static bool Plain(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    /// <summary>How many UTF-16 units the code point at <paramref name="i"/> has.</summary>
    static int Units(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;

    public static int Length(string text)
    {
        int pairs = 0;
        for (int i = 0; i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                (pairs, i) = (pairs + 1, i + 1);
        return text.Length - pairs;
    }

    public static IEnumerable<AuthoredText> Split(AuthoredText text)
    {
        for (int i = 0, n; i < text.Length; i += n)
            yield return text.Slice(i, n = Units(text.Text, i));
    }

    /// <summary>The code point at an index, from the end when negative; null when there is none.</summary>
    public static AuthoredText? At(AuthoredText text, int index)
    {
        int length = Length(text.Text);
        index = index < 0 ? index + length : index;
        if (index < 0 || index >= length)
            return null;
        int at = Offset(text.Text, index);
        return text.Slice(at, Units(text.Text, at));
    }

    /// <summary>The UTF-16 position where the code point of this index begins.</summary>
    public static int Offset(string text, int index)
    {
        if (Plain(text))
            return Math.Min(index, text.Length);
        int at = 0;
        for (; index > 0 && at < text.Length; index--)
            at += Units(text, at);
        return at;
    }

    /// <summary>Python's <c>isspace</c>, which also counts the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>Python's order of strings: by code point.</summary>
    public static int Compare(string a, string b)
    {
        int i = a.AsSpan().CommonPrefixLength(b);
        if (i == a.Length || i == b.Length)
            return a.Length.CompareTo(b.Length);
        bool pairA = char.IsSurrogate(a[i]), pairB = char.IsSurrogate(b[i]);
        return pairA != pairB ? pairA.CompareTo(pairB) : a[i].CompareTo(b[i]);
    }
}
