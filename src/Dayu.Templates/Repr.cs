using System.Globalization;

namespace Dayu.Templates;

/// <summary>
/// Strings as Python's <c>repr</c> writes them. An escape is by the author of the character it stands for.
/// </summary>
static class Repr
{
    public static void Text(TextBuilder to, AuthoredText text)
    {
        string s = text.Text;
        char quote = s.Contains('\'', StringComparison.Ordinal) && !s.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        to.Append(quote);
        int done = 0;
        for (int i = 0, n; i < s.Length; i += n)
        {
            n = i + 1 < s.Length && char.IsSurrogatePair(s[i], s[i + 1]) ? 2 : 1;
            if (Escape(s, i, n, quote) is not { } escape)
                continue;
            to.Append(text, done, i - done).Append(escape, text.AuthorAt(i));
            done = i + n;
        }
        to.Append(text, done, s.Length - done).Append(quote);
    }

    /// <summary>
    /// How the character of <paramref name="n"/> UTF-16 units at <paramref name="i"/> is escaped; null: it stands for
    /// itself.
    /// </summary>
    static string? Escape(string s, int i, int n, char quote)
    {
        char c = s[i];
        if (c == quote || c == '\\')
            return $"\\{c}";
        if (c is '\n' or '\r' or '\t')
            return c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        int code = n == 2 ? char.ConvertToUtf32(c, s[i + 1]) : c;
        if (c == ' ' || IsPrintable(n == 2 ? CharUnicodeInfo.GetUnicodeCategory(code) : CharUnicodeInfo.GetUnicodeCategory(c)))
            return null;
        return code < 0x100 ? $"\\x{code:x2}" : code < 0x10000 ? $"\\u{code:x4}" : $"\\U{code:x8}";
    }

    static bool IsPrintable(UnicodeCategory category) => category is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
