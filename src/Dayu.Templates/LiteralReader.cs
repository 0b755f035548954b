using System.Globalization;
using System.Text;

namespace Dayu.Templates;

/// <summary>Numbers and strings as they are written in a template: Python's spelling.</summary>
static class LiteralReader
{
    const int LastCharacter = 0x10FFFF;

    /// <summary>An integer in any of Python's bases, or a float; underscores between digits are dropped.</summary>
    public static (TokenKind Kind, string Text, int End) Number(string source, int start)
    {
        int end = start;
        if (HasBase(source, start))
        {
            end = start + 2;
            while (end < source.Length && (char.IsAsciiHexDigit(source[end]) || source[end] == '_'))
                end++;
            return (TokenKind.Integer, source[start..end].Replace("_", "", StringComparison.Ordinal), end);
        }
        end = Digits(source, start);
        bool isFloat = false;
        if (!(start > 0 && source[start - 1] == '.'))                        // after a dot it is an index: x.0.1
        {
            if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
                (isFloat, end) = (true, Digits(source, end + 1));
            int exponent = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (end < source.Length && source[end] is 'e' or 'E' && exponent < source.Length && char.IsAsciiDigit(source[exponent]))
                (isFloat, end) = (true, Digits(source, exponent));
        }
        return (isFloat ? TokenKind.Float : TokenKind.Integer, source[start..end].Replace("_", "", StringComparison.Ordinal), end);
    }

    /// <summary>Whether <c>0x</c>, <c>0o</c> or <c>0b</c> with a digit stands here.</summary>
    static bool HasBase(string source, int i) => source[i] == '0' && i + 2 < source.Length
        && (source[i + 1] | 32) is 'x' or 'o' or 'b' && char.IsAsciiHexDigit(source[i + 2]);

    static int Digits(string source, int i)
    {
        while (IsDigit(i) || i < source.Length && source[i] == '_' && IsDigit(i + 1))
            i++;
        return i;

        bool IsDigit(int at) => at < source.Length && char.IsAsciiDigit(source[at]);
    }

    /// <summary>
    /// A quoted string, its escapes resolved; an escape that Python does not know keeps its backslash.
    /// </summary>
    public static (TokenKind Kind, string Text, int End) String(string source, int start, Func<string, TemplateException> error)
    {
        char quote = source[start];
        var text = new StringBuilder();
        for (int i = start + 1; i < source.Length; i++)
        {
            if (source[i] == quote)
                return (TokenKind.String, text.ToString(), i + 1);
            if (source[i] != '\\' || i + 1 == source.Length)
                text.Append(source[i]);
            else
                i = Escape(source, i + 1, text, error);
        }
        throw error($"a string that is never closed by {quote}");
    }

    /// <summary>
    /// Appends the escape whose letter stands at <paramref name="i"/>; returns the position of its last character.
    /// </summary>
    static int Escape(string source, int i, StringBuilder text, Func<string, TemplateException> error)
    {
        switch (source[i])
        {
            case '\n': return i;
            case '\\' or '\'' or '"': text.Append(source[i]); return i;
            case 'n': text.Append('\n'); return i;
            case 't': text.Append('\t'); return i;
            case 'r': text.Append('\r'); return i;
            case 'a': text.Append('\a'); return i;
            case 'b': text.Append('\b'); return i;
            case 'f': text.Append('\f'); return i;
            case 'v': text.Append('\v'); return i;
            case 'x': return Hex(source, i, 2, text, error);
            case 'u': return Hex(source, i, 4, text, error);
            case 'U': return Hex(source, i, 8, text, error);
            case 'N': throw error("the escape \\N{…}; write the character itself");
            case >= '0' and <= '7':
                int end = i, value = 0;
                while (end < source.Length && end < i + 3 && source[end] is >= '0' and <= '7')
                    value = value * 8 + source[end++] - '0';
                text.Append((char)value);
                return end - 1;
            default: text.Append('\\').Append(source[i]); return i;
        }
    }

    static int Hex(string source, int i, int digits, StringBuilder text, Func<string, TemplateException> error)
    {
        int value = 0;
        var hex = source.AsSpan(i + 1, Math.Min(digits, source.Length - i - 1));
        bool whole = i + digits < source.Length && int.TryParse(hex, NumberStyles.AllowHexSpecifier, null, out value);
        if (!whole || value is < 0 or > LastCharacter)
            throw error($"the escape \\{source[i]} without {digits} hexadecimal digits of a character");
        if (value > 0xFFFF)
            text.Append(char.ConvertFromUtf32(value));
        else
            text.Append((char)value);
        return i + digits;
    }
}
