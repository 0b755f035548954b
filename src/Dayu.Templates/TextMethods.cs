using System.Globalization;
using System.Text;

namespace Dayu.Templates;

/// <summary>Python's methods of strings. What a method makes of a safe string is safe again.</summary>
static class TextMethods
{
    public static readonly Dictionary<string, Builtin> Table = Builtin.Table(
        Map("upper", "", (a, s) => Casing.Upper(a.Run, s)),
        Map("lower", "", (a, s) => Casing.Lower(a.Run, s)),
        Map("casefold", "", (a, s) => Casing.Fold(a.Run, s)),
        Map("capitalize", "", (a, s) => Casing.Capitalize(a.Run, s)),
        Map("title", "", (a, s) => Casing.Title(a.Run, s)),
        Map("swapcase", "", (a, s) => Casing.Swap(a.Run, s)),
        Map("strip", "chars?", (a, s) => Strip(a, s, left: true, right: true)),
        Map("lstrip", "chars?", (a, s) => Strip(a, s, left: true, right: false)),
        Map("rstrip", "chars?", (a, s) => Strip(a, s, left: false, right: true)),
        Map("removeprefix", "prefix", (a, s) => WithoutAffix(a, s, atStart: true)),
        Map("removesuffix", "suffix", (a, s) => WithoutAffix(a, s, atStart: false)),
        Map("replace", "old new count?", (a, s) => Replace(a.Run, s, a.Sought(0), a.String(1), a.Int(2, -1))),
        Map("center", "width fillchar?", (a, s) => Pad(a, s, 'c')),
        Map("ljust", "width fillchar?", (a, s) => Pad(a, s, '<')),
        Map("rjust", "width fillchar?", (a, s) => Pad(a, s, '>')),
        Map("zfill", "width", (a, s) => Padding.ZeroFill(a.Run, s, a.Int(0, 0))),
        Map("expandtabs", "tabsize?", (a, s) => Padding.ExpandTabs(a.Run, s, a.Int(0, 8))),
        Map("format", "*", (a, s) => StrFormat.Apply(a.Run, s, a.All)),
        Map("join", "iterable", (a, s) => Join(a.Run, s, a[0]!)),
        Cut("split", "sep? maxsplit?", (a, s) => TextSplitting.Split(a, s, fromRight: false)),
        Cut("rsplit", "sep? maxsplit?", (a, s) => TextSplitting.Split(a, s, fromRight: true)),
        Cut("splitlines", "keepends?", (a, s) => TextSplitting.Lines(a.Run, s, a.Truth(0))),
        Cut("partition", "sep", (a, s) => TextSplitting.Partition(a, s, fromRight: false)),
        Cut("rpartition", "sep", (a, s) => TextSplitting.Partition(a, s, fromRight: true)),
        Ask("startswith", "prefix start? end?", (a, s) => TextSearch.Affix(a, s, StartsWith)),
        Ask("endswith", "suffix start? end?", (a, s) => TextSearch.Affix(a, s, EndsWith)),
        Ask("find", "sub start? end?", (a, s) => TextSearch.Find(a, s, fromRight: false)),
        Ask("rfind", "sub start? end?", (a, s) => TextSearch.Find(a, s, fromRight: true)),
        Ask("index", "sub start? end?", (a, s) => TextSearch.Index(a, s, fromRight: false)),
        Ask("rindex", "sub start? end?", (a, s) => TextSearch.Index(a, s, fromRight: true)),
        Ask("count", "sub start? end?", TextSearch.Count),
        Every("isalpha", char.IsLetter),
        Every("isdigit", c => char.IsDigit(c) || CharUnicodeInfo.GetDigitValue(c) >= 0),
        Every("isdecimal", char.IsDigit),
        Every("isnumeric", c => char.IsNumber(c)),
        Every("isalnum", c => char.IsLetterOrDigit(c) || char.IsNumber(c)),
        Every("isspace", Runes.IsSpace),
        Ask("isascii", "", (a, s) => Ascii.IsValid(s)),
        Ask("isupper", "", (a, s) => s.Any(char.IsUpper) && !s.Any(char.IsLower)),
        Ask("islower", "", (a, s) => s.Any(char.IsLower) && !s.Any(char.IsUpper)),
        Ask("istitle", "", (a, s) => s.Any(char.IsLetter) && Casing.Title(a.Run, AuthoredText.ByTemplate(s)).Text == s));

    /// <summary>A method that makes another text.</summary>
    static Builtin Map(string name, string parameters, Func<Slots, AuthoredText, AuthoredText> body) =>
        new(name, parameters, (a, self) => new TextValue(body(a, ((TextValue)self).Authored), ((TextValue)self).Safe));

    /// <summary>A method that makes several texts.</summary>
    static Builtin Cut(string name, string parameters, Func<Slots, AuthoredText, Value> body) =>
        new(name, parameters, (a, self) => body(a, ((TextValue)self).Authored));

    /// <summary>A method that answers a question: who wrote what makes no difference.</summary>
    static Builtin Ask(string name, string parameters, Func<Slots, string, Value> body) =>
        new(name, parameters, (a, self) => body(a, ((TextValue)self).Text));

    static Builtin Every(string name, Func<char, bool> test) => Ask(name, "", (a, s) => s.Length > 0 && s.All(test));

    static bool StartsWith(string text, string part) => text.StartsWith(part, StringComparison.Ordinal);

    static bool EndsWith(string text, string part) => text.EndsWith(part, StringComparison.Ordinal);

    static AuthoredText Pad(Slots a, AuthoredText text, char align) =>
        Padding.Pad(a.Run, text, a.Int(0, 0), a[1] is null ? Padding.Space : a.String(1), align);

    static AuthoredText WithoutAffix(Slots a, AuthoredText text, bool atStart)
    {
        string affix = a.Sought(0);
        a.Run.Charge(text.Size);
        if (!(atStart ? StartsWith(text.Text, affix) : EndsWith(text.Text, affix)))
            return text;
        return atStart ? text[affix.Length..] : text[..^affix.Length];
    }

    static AuthoredText Strip(Slots a, AuthoredText text, bool left, bool right) =>
        Strip(a.Run, text, a.Given(0) is null ? null : a.Sought(0), left, right);

    /// <summary>Without the characters at the ends that are among some; null for white space.</summary>
    public static AuthoredText Strip(Run run, AuthoredText text, string? chars, bool left = true, bool right = true)
    {
        run.Search(text.Text, chars ?? "");
        int start = 0, end = text.Length;
        while (left && start < end && Goes(text[start]))
            start++;
        while (right && end > start && Goes(text[end - 1]))
            end--;
        run.Charge(text.Size);
        return text[start..end];

        bool Goes(char c) => chars is null ? Runes.IsSpace(c) : chars.Contains(c, StringComparison.Ordinal);
    }

    /// <summary>
    /// Python's replace: an empty <paramref name="old"/> stands between all characters; a negative count means all.
    /// </summary>
    public static AuthoredText Replace(Run run, AuthoredText text, string old, AuthoredText with, int count)
    {
        run.Search(text.Text, old);
        var to = new TextBuilder(run);
        int done = 0;
        long left = count < 0 ? long.MaxValue : count;
        if (old.Length == 0)
        {
            foreach (var rune in Runes.Split(text))
                to.Repeat(with, left-- > 0 ? 1 : 0).Append(rune);
            return to.Repeat(with, left > 0 ? 1 : 0).ToText();
        }
        for (int i; left > 0 && (i = text.Text.IndexOf(old, done, StringComparison.Ordinal)) >= 0; left--)
        {
            to.Append(text, done, i - done).Append(with);
            done = i + old.Length;
        }
        return to.Append(text, done, text.Length - done).ToText();
    }

    static AuthoredText Join(Run run, AuthoredText separator, Value items)
    {
        var to = new TextBuilder(run);
        bool first = true;
        foreach (var item in run.Iterate(items, "join()"))
        {
            if (item is not TextValue t)
                throw new TemplateException($"join() expects strings, found {item.Type}; the filter |join takes anything");
            to.Repeat(separator, first ? 0 : 1).Append(t.Authored);
            first = false;
        }
        return to.ToText();
    }
}
