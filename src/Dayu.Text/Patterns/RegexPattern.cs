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
    static readonly TimeSpan longest = TimeSpan.FromSeconds(2);

    /// <summary>Milliseconds for a whole text, and for each of its characters.</summary>
    const int LongestText = 10_000, LongestCharacter = 1;

    readonly string pattern;
    readonly Regex regex;
    readonly CharacterSet named;
    readonly Dictionary<string, char> standIns = new(StringComparer.Ordinal);

    public RegexPattern(string pattern)
    {
        this.pattern = pattern;
        (var translated, named) = Oniguruma.Translate(pattern);
        try { regex = new(translated, RegexOptions.CultureInvariant | RegexOptions.Multiline, longest); }
        catch (ArgumentException e) { throw new TokenizerException($"regular expression {pattern}: {e.Message} Oniguruma's syntax was expected; the file is damaged.", e); }
        for (int c = 0x80; c <= char.MaxValue; c++)
            if (!char.IsSurrogate((char)c) && !named.Explicit.Exists(range => range.First <= c && c <= range.Last)) standIns.TryAdd(Kind(new((char)c)), (char)c);
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
            else shown.Append(standIns.TryGetValue(Kind(rune), out char standIn) || standIns.TryGetValue($"{Rune.GetUnicodeCategory(rune)}", out standIn) ? standIn : '\uFFFF');
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

    /// <summary>All that the pattern can tell of a character that it does not name: category, and which of its scripts.</summary>
    string Kind(Rune rune) => named.Scripts.Count == 0 ? $"{Rune.GetUnicodeCategory(rune)}"
        : $"{Rune.GetUnicodeCategory(rune)} {string.Join(' ', named.Scripts.Where(script => Scripts.Of(rune) is { } own && Scripts.Plain(own) == Scripts.Plain(script)))}";
}
