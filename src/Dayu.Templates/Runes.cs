namespace Dayu.Templates;

/// <summary>Strings as Python counts them: by code point, where .NET counts UTF-16 units. Plain text, which has no pairs, takes the short way.</summary>
static class Runes
{
    static bool Plain(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    public static int Length(string text)
    {
        int pairs = 0;
        for (int i = 0; i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                (pairs, i) = (pairs + 1, i + 1);
        return text.Length - pairs;
    }

    public static IEnumerable<string> Split(string text)
    {
        for (int i = 0, n; i < text.Length; i += n)
            yield return text.Substring(i, n = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1);
    }

    /// <summary>The code point at an index, from the end when negative; null when there is none.</summary>
    public static string? At(string text, int index)
    {
        int length = Length(text);
        index = index < 0 ? index + length : index;
        return index < 0 || index >= length ? null : Plain(text) ? text.Substring(index, 1) : Split(text).ElementAt(index);
    }

    /// <summary>The UTF-16 position where the code point of this index begins.</summary>
    public static int Offset(string text, int index) => Plain(text) ? Math.Min(index, text.Length) : Split(text).Take(index).Sum(rune => rune.Length);

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

    /// <summary>Python's <c>upper</c>: the two letters it lengthens that texts have (ß, ŉ) included.</summary>
    public static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal).Replace("ŉ", "ʼN", StringComparison.Ordinal);

    /// <summary>First letter upper case, the others lower.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0)
            return text;
        int first = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;
        return Upper(text[..first]) + text[first..].ToLowerInvariant();
    }

    /// <summary>Letters after a non-letter upper case, the others lower.</summary>
    public static string Title(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = i > 0 && char.IsLetter(from[i - 1]) ? char.ToLowerInvariant(from[i]) : char.ToUpperInvariant(from[i]);
    });
}
