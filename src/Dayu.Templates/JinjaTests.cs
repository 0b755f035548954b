namespace Dayu.Templates;

/// <summary>What may stand behind <c>is</c>.</summary>
static class JinjaTests
{
    public static readonly Dictionary<string, Builtin> Table = Builtin.Table([
        Is("defined", v => v is not UndefinedValue), Is("undefined", v => v is UndefinedValue),
        Is("none", v => v is NoneValue), Is("boolean", v => v is BoolValue),
        Is("true", v => v is BoolValue && v.Truth), Is("false", v => v is BoolValue && !v.Truth),
        Is("string", v => v is TextValue), Is("mapping", v => v is DictValue),
        Is("number", v => Number.Real(v) is not null), Is("integer", v => v is IntValue), Is("float", v => v is FloatValue),
        Is("iterable", v => v.Items is not null), Is("callable", v => v is FunctionValue or UndefinedValue),
        Is("sequence", v => v is TextValue or DictValue or UndefinedValue or SequenceValue { Kind: not SequenceKind.View }),
        Is("escaped", v => v is TextValue { Safe: true }),
        new("lower", "", (a, v) => a.Run.Text(v).Text is var s && s.Any(char.IsLower) && !s.Any(char.IsUpper)),
        new("upper", "", (a, v) => a.Run.Text(v).Text is var s && s.Any(char.IsUpper) && !s.Any(char.IsLower)),
        new("odd", "", (a, v) => Remainder(a, v, 2) == 1), new("even", "", (a, v) => Remainder(a, v, 2) == 0),
        new("divisibleby", "num", (a, v) => Operators.Apply(a.Run, "%", v, a[0]!).Truth == false),
        new("sameas", "other", (a, v) =>
            ReferenceEquals(v, a[0]) || v is NoneValue or BoolValue && v.Type == a[0]!.Type && v.Equals(a[0])),
        new("in", "seq", (a, v) => Operators.Contains(a.Run, a[0]!, v)),
        new("filter", "", (a, v) => v is TextValue t && Filters.Table.ContainsKey(t.Text)),
        new("test", "", (a, v) => v is TextValue t && Table!.ContainsKey(t.Text)),
        .. Compare("==", "eq", "equalto", "=="), .. Compare("!=", "ne", "!="),
        .. Compare("<", "lt", "lessthan", "<"), .. Compare("<=", "le", "<="),
        .. Compare(">", "gt", "greaterthan", ">"), .. Compare(">=", "ge", ">="),
    ]);

    /// <summary>A test that is named by a value, as in <c>selectattr('role', 'eq', 'user')</c>.</summary>
    public static Builtin Named(string name) =>
        Table.GetValueOrDefault(name) ?? throw new TemplateException($"unknown test '{name}'");

    static Builtin Is(string name, Func<Value, bool> test) => new(name, "", (a, v) => test(v));

    static IEnumerable<Builtin> Compare(string op, params string[] names) =>
        names.Select(name => new Builtin(name, "other", (a, v) => Operators.Apply(a.Run, op, v, a[0]!)));

    static double? Remainder(Slots a, Value value, int by) => Number.Real(Operators.Apply(a.Run, "%", value, by));
}
