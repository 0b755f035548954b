using System.Globalization;

namespace Dayu.Templates;

/// <summary>Strings as Python's <c>repr</c> writes them.</summary>
static class Repr
{
    public static void Text(TextBuilder to, string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        to.Append(quote);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]);
            if (c == quote || c == '\\')
                to.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t')
                to.Append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            else if (Printable(pair ? CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(c, text[i + 1])) : CharUnicodeInfo.GetUnicodeCategory(c)) || c == ' ')
                to.Append(text.AsSpan(i, pair ? 2 : 1));
            else if (pair)
                to.Append($"\\U{char.ConvertToUtf32(c, text[i + 1]):x8}");
            else
                to.Append(c < 0x100 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}");
            i += pair ? 1 : 0;
        }
        to.Append(quote);
    }

    static bool Printable(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
