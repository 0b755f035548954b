using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dayu.Text;

/// <summary>
/// A regular expression in Oniguruma's syntax, run by .NET's engine. That sees UTF-16 units, so a character beyond
/// U+FFFF is replaced by a stand-in: a character below that agrees with it in category, script and whatever else the
/// pattern can tell. A pattern that takes too long on a text is an error.
/// </summary>
sealed class RegexPattern : Pattern
{
    /// <summary>The limit for one match; ordinary ones take microseconds.</summary>
    static readonly TimeSpan matchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The limit for a whole text, in milliseconds: so many, and so many more for each character.</summary>
    const int TextTimeout = 10_000, CharacterTimeout = 1;

    const int MaxScripts = 60;

    readonly string pattern;
    readonly Regex regex;
    readonly CharacterSet named;
    readonly string[] scripts;
    readonly ConcurrentDictionary<(UnicodeCategory, long), char> standIns = [];

    public RegexPattern(string pattern)
    {
        this.pattern = pattern;
        (var translated, named) = Oniguruma.Translate(pattern);
        try { regex = new(translated, RegexOptions.CultureInvariant | RegexOptions.Multiline, matchTimeout); }
        catch (ArgumentException e)
        {
            throw new TokenizerException(
                $"regular expression {pattern}: {e.Message} Oniguruma's syntax was expected; the file is damaged.", e);
        }
        scripts = [.. named.Scripts.Select(Scripts.Plain).Distinct()];
        if (scripts.Length > MaxScripts)
            throw new TokenizerException($"regular expression {pattern}: it names {scripts.Length} scripts; "
                + $"at most {MaxScripts} were expected. Take the tokenizer from a source you trust.");
    }

    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        int beyond = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        return beyond < 0 ? Matches(text) : MatchesWithStandIns(text, beyond);
    }

    /// <summary>Matches in a text of stand-ins, at the places that they have in the text itself.</summary>
    List<(int Start, int End)> MatchesWithStandIns(ReadOnlySpan<char> text, int from)
    {
        var shown = new StringBuilder(text.Length).Append(text[..from]);
        var places = new List<int>();       // places[i]: where unit `from + i` of the shown text is in the text itself
        int at = from;
        foreach (var rune in text[from..].EnumerateRunes())
        {
            places.Add(at);
            at += rune.Utf16SequenceLength;
            if (rune.IsBmp) shown.Append((char)rune.Value);
            else shown.Append(standIns.GetOrAdd(Kind(rune), StandIn));
        }
        places.Add(at);
        var found = Matches(shown.ToString());
        for (int i = 0; i < found.Count; i++) found[i] = (Place(found[i].Start), Place(found[i].End));
        return found;

        int Place(int unit) => unit < from ? unit : places[unit - from];
    }

    List<(int Start, int End)> Matches(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        long deadline = Environment.TickCount64 + TextTimeout + (long)CharacterTimeout * text.Length;
        try
        {
            foreach (var match in regex.EnumerateMatches(text))
            {
                found.Add((match.Index, match.Index + match.Length));
                if (Environment.TickCount64 > deadline) throw TooSlow(text.Length);
            }
        }
        catch (RegexMatchTimeoutException) { throw TooSlow(text.Length); }
        return found;
    }

    TokenizerException TooSlow(int length) => new(
        $"regular expression {pattern}: it took too long on a text of {length} characters. "
        + "Its alternatives match the same text in too many ways; take the tokenizer from a source you trust.");

    /// <summary>
    /// The first character below U+10000 of this kind that the pattern does not name; if there is none, the first of
    /// this category.
    /// </summary>
    char StandIn((UnicodeCategory Category, long Scripts) kind)
    {
        char near = char.MaxValue;
        for (int c = 0x80; c < char.MaxValue; c++)
        {
            if (char.IsSurrogate((char)c) || char.GetUnicodeCategory((char)c) != kind.Category || IsNamed(c)) continue;
            if (Kind(new((char)c)) == kind) return (char)c;
            if (near == char.MaxValue) near = (char)c;
        }
        return near;
    }

    bool IsNamed(int character) => named.Explicit.Exists(range => range.First <= character && character <= range.Last);

    /// <summary>
    /// All that the pattern can tell of a character that it does not name: its category, and which of the pattern's
    /// scripts it has.
    /// </summary>
    (UnicodeCategory, long) Kind(Rune rune)
    {
        int script = scripts.Length > 0 && Scripts.Of(rune) is { } own ? Array.IndexOf(scripts, Scripts.Plain(own)) : -1;
        return (Rune.GetUnicodeCategory(rune), script < 0 ? 0 : 1L << script);
    }
}
