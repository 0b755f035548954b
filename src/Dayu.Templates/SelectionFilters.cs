using System.Globalization;

namespace Dayu.Templates;

/// <summary>
/// Filters that apply another filter or a test to each element: <c>map</c>, <c>select</c>, <c>reject</c>,
/// <c>selectattr</c>, <c>rejectattr</c>.
/// </summary>
static class SelectionFilters
{
    public static IEnumerable<Builtin> All =>
    [
        new("map", "*", (a, value) => new GeneratorValue(Map(a, value))),
        new("select", "*", (a, value) => new GeneratorValue(Select(a, value, attribute: false, keep: true))),
        new("reject", "*", (a, value) => new GeneratorValue(Select(a, value, attribute: false, keep: false))),
        new("selectattr", "*", (a, value) => new GeneratorValue(Select(a, value, attribute: true, keep: true))),
        new("rejectattr", "*", (a, value) => new GeneratorValue(Select(a, value, attribute: true, keep: false))),
    ];

    static string NameAt(Arguments all, int i) =>
        all.Positional[i] is TextValue t ? t.Text : throw new TemplateException("the name of a filter or test must be a string");

    /// <summary>The elements; none of what is false, None included.</summary>
    static IEnumerable<Value> Items(Slots a, Value value, string filter) => value.Truth ? a.Run.Iterate(value, filter) : [];

    static IEnumerable<Value> Map(Slots a, Value value)
    {
        if (a.All.Positional.Count == 0)
        {
            var path = a.All.Name("attribute") ?? throw new TemplateException("map needs a filter's name or attribute=");
            var read = AttributePath.Reader(a.Run, path, a.All.Name("default"));
            foreach (var item in Items(a, value, "map"))
                yield return read(item);
            yield break;
        }
        var filter = Filters.Named(NameAt(a.All, 0));
        var rest = a.All.Skip(1);
        foreach (var item in Items(a, value, "map"))
            yield return filter.Call(a.Run, item, rest);
    }

    static IEnumerable<Value> Select(Slots a, Value value, bool attribute, bool keep)
    {
        int own = attribute ? 1 : 0;
        if (a.All.Positional.Count < own)
            throw new TemplateException("selectattr and rejectattr need an attribute's name");
        var read = attribute ? AttributePath.Reader(a.Run, a.All.Positional[0]) : item => item;
        var test = a.All.Positional.Count > own ? JinjaTests.Named(NameAt(a.All, own)) : null;
        var rest = a.All.Skip(own + 1);
        foreach (var item in Items(a, value, "select"))
            if ((test?.Call(a.Run, read(item), rest) ?? read(item)).Truth == keep)
                yield return item;
    }
}

/// <summary>An attribute given by name: <c>'a.b.0'</c> goes from one to the next, digits being indices.</summary>
static class AttributePath
{
    public static Func<Value, Value> Reader(Run run, Value path, Value? missing = null)
    {
        IReadOnlyList<Value> parts = path is TextValue names ? [.. names.Text.Split('.').Select(Key)] : [path];
        return item => parts.Aggregate(item, Follow);

        Value Follow(Value value, Value part) =>
            Access.Item(run, value, part) is var found && found is UndefinedValue && missing is not null ? missing : found;
    }

    static Value Key(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : TextValue.ByTemplate(part);
}
