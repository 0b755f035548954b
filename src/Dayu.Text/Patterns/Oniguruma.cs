using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Translates the regular expressions of tokenizer.json, which the reference hands to Oniguruma (Ruby's syntax), to
/// .NET's: possessive quantifiers become atomic groups, <c>\h</c> is a hexadecimal digit, <c>&amp;&amp;</c> a
/// subtraction, <c>\w</c> and scripts are written out. What cannot be translated exactly is refused.
/// </summary>
sealed class Oniguruma
{
    /// <summary>More characters than any tokenizer's pattern has.</summary>
    const int MaxLength = 8192;

    readonly string pattern;
    readonly StringBuilder to = new();
    readonly Stack<(int Start, bool IgnoreCase)> groups = [];
    int at, atom = -1;
    bool ignoreCase;

    Oniguruma(string pattern) => this.pattern = pattern;

    /// <summary>The characters and scripts that the pattern names.</summary>
    public CharacterSet Named { get; } = new();

    /// <summary>The pattern for .NET, and the characters and scripts that it names.</summary>
    /// <exception cref="TokenizerException">
    /// It has a construct that is not known here; the message says which, and where.
    /// </exception>
    public static (string Pattern, CharacterSet Named) Translate(string pattern)
    {
        var translation = new Oniguruma(pattern);
        if (pattern.Length > MaxLength) throw translation.Unknown($"{pattern.Length} characters");
        while (translation.at < pattern.Length) translation.Next();
        return (translation.to.ToString(), translation.Named);
    }

    void Next()
    {
        char c = pattern[at];
        switch (c)
        {
            case '\\': Escape(); break;
            case '[': Emit(BracketExpression.Translate(pattern, ref at, ignoreCase, Named)); break;
            case '(': Open(); break;
            case ')':
                at++;
                to.Append(')');
                if (groups.TryPop(out var group)) (atom, ignoreCase) = group;
                break;
            case '|': Plain(-1); break;
            case '^' or '$' or '.': Plain(to.Length); break;
            case '*' or '+' or '?': Quantifier($"{pattern[at++]}", interval: false); break;
            case '{' when Interval() is { } interval: Quantifier(interval, interval: true); break;
            default:
                if (char.IsSurrogate(c)) throw Unknown("a character beyond U+FFFF");
                at++;
                Literal(c);
                break;
        }
    }

    void Plain(int newAtom)
    {
        to.Append(pattern[at++]);
        atom = newAtom;
    }

    void Emit(string text)
    {
        atom = to.Length;
        to.Append(text);
    }

    void Literal(int character)
    {
        var set = new CharacterSet();
        set.Add(character, character, ignoreCase);
        Named.Add(set);
        Emit($"[{set.Text}]");
    }

    void Escape()
    {
        if (at + 1 >= pattern.Length) throw Unknown("a backslash at the end");
        switch (pattern[at + 1])
        {
            case 'A' or 'z' or 'Z' or 'G':
                Emit(pattern.Substring(at, 2));
                at += 2;
                break;
            case 'b':
                Emit($"(?:(?<=[{Properties.Word}])(?![{Properties.Word}])|(?<![{Properties.Word}])(?=[{Properties.Word}]))");
                at += 2;
                break;
            case 'R':
                Emit(@"(?>\r\n|[\n-\r\u0085\u2028\u2029])");
                at += 2;
                break;
            case >= '1' and <= '9' or 'B' or 'K' or 'X' or 'k' or 'g' or 'y' or 'Y' or 'N' or 'O' or 'M' or 'C' or 'c':
                throw Unknown(pattern.Substring(at, 2));
            default:
                var set = new CharacterSet();
                var escape = CharacterEscape.Read(pattern, ref at, out bool negated);
                escape.AddTo(set, ignoreCase);
                Named.Add(set);
                Emit($"[{(negated ? "^" : "")}{set.Text}]");
                break;
        }
    }

    void Open()
    {
        string rest = pattern[at..Math.Min(pattern.Length, at + 4)];
        bool outer = ignoreCase;
        foreach (string known in (ReadOnlySpan<string>)["(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"])
            if (rest.StartsWith(known, StringComparison.Ordinal))
            {
                Begin(known, known.Length, outer);
                return;
            }
        if (rest.StartsWith("(?", StringComparison.Ordinal)) Options();
        else Begin("(?:", 1, outer);       // groups need not capture: nothing that is translated refers to one
    }

    void Begin(string opening, int length, bool outer)
    {
        groups.Push((to.Length, outer));
        to.Append(opening);
        (at, atom) = (at + length, -1);
    }

    /// <summary>
    /// <c>(?i)</c>, <c>(?i:…)</c>, <c>(?-i:…)</c>, <c>(?m:…)</c>, which here lets a dot match line feeds.
    /// </summary>
    void Options()
    {
        int end = pattern.AsSpan(at).IndexOfAny(')', ':') is >= 0 and var length ? at + length : throw Unknown("an open group");
        string options = pattern[(at + 2)..end];
        bool outer = ignoreCase;
        if (options.Any(o => o is not ('i' or 'm' or '-'))) throw Unknown(pattern[at..(end + 1)]);
        int minus = options.IndexOf('-', StringComparison.Ordinal), i = options.LastIndexOf('i');
        if (i >= 0) ignoreCase = minus < 0 || i < minus;
        string translated = "(?" + options.Replace('m', 's');
        if (pattern[end] == ':') Begin(translated + ":", end + 1 - at, outer);
        else
        {
            to.Append(translated).Append(')');
            (at, atom) = (end + 1, -1);
        }
    }

    /// <summary>
    /// Writes a quantifier, and puts what it repeats with it into a group: an atomic one for possessive quantifiers.
    /// </summary>
    void Quantifier(string quantifier, bool interval)
    {
        if (atom < 0) throw Unknown($"'{quantifier}' with nothing before it");
        to.Append(quantifier);
        char next = at < pattern.Length ? pattern[at] : '\0';
        if (next == '?' && !(interval && quantifier.IndexOf(',', StringComparison.Ordinal) < 0))
        {
            at++;
            to.Append('?');
        }
        else if (next == '+' && !interval)
        {
            at++;
            Wrap("(?>");
            return;
        }
        Wrap("(?:");
    }

    void Wrap(string opening) => to.Insert(atom, opening).Append(')');

    /// <summary>{n}, {n,}, {,m} or {n,m}; otherwise a brace is a brace.</summary>
    string? Interval()
    {
        int end = pattern.IndexOf('}', at);
        var bounds = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
        if (bounds.Length is < 1 or > 2 || bounds.All(b => b.Length == 0)) return null;
        if (bounds.Any(b => !b.All(char.IsAsciiDigit))) return null;
        if (bounds.Any(b => b.Length > 0 && !IsBound(b))) throw Unknown(pattern[at..(end + 1)]);
        at = end + 1;
        if (bounds.Length == 1) return $"{{{bounds[0]}}}";
        string least = bounds[0].Length == 0 ? "0" : bounds[0];
        return $"{{{least},{bounds[1]}}}";
    }

    static bool IsBound(string text) => int.TryParse(text, NumberStyles.None, null, out int bound) && bound <= 100_000;

    TokenizerException Unknown(string what) => CharacterEscape.Unknown(pattern, at, what);
}
