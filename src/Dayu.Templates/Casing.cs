namespace Dayu.Templates;

/// <summary>Upper and lower case as Python and Jinja have them.</summary>
static class Casing
{
    /// <summary>Python's <c>upper</c>: the two letters it lengthens that texts have (ß, ŉ) included.</summary>
    public static AuthoredText Upper(Run run, AuthoredText text) => text.Map(run, Upper);

    static string Upper(string text) =>
        text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal).Replace("ŉ", "ʼN", StringComparison.Ordinal);

    public static AuthoredText Lower(Run run, AuthoredText text)
    {
        run.Charge(text.Size);
        return text.Respelled(text.Text.ToLowerInvariant());
    }

    /// <summary>Python's <c>casefold</c>.</summary>
    public static AuthoredText Fold(Run run, AuthoredText text) =>
        text.Map(run, s => s.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal));

    public static AuthoredText Swap(Run run, AuthoredText text) =>
        Each(run, text, (s, i) => char.IsUpper(s[i]) ? char.ToLowerInvariant(s[i]) : char.ToUpperInvariant(s[i]));

    /// <summary>First letter upper case, the others lower.</summary>
    public static AuthoredText Capitalize(Run run, AuthoredText text)
    {
        int first = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : Math.Min(1, text.Length);
        return new TextBuilder(run).Append(Upper(run, text[..first])).Append(Lower(run, text[first..])).ToText();
    }

    /// <summary>Python's <c>title</c>: letters after a non-letter upper case, the others lower.</summary>
    public static AuthoredText Title(Run run, AuthoredText text) =>
        Each(run, text, (s, i) => i > 0 && char.IsLetter(s[i - 1]) ? char.ToLowerInvariant(s[i]) : char.ToUpperInvariant(s[i]));

    /// <summary>Jinja's <c>title</c>: a word begins after white space, a hyphen or an opening bracket only.</summary>
    public static AuthoredText JinjaTitle(Run run, AuthoredText text) =>
        Each(run, text, (s, i) => i == 0 || BeginsWord(s[i - 1]) ? char.ToUpperInvariant(s[i]) : char.ToLowerInvariant(s[i]));

    static bool BeginsWord(char before) => Runes.IsSpace(before) || before is '-' or '(' or '{' or '[' or '<';

    static AuthoredText Each(Run run, AuthoredText text, Func<string, int, char> change)
    {
        run.Charge(text.Size);
        return text.Respelled(string.Create(text.Length, text.Text, (to, from) =>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = change(from, i);
        }));
    }
}
