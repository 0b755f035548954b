namespace Dayu.Templates;

/// <summary>Filters that make text of text; what is not text is turned into it first.</summary>
static class TextFilters
{
    public static IEnumerable<Builtin> All =>
    [
        Map("upper", "", (a, s) => Runes.Upper(s)),
        Map("lower", "", (a, s) => s.ToLowerInvariant()),
        Map("capitalize", "", (a, s) => Runes.Capitalize(s)),
        Map("title", "", (a, s) => Title(s)),
        Map("trim", "chars?", (a, s) => ((TextValue)TextMethods.Table["strip"].Call(a.Run, s, a.Given(0) is { } chars ? new([chars], []) : Arguments.None)).Text),
        Map("replace", "s new count?", (a, s) => TextMethods.Replace(a.Run, s, a.Text(0), a.Text(1), a.Given(2) is null ? -1 : a.Int(2, -1))),
        Map("center", "width?", (a, s) => TextMethods.Pad(a.Run, s, a.Int(0, 80), " ", 'c')),
        new("indent", "width? first? blank?", (a, value) => value is TextValue t ? new TextValue(Indent(a, t.Text), t.Safe) : throw new TemplateException($"indent expects a string, found {value.Type}")),
        new("truncate", "length? killwords? end? leeway?", Truncate),
        new("wordcount", "", (a, value) => WordCount(a.Run.Text(value))),
        new("format", "*", (a, value) => a.All.Named.Count > 0
            ? PercentFormat.Apply(a.Run, a.Run.Text(value), new DictValue(new(a.All.Named.Select(n => KeyValuePair.Create<Value, Value>(n.Name, n.Value)))))
            : PercentFormat.Apply(a.Run, a.Run.Text(value), new SequenceValue(a.All.Positional, SequenceKind.Tuple))),
        new("safe", "", (a, value) => new TextValue(a.Run.Text(value), safe: true)),
        new("escape", "", (a, value) => value is TextValue { Safe: true } ? value : new TextValue(Html.Escape(a.Run, a.Run.Text(value)), safe: true)),
        new("e", "", (a, value) => value is TextValue { Safe: true } ? value : new TextValue(Html.Escape(a.Run, a.Run.Text(value)), safe: true)),
        new("forceescape", "", (a, value) => new TextValue(Html.Escape(a.Run, a.Run.Text(value)), safe: true)),
        new("urlencode", "", (a, value) => value is TextValue or UndefinedValue || value.Items is null ? UrlEncode(a.Run, a.Run.Text(value)) : throw new TemplateException($"urlencode expects a string, found {value.Type}")),
    ];

    static Builtin Map(string name, string parameters, Func<Slots, string, string> body) => new(name, parameters, (a, value) =>
    {
        string text = a.Run.Text(value);
        a.Run.Charge(text.Length);
        return new TextValue(body(a, text), value is TextValue { Safe: true });
    });

    /// <summary>Jinja's title: a word begins after white space, a hyphen or an opening bracket only.</summary>
    static string Title(string text) => string.Create(text.Length, text, (to, from) =>
    {
        bool begins = true;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = begins ? char.ToUpperInvariant(from[i]) : char.ToLowerInvariant(from[i]);
            begins = Runes.IsSpace(from[i]) || from[i] is '-' or '(' or '{' or '[' or '<';
        }
    });

    static string Indent(Slots a, string text)
    {
        int width = a[0] is TextValue ? 0 : a.Int(0, 4);
        string indent = a[0] is TextValue t ? t.Text : TextMethods.Pad(a.Run, "", Math.Max(0, width), " ", '<');
        var to = new TextBuilder(a.Run).Append(a.Truth(1) ? indent : "");
        bool first = true;
        foreach (string line in TextSplitting.Lines(text + "\n", keepEnds: false))
        {
            to.Append(first ? "" : "\n").Append(!first && (line.Length > 0 || a.Truth(2)) ? indent : "").Append(line);
            first = false;
        }
        return to.ToString();
    }

    static int WordCount(string text)
    {
        int words = 0;
        for (int i = 0; i < text.Length; i++)
            if (IsWord(text[i]) && (i == 0 || !IsWord(text[i - 1])))
                words++;
        return words;
        static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsNumber(c) || c == '_';
    }

    static Value Truncate(Slots a, Value value)
    {
        int length = a.Int(0, 255), leeway = a.Given(3) is null ? 5 : a.Int(3, 5);
        string end = a.Text(2, "...");
        if (length < Runes.Length(end) || leeway < 0)
            throw new TemplateException("truncate: the length must be at least that of the end, and the leeway not negative");
        if ((value.Length ?? throw new TemplateException($"truncate expects a string, found {value.Type}")) <= (long)length + leeway)
            return value;
        string text = value is TextValue t ? t.Text : throw new TemplateException($"truncate expects a string, found {value.Type}");
        string cut = text[..Runes.Offset(text, length - Runes.Length(end))];
        if (a.Truth(1))
            return cut + end;
        int space = cut.LastIndexOf(' ');
        return (space < 0 ? cut : cut[..space]) + end;
    }

    static string UrlEncode(Run run, string text)
    {
        run.Charge(9L * text.Length);
        return Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
    }
}
