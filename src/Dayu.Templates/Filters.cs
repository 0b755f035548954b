using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// The filters templates may use: Jinja's, and <c>tojson</c> and <c>from_json</c> of the libraries that run chat
/// templates.
/// </summary>
static class Filters
{
    const int MaxIndent = 100;

    public static readonly Dictionary<string, Builtin> Table = Builtin.Table([
        .. TextFilters.All, .. SequenceFilters.All, .. SelectionFilters.All,
        new("default", "default_value? boolean?", Default),
        new("d", "default_value? boolean?", Default),
        new("string", "", (a, value) => value is TextValue ? value : a.Run.Text(value)),
        new("int", "default? base?", Int),
        new("float", "default?", Float),
        new("abs", "", Abs),
        new("round", "precision? method?", Round),
        new("filesizeformat", "binary?", (a, value) => TextValue.ByTemplate(FileSize.Show(value, a.Truth(0)))),
        new("pprint", "", (a, value) => PrettyPrint.Of(a.Run, value)),
        new("attr", "name", Attr),
        new("tojson", "ensure_ascii? indent? separators? sort_keys?", ToJson),
        new("from_json", "", FromJson),
        new("fromjson", "", FromJson),
    ]);

    /// <summary>Runs a filter that is named by a value, as <c>map('upper')</c> does.</summary>
    public static Builtin Named(string name) =>
        Table.GetValueOrDefault(name) ?? throw new TemplateException($"unknown filter '{name}'");

    static Value Attr(Slots a, Value value)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        string name = a.Text(0).Text;
        return value.Attribute(name) ?? new UndefinedValue($"'{value.Type}' object has no attribute '{name}'");
    }

    /// <summary>Reads JSON; each character keeps its author.</summary>
    static Value FromJson(Slots a, Value value)
    {
        if (value is not TextValue text)
            throw new TemplateException($"from_json expects a string, found {value.Type}");
        a.Run.Charge(text.Authored.Size);
        a.Run.Step(text.Text.Length);
        return JsonParser.Parse(a.Run, text.Authored, "from_json");
    }

    static Value Default(Slots a, Value value) =>
        value is UndefinedValue || a.Truth(1) && !value.Truth ? a[0] ?? AuthoredText.Empty : value;

    static Value Int(Slots a, Value value)
    {
        var whole = value switch
        {
            UndefinedValue u => throw u.Error(),
            TextValue t => Number.ParseWhole(t.Text, a.Int(1, 10)) ?? Truncated(Number.ParseReal(t.Text)),
            FloatValue f => Truncated(f.Value),
            _ => Number.Whole(value),
        };
        return whole is { } number ? number : a[0] ?? 0;
    }

    static BigInteger? Truncated(double? real) =>
        real is { } value && double.IsFinite(value) ? new BigInteger(Math.Truncate(value)) : null;

    static Value Float(Slots a, Value value)
    {
        var real = value switch
        {
            UndefinedValue u => throw u.Error(),
            TextValue t => Number.ParseReal(t.Text),
            _ => Number.Real(value),
        };
        return real is { } number ? number : a[0] ?? 0.0;
    }

    static Value Abs(Slots a, Value value)
    {
        if (Number.Whole(value) is { } whole)
            return BigInteger.Abs(whole);
        return value is FloatValue real
            ? Math.Abs(real.Value)
            : throw new TemplateException($"bad operand type for abs(): '{value.Type}'");
    }

    /// <summary>Python's round: to the nearest, halves to even, judged by the digits the float really has.</summary>
    static Value Round(Slots a, Value value)
    {
        if (Number.Real(value) is not { } real)
            throw value is UndefinedValue u ? u.Error() : new TemplateException($"round expects a number, found {value.Type}");
        int precision = a.Int(0, 0);
        string method = a.Text(1, "common").Text;
        if (method is not ("common" or "ceil" or "floor") || precision is < -300 or > 300)
            throw new TemplateException("round expects 'common', 'ceil' or 'floor' and at most 300 digits");
        double scale = Math.Pow(10, precision);
        if (method != "common")
            return (method == "ceil" ? Math.Ceiling(real * scale) : Math.Floor(real * scale)) / scale;
        if (value is not FloatValue)
            return precision >= 0
                ? Number.Whole(value)!.Value
                : new BigInteger(Math.Round(real * scale)) * BigInteger.Pow(10, -precision);
        if (!double.IsFinite(real) || precision > 15)
            return real;
        return precision <= 0
            ? Math.Round(real * scale) / scale
            : Number.ParseReal(FloatText.Fixed(real, precision))!.Value;
    }

    static Value ToJson(Slots a, Value value)
    {
        var to = new TextBuilder(a.Run);
        var indent = a.Given(1) is { } given ? Indent(given) : null;
        var (item, key) = Separators(a.Given(2), compact: indent is not null);
        new JsonText(to, ensureAscii: a.Truth(0), indent, item, key, sortKeys: a.Truth(3)).Write(value);
        return to.ToText();
    }

    static AuthoredText Indent(Value given) => given is TextValue text
        ? text.Authored
        : AuthoredText.ByTemplate(new(' ', Math.Clamp(Number.Index(given), 0, MaxIndent)));

    static (AuthoredText Item, AuthoredText Key) Separators(Value? given, bool compact) => given switch
    {
        null => (AuthoredText.ByTemplate(compact ? "," : ", "), AuthoredText.ByTemplate(": ")),
        SequenceValue { List: [TextValue item, TextValue key] } => (item.Authored, key.Authored),
        _ => throw new TemplateException("tojson: separators must be a pair of strings"),
    };
}
