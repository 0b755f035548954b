using System.Globalization;
using System.Numerics;

namespace Dayu.Templates;

/// <summary>The filters templates may use: Jinja's, and <c>tojson</c> and <c>from_json</c> of the libraries that run chat templates.</summary>
static class Filters
{
    public static readonly Dictionary<string, Builtin> Table = Builtin.Table([.. TextFilters.All, .. SequenceFilters.All, .. SelectionFilters.All,
        new("default", "default_value? boolean?", Default),
        new("d", "default_value? boolean?", Default),
        new("string", "", (a, value) => value is TextValue ? value : a.Run.Text(value)),
        new("int", "default? base?", Int),
        new("float", "default?", (a, value) => value is UndefinedValue u ? throw u.Error()
            : (value is TextValue t ? Number.ParseReal(t.Text) : Number.Real(value)) is { } real ? real : a[0] ?? 0.0),
        new("abs", "", (a, value) => Number.Real(value) is not { } real ? throw new TemplateException($"bad operand type for abs(): '{value.Type}'")
            : value is FloatValue ? Math.Abs(real) : BigInteger.Abs(Number.Whole(value)!.Value)),
        new("round", "precision? method?", Round),
        new("attr", "name", (a, value) => value is UndefinedValue u ? throw u.Error() : value.Attribute(a.Text(0)) ?? new UndefinedValue($"'{value.Type}' object has no attribute '{a.Text(0)}'")),
        new("tojson", "ensure_ascii? indent? separators? sort_keys?", ToJson),
        new("from_json", "", FromJson),
        new("fromjson", "", FromJson),
    ]);

    /// <summary>Runs a filter that is named by a value, as <c>map('upper')</c> does.</summary>
    public static Builtin Named(string name) => Table.GetValueOrDefault(name) ?? throw new TemplateException($"No filter named '{name}'");

    static Value FromJson(Slots a, Value value)
    {
        if (value is not TextValue text)
            throw new TemplateException($"from_json expects a string, found {value.Type}");
        a.Run.Charge(text.Text.Length);
        a.Run.Step(text.Text.Length);
        return JsonReader.Read(text.Text, "from_json");
    }

    static Value Default(Slots a, Value value) =>
        value is UndefinedValue || a.Truth(1) && !value.Truth ? a[0] ?? "" : value;

    static Value Int(Slots a, Value value) => value switch
    {
        UndefinedValue u => throw u.Error(),
        TextValue t => Number.ParseWhole(t.Text, a.Int(1, 10)) is { } whole ? whole : Number.ParseReal(t.Text) is { } real && double.IsFinite(real) ? new BigInteger(Math.Truncate(real)) : a[0] ?? 0,
        FloatValue f when double.IsFinite(f.Value) => new BigInteger(Math.Truncate(f.Value)),
        _ => Number.Whole(value) is { } number ? number : a[0] ?? 0,
    };

    /// <summary>Python's round: to the nearest, halves to even, judged by the digits the float really has.</summary>
    static Value Round(Slots a, Value value)
    {
        if (Number.Real(value) is not { } real)
            throw value is UndefinedValue u ? u.Error() : new TemplateException($"round expects a number, found {value.Type}");
        int precision = a.Int(0, 0);
        string method = a.Text(1, "common");
        if (method is not ("common" or "ceil" or "floor") || precision is < -300 or > 300)
            throw new TemplateException("round expects 'common', 'ceil' or 'floor' and at most 300 digits");
        double scale = Math.Pow(10, precision);
        if (method != "common")
            return (method == "ceil" ? Math.Ceiling(real * scale) : Math.Floor(real * scale)) / scale;
        if (value is not FloatValue)
            return precision >= 0 ? Number.Whole(value)!.Value : new BigInteger(Math.Round(real * scale)) * BigInteger.Pow(10, -precision);
        if (!double.IsFinite(real) || precision > 15)
            return real;
        return precision <= 0 ? Math.Round(real * scale) / scale : Number.ParseReal(real.ToString("F" + precision, CultureInfo.InvariantCulture))!.Value;
    }

    static Value ToJson(Slots a, Value value)
    {
        string? indent = a.Given(1) switch { null => null, TextValue t => t.Text, var n => new string(' ', Math.Clamp(Number.Index(n), 0, 100)) };
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (a.Given(2) is { } separators)
            (item, key) = separators is SequenceValue { List: [TextValue i, TextValue k] } ? (i.Text, k.Text) : throw new TemplateException("tojson: separators must be a pair of strings");
        var to = new TextBuilder(a.Run);
        new JsonText(to, a.Truth(0), indent, item, key, a.Truth(3)).Write(value);
        return to.ToString();
    }
}
