namespace Dayu.Text;

/// <summary>
/// Translates a bracket expression of Oniguruma's: <c>[^\s\p{L}]</c>, <c>[a[bc]]</c> (a union),
/// <c>[\p{L}&amp;&amp;[^\p{Han}]]</c> (an intersection, which .NET writes as a subtraction).
/// </summary>
static class BracketExpression
{
    /// <param name="pattern">The regular expression.</param>
    /// <param name="at">Where the bracket stands; moves past its end.</param>
    /// <param name="ignoreCase">Whether case is ignored here.</param>
    /// <param name="named">Receives the characters and scripts that it names.</param>
    public static string Translate(string pattern, ref int at, bool ignoreCase, CharacterSet named)
    {
        int start = at;
        var set = Read(pattern, ref at, ignoreCase, depth: 0, out bool negated, out var minus, out bool minusNegated);
        named.Add(set);
        if (minus is null) return $"[{(negated ? "^" : "")}{set.Text}]";
        if (negated) throw CharacterEscape.Unknown(pattern, start, "&& in a negated bracket expression");
        named.Add(minus);
        return $"[{set.Text}-[{(minusNegated ? "^" : "")}{minus.Text}]]";
    }

    /// <summary>
    /// Reads the characters up to the closing bracket, and into <paramref name="minus"/> what &amp;&amp; takes from
    /// them.
    /// </summary>
    static CharacterSet Read(
        string pattern, ref int at, bool ignoreCase, int depth, out bool negated, out CharacterSet? minus, out bool minusNegated)
    {
        var set = new CharacterSet();
        int start = at++;
        (minus, minusNegated) = (null, false);
        negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        for (bool begins = true; ; begins = false)
        {
            if (at >= pattern.Length) throw CharacterEscape.Unknown(pattern, start, "an open bracket");
            if (pattern[at] == ']' && !begins)
            {
                at++;
                return set;
            }
            if (pattern.AsSpan(at).StartsWith("&&"))
            {
                if (depth > 0) throw CharacterEscape.Unknown(pattern, at, "&& in a bracket expression within another");
                at += 2;
                minus = Intersection(pattern, ref at, ignoreCase, out minusNegated);
                return set;
            }
            if (pattern.AsSpan(at).StartsWith("[:")) Posix(pattern, ref at, set);
            else if (pattern[at] == '[') Union(pattern, ref at, ignoreCase, depth, set);
            else Range(pattern, ref at, ignoreCase, set);
        }
    }

    /// <summary>
    /// Reads what comes after &amp;&amp;, up to the closing bracket of the whole, as what must be subtracted:
    /// [a&amp;&amp;[^b]] is a without b.
    /// </summary>
    static CharacterSet Intersection(string pattern, ref int at, bool ignoreCase, out bool negated)
    {
        int start = at;
        if (at >= pattern.Length || pattern[at] != '[')
            throw CharacterEscape.Unknown(pattern, at, "&& without a bracket expression after it");
        var set = Read(pattern, ref at, ignoreCase, depth: 1, out bool itselfNegated, out _, out _);
        if (at >= pattern.Length || pattern[at] != ']')
            throw CharacterEscape.Unknown(pattern, start, "more than one bracket expression after &&");
        at++;
        negated = !itselfNegated;
        return set;
    }

    static void Union(string pattern, ref int at, bool ignoreCase, int depth, CharacterSet set)
    {
        int start = at;
        if (depth >= 8) throw CharacterEscape.Unknown(pattern, at, "a bracket expression so deep");
        var inner = Read(pattern, ref at, ignoreCase, depth + 1, out bool negated, out _, out _);
        if (negated) throw CharacterEscape.Unknown(pattern, start, "a negated bracket expression within another");
        set.Add(inner);
    }

    static void Posix(string pattern, ref int at, CharacterSet set)
    {
        int end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
        string name = end < 0 ? "" : pattern[(at + 2)..end];
        if (name.Length <= 2 || Properties.Find(name) is not { } inside)
            throw CharacterEscape.Unknown(pattern, at, $"[:{name}:]");
        set.AddEscape(inside);
        at = end + 2;
    }

    /// <summary>One character, a class, or a range of characters.</summary>
    static void Range(string pattern, ref int at, bool ignoreCase, CharacterSet set)
    {
        int start = at;
        var first = Item(pattern, ref at);
        if (first.Character is null || !IsRange(pattern, at))
        {
            first.AddTo(set, ignoreCase);
            return;
        }
        at++;
        if (Item(pattern, ref at).Character is not { } last || last < first.Character)
            throw CharacterEscape.Unknown(pattern, start, $"the range {pattern[start..at]}");
        set.Add(first.Character.Value, last, ignoreCase);
    }

    /// <summary>Whether a hyphen and the last character of a range follow.</summary>
    static bool IsRange(string pattern, int at)
    {
        if (at + 1 >= pattern.Length || pattern[at] != '-') return false;
        return pattern[at + 1] is not (']' or '[') && !pattern.AsSpan(at + 1).StartsWith("&&");
    }

    static CharacterEscape Item(string pattern, ref int at)
    {
        if (char.IsSurrogate(pattern[at])) throw CharacterEscape.Unknown(pattern, at, "a character beyond U+FFFF");
        if (pattern[at] != '\\') return new(pattern[at++], null, null);
        if (at + 1 < pattern.Length && pattern[at + 1] == 'b')
        {
            at += 2;
            return new('\b', null, null);
        }
        int start = at;
        var escape = CharacterEscape.Read(pattern, ref at, out bool negated);
        return negated ? throw CharacterEscape.Unknown(pattern, start, $"{pattern[start..at]} in a bracket expression") : escape;
    }
}
