namespace Dayu.Templates;

/// <summary>Filters that make text of text; what is not text is turned into it first.</summary>
static class TextFilters
{
    public static IEnumerable<Builtin> All =>
    [
        Map("upper", "", (a, s) => Casing.Upper(a.Run, s)),
        Map("lower", "", (a, s) => Casing.Lower(a.Run, s)),
        Map("capitalize", "", (a, s) => Casing.Capitalize(a.Run, s)),
        Map("title", "", (a, s) => Casing.JinjaTitle(a.Run, s)),
        Map("trim", "chars?", (a, s) => TextMethods.Strip(a.Run, s, a.Given(0) is null ? null : a.Sought(0))),
        Map("replace", "s new count?", (a, s) => TextMethods.Replace(a.Run, s, a.Text(0).Text, a.Text(1), Count(a))),
        Map("center", "width?", (a, s) => Padding.Pad(a.Run, s, a.Int(0, 80), Padding.Space, 'c')),
        new("indent", "width? first? blank?", Indent),
        new("truncate", "length? killwords? end? leeway?", Truncate),
        new("wordcount", "", (a, value) => WordCount(a.Run.Text(value).Text)),
        new("format", "*", Format),
        new("safe", "", (a, value) => new TextValue(a.Run.Text(value), safe: true)),
        new("escape", "", Escape),
        new("e", "", Escape),
        new("forceescape", "", (a, value) => new TextValue(Html.Escape(a.Run, a.Run.Text(value)), safe: true)),
        new("striptags", "", (a, value) => StripTags.Of(a.Run, a.Run.Text(value))),
        new("urlencode", "", (a, value) => UrlEncoding.Encode(a.Run, value)),
        new("wordwrap", "width? break_long_words? wrapstring? break_on_hyphens?", WordWrap),
        new("xmlattr", "autospace?", XmlAttributes),
    ];

    static Builtin Map(string name, string parameters, Func<Slots, AuthoredText, AuthoredText> body) =>
        new(name, parameters, (a, value) => new TextValue(body(a, a.Run.Text(value)), value is TextValue { Safe: true }));

    static int Count(Slots a) => a.Given(2) is null ? -1 : a.Int(2, -1);

    static Value Format(Slots a, Value value)
    {
        Value arguments = a.All.Named.Count > 0 ? a.All.ToDict() : new SequenceValue(a.All.Positional, SequenceKind.Tuple);
        return PercentFormat.Apply(a.Run, a.Run.Text(value), arguments);
    }

    static Value Escape(Slots a, Value value) =>
        new TextValue(Html.Safe(a.Run, value), safe: true);

    static Value Indent(Slots a, Value value)
    {
        if (value is not TextValue text)
            throw new TemplateException($"indent expects a string, found {value.Type}");
        var indent = a[0] is TextValue given
            ? given.Authored
            : new TextBuilder(a.Run).Repeat(Padding.Space, a.Int(0, 4)).ToText();
        return new TextValue(Padding.Indent(a.Run, text.Authored, indent, first: a.Truth(1), blank: a.Truth(2)), text.Safe);
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
        var end = a.Text(2, "...");
        if (length < Runes.Length(end.Text) || leeway < 0)
            throw new TemplateException("truncate: the length must be at least that of the end, and the leeway not negative");
        if ((value.Length ?? throw NotText(value)) <= (long)length + leeway)
            return value;
        var text = value is TextValue t ? t.Authored : throw NotText(value);
        int cut = Runes.Offset(text.Text, length - Runes.Length(end.Text));
        int space = a.Truth(1) ? -1 : text.Text.AsSpan(0, cut).LastIndexOf(' ');
        return new TextBuilder(a.Run).Append(text, 0, space < 0 ? cut : space).Append(end).ToText();

        static TemplateException NotText(Value value) => new($"truncate expects a string, found {value.Type}");
    }

    static Value WordWrap(Slots a, Value value)
    {
        if (value is not TextValue text)
            throw new TemplateException($"wordwrap expects a string, found {value.Type}");
        var wrap = new WordWrap(a.Run, a.Int(0, 79), breakLongWords: a.Truth(1, true), breakOnHyphens: a.Truth(3, true));
        return wrap.Wrap(text.Authored, a.Given(2) is null ? AuthoredText.ByTemplate("\n") : a.String(2));
    }

    static Value XmlAttributes(Slots a, Value value)
    {
        if (value is not DictValue dict)
            throw value is UndefinedValue u ? u.Error() : new TemplateException($"xmlattr expects a dict, found {value.Type}");
        var to = new TextBuilder(a.Run);
        foreach (var (key, given) in dict.Entries)
        {
            a.Run.Step();
            if (given is NoneValue or UndefinedValue)
                continue;
            if (key is not TextValue name || name.Text.Any(c => Runes.IsSpace(c) || c is '/' or '>' or '='))
                throw new TemplateException("xmlattr: a name must be a string without white space, '/', '>' and '='");
            to.Append(to.IsEmpty && !a.Truth(0, missing: true) ? "" : " ").Append(Html.Safe(a.Run, key));
            to.Append("=\"").Append(Html.Safe(a.Run, given)).Append("\"");
        }
        return new TextValue(to.ToText(), a.Run.Escapes);
    }
}
