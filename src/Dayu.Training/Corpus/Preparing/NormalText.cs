using System.Globalization;
using System.Text;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// A text as all texts of a corpus are written: Unicode's form C, lines that end in \n and in no spaces, at most one empty line between
/// two, no characters that are invisible or command a terminal.
/// </summary>
public static class NormalText
{
    /// <summary>The text so; empty: nothing is left of it.</summary>
    public static string Of(string text)
    {
        var (plain, spaces, breaks) = (new StringBuilder(text.Length), new StringBuilder(), 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085' or '\f' or '\v')
            {
                if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
                spaces.Clear();
                breaks++;
            }
            else if (c is ' ' or '\t') spaces.Append(c);
            else if (!IsDropped(c)) Put(c, i);
        }
        return UnicodeText.Nfc(plain.ToString());

        void Put(char c, int i)
        {
            if (plain.Length > 0 && breaks > 0) plain.Append('\n', Math.Min(breaks, 2));
            plain.Append(spaces);
            spaces.Clear();
            breaks = 0;
            var lone = char.IsHighSurrogate(c) && !(i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                || char.IsLowSurrogate(c) && !(i > 0 && char.IsHighSurrogate(text[i - 1]));
            plain.Append(lone ? '\uFFFD' : c);
        }
    }

    /// <summary>Control characters, byte-order marks, soft hyphens, and what Unicode says is no character.</summary>
    static bool IsDropped(char c) =>
        c is '\uFEFF' or '\u00AD' or '\uFFFE' or '\uFFFF' || char.GetUnicodeCategory(c) == UnicodeCategory.Control;
}
