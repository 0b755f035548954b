using System.Globalization;
using System.Text;

namespace Dayu.Templates;

/// <summary>Python's methods of strings. What a method makes of a safe string is safe again.</summary>
static class TextMethods
{
    public static readonly Dictionary<string, Builtin> Table = Builtin.Table(
        Map("upper", "", (a, s) => Runes.Upper(s)),
        Map("lower", "", (a, s) => s.ToLowerInvariant()),
        Map("casefold", "", (a, s) => s.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal)),
        Map("capitalize", "", (a, s) => Runes.Capitalize(s)),
        Map("title", "", (a, s) => Runes.Title(s)),
        Map("swapcase", "", (a, s) => string.Concat(s.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        Map("strip", "chars?", (a, s) => Strip(a, s, left: true, right: true)),
        Map("lstrip", "chars?", (a, s) => Strip(a, s, left: true, right: false)),
        Map("rstrip", "chars?", (a, s) => Strip(a, s, left: false, right: true)),
        Map("removeprefix", "prefix", (a, s) => a.String(0) is var p && s.StartsWith(p, StringComparison.Ordinal) ? s[p.Length..] : s),
        Map("removesuffix", "suffix", (a, s) => a.String(0) is var p && s.EndsWith(p, StringComparison.Ordinal) ? s[..^p.Length] : s),
        Map("replace", "old new count?", (a, s) => Replace(a.Run, s, a.String(0), a.String(1), a.Int(2, -1))),
        Map("center", "width fillchar?", (a, s) => Pad(a.Run, s, a.Int(0, 0), a[1] is null ? " " : a.String(1), 'c')),
        Map("ljust", "width fillchar?", (a, s) => Pad(a.Run, s, a.Int(0, 0), a[1] is null ? " " : a.String(1), '<')),
        Map("rjust", "width fillchar?", (a, s) => Pad(a.Run, s, a.Int(0, 0), a[1] is null ? " " : a.String(1), '>')),
        Map("zfill", "width", (a, s) => s is ['+' or '-', ..] ? s[0] + Pad(a.Run, s[1..], Math.Max(0, a.Int(0, 0) - 1), "0", '>') : Pad(a.Run, s, a.Int(0, 0), "0", '>')),
        Map("expandtabs", "tabsize?", (a, s) => ExpandTabs(a.Run, s, a.Int(0, 8))),
        Map("format", "*", (a, s) => StrFormat.Apply(a.Run, s, a.All)),
        Map("join", "iterable", (a, s) => Join(a.Run, s, a[0]!)),
        On("split", "sep? maxsplit?", (a, s) => TextSplitting.Split(a, s, fromRight: false)),
        On("rsplit", "sep? maxsplit?", (a, s) => TextSplitting.Split(a, s, fromRight: true)),
        On("splitlines", "keepends?", (a, s) => TextSplitting.Lines(a.Run, s, a.Truth(0))),
        On("partition", "sep", (a, s) => TextSplitting.Partition(a, s, fromRight: false)),
        On("rpartition", "sep", (a, s) => TextSplitting.Partition(a, s, fromRight: true)),
        On("startswith", "prefix start? end?", (a, s) => Affix(a, s, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        On("endswith", "suffix start? end?", (a, s) => Affix(a, s, (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        On("find", "sub start? end?", (a, s) => Find(a, s, fromRight: false)),
        On("rfind", "sub start? end?", (a, s) => Find(a, s, fromRight: true)),
        On("index", "sub start? end?", (a, s) => Find(a, s, fromRight: false) is var i and >= 0 ? i : throw new TemplateException("substring not found")),
        On("rindex", "sub start? end?", (a, s) => Find(a, s, fromRight: true) is var i and >= 0 ? i : throw new TemplateException("substring not found")),
        On("count", "sub start? end?", (a, s) => Window(a, s) is { } w ? Count(a.Run, w.Text, a.String(0)) : 0),
        Every("isalpha", char.IsLetter),
        Every("isdigit", c => char.IsDigit(c) || CharUnicodeInfo.GetDigitValue(c) >= 0),
        Every("isdecimal", char.IsDigit),
        Every("isnumeric", c => char.IsNumber(c)),
        Every("isalnum", c => char.IsLetterOrDigit(c) || char.IsNumber(c)),
        Every("isspace", Runes.IsSpace),
        On("isascii", "", (a, s) => Ascii.IsValid(s)),
        On("isupper", "", (a, s) => s.Any(char.IsUpper) && !s.Any(char.IsLower)),
        On("islower", "", (a, s) => s.Any(char.IsLower) && !s.Any(char.IsUpper)),
        On("istitle", "", (a, s) => s.Any(char.IsLetter) && Runes.Title(s) == s));

    static Builtin On(string name, string parameters, Func<Slots, string, Value> body) => new(name, parameters, (a, self) => body(a, ((TextValue)self).Text));

    static Builtin Map(string name, string parameters, Func<Slots, string, string> body) => new(name, parameters, (a, self) =>
    {
        var text = (TextValue)self;
        a.Run.Charge(text.Text.Length);
        return new TextValue(body(a, text.Text), text.Safe);
    });

    static Builtin Every(string name, Func<char, bool> test) => On(name, "", (a, s) => s.Length > 0 && s.All(test));

    static string Strip(Slots a, string text, bool left, bool right)
    {
        string? chars = a.Given(0) is null ? null : a.String(0);
        a.Run.Search(text, chars ?? "");
        bool Goes(char c) => chars is null ? Runes.IsSpace(c) : chars.Contains(c, StringComparison.Ordinal);
        int start = 0, end = text.Length;
        while (left && start < end && Goes(text[start]))
            start++;
        while (right && end > start && Goes(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Python's replace: an empty <paramref name="old"/> stands between all characters; a negative count means all.</summary>
    public static string Replace(Run run, string text, string old, string with, int count)
    {
        run.Search(text, old);
        var to = new TextBuilder(run);
        int done = 0;
        long left = count < 0 ? long.MaxValue : count;
        if (old.Length == 0)
        {
            foreach (string rune in Runes.Split(text))
                to.Append(left-- > 0 ? with : "").Append(rune);
            return to.Append(left > 0 ? with : "").ToString();
        }
        for (int i; left > 0 && (i = text.IndexOf(old, done, StringComparison.Ordinal)) >= 0; left--)
        {
            to.Append(text.AsSpan(done, i - done)).Append(with);
            done = i + old.Length;
        }
        return to.Append(text.AsSpan(done)).ToString();
    }

    /// <summary>Fills up to a width: text left '&lt;', right '&gt;' or in the middle, where <c>format</c> ('^') and <c>center</c> ('c') put an odd space differently.</summary>
    public static string Pad(Run run, string text, int width, string fill, char align)
    {
        if (Runes.Length(fill) != 1)
            throw new TemplateException("the fill character must be exactly one character long");
        int missing = Math.Max(0, width - Runes.Length(text));
        int left = align switch { '<' => 0, '>' => missing, '^' => missing / 2, _ => missing / 2 + (missing & width & 1) };
        run.Charge((long)missing * fill.Length + text.Length);
        return string.Concat(Enumerable.Repeat(fill, left)) + text + string.Concat(Enumerable.Repeat(fill, missing - left));
    }

    static string ExpandTabs(Run run, string text, int size)
    {
        var to = new TextBuilder(run);
        int column = 0;
        foreach (char c in text)
        {
            int spaces = c == '\t' ? size > 0 ? size - column % size : 0 : -1;
            to.Append(c == '\t' ? ' ' : c, spaces < 0 ? 1 : spaces);
            column = c is '\n' or '\r' ? 0 : column + (spaces < 0 ? 1 : spaces);
        }
        return to.ToString();
    }

    static string Join(Run run, string separator, Value items)
    {
        var to = new TextBuilder(run);
        bool first = true;
        foreach (var item in run.Iterate(items, "join()"))
        {
            to.Append(first ? "" : separator).Append(item is TextValue t ? t.Text : throw new TemplateException($"join() expects strings, found {item.Type}; the filter |join takes anything"));
            first = false;
        }
        return to.ToString();
    }

    /// <summary>The part of a text that optional start and end arguments (slots 1 and 2) leave, and where it begins; null when start lies beyond the end.</summary>
    static (string Text, int Start)? Window(Slots a, string text)
    {
        if (a.Given(1) is null && a.Given(2) is null)
            return (text, 0);
        int length = Runes.Length(text), start = a.Given(1) is { } s ? Number.Index(s) : 0, end = a.Given(2) is { } e ? Number.Index(e) : length;
        start = start < 0 ? Math.Max(0, start + length) : start;
        end = Math.Min(length, end < 0 ? Math.Max(0, end + length) : end);
        a.Run.Charge(text.Length);
        return start > end ? null : (text[Runes.Offset(text, start)..Runes.Offset(text, end)], start);
    }

    static bool Affix(Slots a, string text, Func<string, string, bool> test)
    {
        if (Window(a, text) is not { } window)
            return false;
        if (a[0] is SequenceValue { Kind: SequenceKind.Tuple } choices)
            return choices.List.Any(choice => choice is TextValue t ? test(window.Text, t.Text) : throw new TemplateException($"expected strings, found {choice.Type}"));
        return test(window.Text, a.String(0));
    }

    static int Find(Slots a, string text, bool fromRight)
    {
        if (Window(a, text) is not { } window)
            return -1;
        string part = a.String(0);
        a.Run.Search(window.Text, part);
        int i = fromRight ? window.Text.LastIndexOf(part, StringComparison.Ordinal) : window.Text.IndexOf(part, StringComparison.Ordinal);
        return i < 0 ? -1 : Runes.Length(window.Text[..i]) + window.Start;
    }

    static int Count(Run run, string text, string part)
    {
        run.Search(text, part);
        if (part.Length == 0)
            return Runes.Length(text) + 1;
        int count = 0;
        for (int i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + part.Length, StringComparison.Ordinal))
            count++;
        return count;
    }
}
