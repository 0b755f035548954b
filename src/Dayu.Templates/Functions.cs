namespace Dayu.Templates;

/// <summary>The functions a template finds: Jinja's, and the two that Transformers adds.</summary>
static class Functions
{
    const int MaxRange = 100_000;

    public static readonly Dictionary<string, Builtin> Table = Builtin.Table(
        new("range", "start stop? step?", (a, _) => Range(a)),
        new("dict", "*", (a, _) => new DictValue(new(Start(a).Concat(a.All.ToDict().Entries)))),
        new("joiner", "sep?", (a, _) => Joiner(a.Run, a[0] ?? TextValue.ByTemplate(", "))),
        new("cycler", "*", (a, _) => Cycler.Of(a.All.Positional)),
        new("lipsum", "n? html? min? max?", (a, _) => Lorem.Text(a)),
        new("namespace", "*", (a, _) => Namespace(a)),
        new("raise_exception", "message", (a, _) => throw new TemplateException(a.Text(0).Text, default, raisedByTemplate: true)),
        new("strftime_now", "format", (a, _) => TimeFormat.Apply(a.Run, a.String(0), a.Run.Clock.GetLocalNow())));

    /// <summary>A function that gives nothing when it is first called, and the separator from then on.</summary>
    static FunctionValue Joiner(Run run, Value separator)
    {
        bool used = false;
        return new("joiner", (_, _) =>
        {
            var text = used ? run.Text(separator) : AuthoredText.Empty;
            used = true;
            return text;
        });
    }

    static NamespaceValue Namespace(Slots a)
    {
        var attributes = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (key, value) in Start(a).Concat(a.All.ToDict().Entries))
            attributes[a.Run.Text(key).Text] = value;
        return new(attributes);
    }

    /// <summary>What a dict or namespace copies from its one positional argument.</summary>
    static IEnumerable<KeyValuePair<Value, Value>> Start(Slots a)
    {
        a.Run.Step(a.All.Positional.Sum(p => p.Length ?? 1));
        return a.All.Positional switch
        {
            [] => [],
            [DictValue d] => d.Entries.Where(e => a.All.Named.All(n => !e.Key.Equals(n.Key))),
            _ => throw new TemplateException("dict() and namespace() expect one dict, or names with values"),
        };
    }

    static Value Range(Slots a)
    {
        long first = a.Int(0, 0), start = a[1] is null ? 0 : first, stop = a[1] is null ? first : a.Int(1, 0), step = a.Int(2, 1);
        if (step == 0)
            throw new TemplateException("range(): the step cannot be zero");
        long count = Math.Max(0, (stop - start + step - Math.Sign(step)) / step);
        if (count > MaxRange)
            throw new TemplateException($"range(): {count} items; a template may have {MaxRange}");
        a.Run.Step(count);
        var items = new Value[count];
        for (int i = 0; i < items.Length; i++)
            items[i] = (int)(start + i * step);
        string repr = step == 1 ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})";
        return new SequenceValue(items, SequenceKind.Range, repr);
    }
}
