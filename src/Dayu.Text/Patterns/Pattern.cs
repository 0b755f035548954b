namespace Dayu.Text;

/// <summary>A pattern that a text is searched for.</summary>
abstract class Pattern
{
    /// <summary>The pattern that a regular expression of a tokenizer's file specifies.</summary>
    public static Pattern OfRegex(string regex) => regex == CasedWords.Regex ? new CasedWords() : new RegexPattern(regex);

    /// <summary>
    /// Every match, in order, none overlapping another. A match may be empty: a place between two characters.
    /// </summary>
    public abstract List<(int Start, int End)> Find(ReadOnlySpan<char> text);
}
