using System.Globalization;

namespace Dayu.Text;

/// <summary>
/// An escape that stands for characters in a regular expression of Oniguruma's: for one character, a class, or a
/// script.
/// </summary>
readonly record struct CharacterEscape(int? Character, string? Class, string? Script)
{
    /// <param name="pattern">The regular expression.</param>
    /// <param name="at">Where the backslash stands; moves past the escape.</param>
    /// <param name="negated">Whether all other characters are meant.</param>
    public static CharacterEscape Read(string pattern, ref int at, out bool negated)
    {
        negated = false;
        if (at + 1 >= pattern.Length) throw Unknown(pattern, at, "a backslash at the end");
        char c = pattern[at + 1];
        int start = at;
        at += 2;
        switch (c)
        {
            case 'd' or 'D' or 's' or 'S': return OfClass($@"\{c}");
            case 'w' or 'W':
                negated = c == 'W';
                return OfClass(Properties.Word);
            case 'h' or 'H':
                negated = c == 'H';
                return OfClass("0-9A-Fa-f");
            case 'p' or 'P': return Property(pattern, ref at, start, c == 'P', out negated);
            case 'x' or 'u': return One(Hexadecimal(pattern, ref at, start, c));
            case 'n': return One('\n');
            case 'r': return One('\r');
            case 't': return One('\t');
            case 'f': return One('\f');
            case 'v': return One('\v');
            case 'a': return One('\a');
            case 'e': return One(0x1B);
            case '0': return One(0);
            default:
                if (char.IsAsciiLetterOrDigit(c) || char.IsSurrogate(c)) throw Unknown(pattern, start, $@"\{c}");
                return One(c);
        }
    }

    /// <summary>Adds the characters to a set; negation is for the caller.</summary>
    public void AddTo(CharacterSet set, bool ignoreCase)
    {
        if (Character is { } c) set.Add(c, c, ignoreCase);
        else if (Class is not null) set.AddEscape(Class);
        else set.AddScript(Script!);
    }

    static CharacterEscape One(int character) => new(character, null, null);

    static CharacterEscape OfClass(string text) => new(null, text, null);

    static CharacterEscape Property(string pattern, ref int at, int start, bool negated, out bool isNegated)
    {
        int end = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        if (end < 0) throw Unknown(pattern, start, @"\p without a name in braces");
        string name = pattern[(at + 1)..end];
        at = end + 1;
        if (name.StartsWith('^')) (negated, name) = (!negated, name[1..]);
        isNegated = false;
        if (Properties.Find(name) is not { } inside)
        {
            isNegated = negated;
            return Scripts.Ranges(name).Any() ? new(null, null, name) : throw Unknown(pattern, start, $"the property '{name}'");
        }
        if (negated && IsOneProperty(inside)) return OfClass(@"\P" + inside[2..]);
        isNegated = negated;
        return OfClass(inside);
    }

    /// <summary>Whether a class is a single <c>\p{…}</c>, of which <c>\P{…}</c> is the negation.</summary>
    static bool IsOneProperty(string inside) =>
        inside.StartsWith(@"\p{", StringComparison.Ordinal) && inside.IndexOf('}', StringComparison.Ordinal) == inside.Length - 1;

    /// <summary>\x{1F600}, \x41, \u0041. Characters beyond U+FFFF are refused: .NET sees them as two.</summary>
    static int Hexadecimal(string pattern, ref int at, int start, char kind)
    {
        bool braces = kind == 'x' && at < pattern.Length && pattern[at] == '{';
        int end = braces ? pattern.IndexOf('}', at) : Math.Min(pattern.Length, at + (kind == 'x' ? 2 : 4));
        string digits = end < 0 ? "" : pattern[(braces ? at + 1 : at)..end];
        bool isNumber = int.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out int character);
        if (!isNumber || character is < 0 or > char.MaxValue) throw Unknown(pattern, start, $"the character {digits}");
        at = braces ? end + 1 : end;
        return character;
    }

    public static TokenizerException Unknown(string pattern, int at, string what)
    {
        string shown = pattern.Length > 300 ? pattern[..300] + "…" : pattern;
        return new($"regular expression {shown}, place {at}: {what} is not known here, or cannot be expressed in .NET's. "
            + "Ignoring it would silently give wrong ids.");
    }
}
