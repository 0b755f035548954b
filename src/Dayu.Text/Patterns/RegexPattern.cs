using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dayu.Text;

/// <summary>
/// A regular expression in Oniguruma's syntax, run by .NET's. That sees UTF-16 units: a character beyond U+FFFF is shown to it as one below of the same category, script and everything else that the
/// pattern can tell. A pattern that takes too long on a text is an error.
/// </summary>
sealed class RegexPattern : Pattern
{
    /// <summary>For one match; ordinary ones take microseconds.</summary>
    static readonly TimeSpan longest = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds for a whole text, and for each of its characters.</summary>
    const int LongestText = 10_000, LongestCharacter = 1;

    readonly string pattern;
    readonly Regex regex;
    readonly CharacterSet named;
    readonly string[] scripts;
    readonly ConcurrentDictionary<(UnicodeCategory, long), char> standIns = [];

    public RegexPattern(string pattern)
    {
        this.pattern = pattern;
        (var translated, named) = Oniguruma.Translate(pattern);
        try { regex = new(translated, RegexOptions.CultureInvariant | RegexOptions.Multiline, longest); }
        catch (ArgumentException e) { throw new TokenizerException($"regular expression {pattern}: {e.Message} Oniguruma's syntax was expected; the file is damaged.", e); }
        scripts = [.. named.Scripts.Select(Scripts.Plain).Distinct()];
        if (scripts.Length > 60) throw new TokenizerException($"regular expression {pattern}: it names {scripts.Length} scripts; at most 60 were expected. Take the tokenizer from a source you trust.");
    }

    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        int beyond = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        return beyond < 0 ? Matches(text) : Beyond(text, beyond);
    }

    /// <summary>Finds in a text of stand-ins, and counts back to the units of the text.</summary>
    List<(int Start, int End)> Beyond(ReadOnlySpan<char> text, int from)
    {
        var (shown, places) = (new StringBuilder(text.Length).Append(text[..from]), new List<int>());      // places[i]: where unit `from + i` of the shown text stands
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
        long deadline = Environment.TickCount64 + LongestText + (long)LongestCharacter * text.Length;
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
        $"regular expression {pattern}: it took too long on a text of {length} characters. Its alternatives match the same text in too many ways; take the tokenizer from a source you trust.");

    /// <summary>The first character below U+10000 of this kind that the pattern does not name; of this category alone if there is none.</summary>
    char StandIn((UnicodeCategory Category, long Scripts) kind)
    {
        char near = char.MaxValue;
        for (int c = 0x80; c < char.MaxValue; c++)
        {
            if (char.IsSurrogate((char)c) || char.GetUnicodeCategory((char)c) != kind.Category || named.Explicit.Exists(range => range.First <= c && c <= range.Last)) continue;
            if (Kind(new((char)c)) == kind) return (char)c;
            if (near == char.MaxValue) near = (char)c;
        }
        return near;
    }

    /// <summary>All that the pattern can tell of a character that it does not name: category, and which of its scripts, bit by bit.</summary>
    (UnicodeCategory, long) Kind(Rune rune)
    {
        int script = scripts.Length > 0 && Scripts.Of(rune) is { } own ? Array.IndexOf(scripts, Scripts.Plain(own)) : -1;
        return (Rune.GetUnicodeCategory(rune), script < 0 ? 0 : 1L << script);
    }
}
