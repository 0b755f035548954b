namespace Dayu.Templates;

/// <summary>Filters over the elements of a sequence.</summary>
static class SequenceFilters
{
    public static IEnumerable<Builtin> All =>
    [
        new("length", "", (a, value) => Length(value)),
        new("count", "", (a, value) => Length(value)),
        new("list", "", (a, value) => a.Run.List(Items(a, value))),
        new("first", "", First),
        new("last", "", Last),
        new("join", "d? attribute?", Join),
        new("sort", "reverse? case_sensitive? attribute?", Sort),
        new("dictsort", "case_sensitive? by? reverse?", DictSort),
        new("groupby", "attribute default? case_sensitive?", Grouping.By),
        new("random", "", Random),
        new("unique", "case_sensitive? attribute?", (a, value) => new GeneratorValue(Unique(a, value))),
        new("min", "case_sensitive? attribute?", (a, value) => Extreme(a, value, "<")),
        new("max", "case_sensitive? attribute?", (a, value) => Extreme(a, value, ">")),
        new("sum", "attribute? start?", Sum),
        new("reverse", "", Reverse),
        new("items", "", (a, value) => value switch
        {
            DictValue d => new GeneratorValue(d.Pairs(SequenceKind.List).List),
            UndefinedValue => new GeneratorValue([]),
            _ => throw new TemplateException($"items expects a dict, found {value.Type}"),
        }),
        new("batch", "linecount fill_with?", (a, value) => new GeneratorValue(Batch(a, Items(a, value)))),
        new("slice", "slices fill_with?", (a, value) => new GeneratorValue(Slices(a, [.. Items(a, value)]))),
    ];

    static IEnumerable<Value> Items(Slots a, Value value) => a.Run.Iterate(value, "filter");

    static int Length(Value value) => value.Length ?? throw new TemplateException($"object of type '{value.Type}' has no len()");

    /// <summary>Reads the attribute named by an argument; without one, the element itself.</summary>
    static Func<Value, Value> Getter(Slots a, int attribute) =>
        a.Given(attribute) is { } path ? AttributePath.Reader(a.Run, path) : item => item;

    static Func<Value, Value> Key(Slots a, int attribute, bool caseSensitive)
    {
        var get = Getter(a, attribute);
        return item => caseSensitive ? get(item) : Sorting.IgnoringCase(a.Run, get(item));
    }

    static Value First(Slots a, Value value) =>
        Items(a, value).FirstOrDefault() ?? new UndefinedValue("No first item, sequence was empty.");

    static Value Last(Slots a, Value value)
    {
        if (value is GeneratorValue)
            throw new TemplateException("'generator' object is not reversible");
        return Items(a, value).LastOrDefault() ?? new UndefinedValue("No last item, sequence was empty.");
    }

    static Value Random(Slots a, Value value)
    {
        int length = Length(value);
        if (length == 0)
            return new UndefinedValue("No random item, sequence was empty.");
        Value index = a.Run.Chance.Next(length);
        return value.Item(index) ?? throw new TemplateException($"'{value.Type}' object has no element {a.Run.Text(index).Text}");
    }

    static Value Sort(Slots a, Value value) =>
        new SequenceValue(Sorting.By(Items(a, value), Key(a, 2, a.Truth(1)), a.Run, a.Truth(0)));

    static Value Sum(Slots a, Value value) =>
        Items(a, value).Select(Getter(a, 0)).Aggregate(a[1] ?? 0, (sum, item) => Operators.Apply(a.Run, "+", sum, item));

    static Value Join(Slots a, Value value)
    {
        var items = Items(a, value).Select(Getter(a, 1));
        if (!a.Run.Escapes)
            return Html.Joined(a.Run, items, a.Text(0), safe: false);
        Value[] all = [.. items];
        bool safe = a[0] is { } separator && Html.IsSafe(separator) || all.Any(Html.IsSafe);
        return Html.Joined(a.Run, all, safe && a[0] is { } given ? Html.Safe(a.Run, given) : a.Text(0), safe);
    }

    static Value DictSort(Slots a, Value value)
    {
        if (value is not DictValue dict)
            throw value is UndefinedValue u ? u.Error() : new TemplateException($"dictsort expects a dict, found {value.Type}");
        int by = a.Text(1, "key").Text switch
        {
            "key" => 0,
            "value" => 1,
            var other => throw new TemplateException($"dictsort sorts by 'key' or 'value', not '{other}'"),
        };
        bool caseSensitive = a.Truth(0);
        var pairs = a.Run.Iterate(dict.Pairs(SequenceKind.List), "dictsort");
        return new SequenceValue(Sorting.By(pairs, Key, a.Run, a.Truth(2)));

        Value Key(Value pair)
        {
            var part = ((SequenceValue)pair).List[by];
            return caseSensitive ? part : Sorting.IgnoringCase(a.Run, part);
        }
    }

    static IEnumerable<Value> Unique(Slots a, Value value)
    {
        var (seen, key) = (new HashSet<Value>(), Key(a, 1, a.Truth(0)));
        foreach (var item in Items(a, value))
            if (seen.Add(a.Run.Key(key(item))))
                yield return item;
    }

    static Value Extreme(Slots a, Value value, string better)
    {
        var key = Key(a, 1, a.Truth(0));
        Value? best = null;
        foreach (var item in Items(a, value))
            if (best is null || Operators.Apply(a.Run, better, key(item), key(best)).Truth)
                best = item;
        return best ?? new UndefinedValue("No aggregated item, sequence was empty.");
    }

    static Value Reverse(Slots a, Value value)
    {
        if (value is TextValue t)
            return Slicing.Slice(a.Run, t, null, null, -1);
        if (value is GeneratorValue)
            throw new TemplateException("reverse: a generator cannot be reversed; put |list before it");
        return new GeneratorValue(Items(a, value).Reverse());
    }

    static IEnumerable<Value> Batch(Slots a, IEnumerable<Value> items)
    {
        int size = a.Int(0, 0);
        var batch = new List<Value>();
        foreach (var item in items)
        {
            if (batch.Count == size)
            {
                yield return new SequenceValue(batch);
                batch = [];
            }
            batch.Add(item);
        }
        if (batch.Count == 0)
            yield break;
        for (; a.Given(1) is { } fill && batch.Count < size; a.Run.Step())
            batch.Add(fill);
        yield return new SequenceValue(batch);
    }

    static IEnumerable<Value> Slices(Slots a, List<Value> items)
    {
        int slices = a.Int(0, 0);
        if (slices <= 0)
            throw new TemplateException("slice: the number of slices must be positive");
        int at = 0, each = items.Count / slices, longer = items.Count % slices;
        for (int i = 0; i < slices; i++)
        {
            a.Run.Step();
            var part = items.GetRange(at, each + (i < longer ? 1 : 0));
            at += part.Count;
            if (a.Given(1) is { } fill && longer > 0 && i >= longer)
                part.Add(fill);
            yield return new SequenceValue(part);
        }
    }
}
