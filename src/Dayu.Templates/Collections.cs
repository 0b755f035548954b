namespace Dayu.Templates;

/// <summary>
/// What kind of sequence: they differ in how they print, what equals them, and whether they can be indexed or written
/// as JSON.
/// </summary>
enum SequenceKind { List, Tuple, Range, View }

/// <summary>A list, tuple, range, or view of a dict's keys, values or items. Never changed once made.</summary>
/// <param name="items">The elements, in order.</param>
/// <param name="kind">Which of the four.</param>
/// <param name="prefix">What <c>repr</c> writes: the view's name before its elements, or a whole range.</param>
sealed class SequenceValue(IReadOnlyList<Value> items, SequenceKind kind = SequenceKind.List, string prefix = "") : Value
{
    readonly (long Weight, int Depth) size = Size.Of(items);

    public IReadOnlyList<Value> List => items;

    /// <summary>Names of the elements, for what has any.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public override long Weight => size.Weight;
    public override int Depth => size.Depth;
    public SequenceKind Kind => kind;
    public override string Type =>
        kind switch { SequenceKind.List => "list", SequenceKind.Tuple => "tuple", SequenceKind.Range => "range", _ => prefix };

    public override bool Truth => items.Count > 0;
    public override int? Length => items.Count;
    public override IEnumerable<Value> Items => items;

    public override Value? Item(Value key)
    {
        if (kind == SequenceKind.View || key is not (IntValue or BoolValue))
            return null;
        int index = Number.Index(key);
        index = index < 0 ? index + items.Count : index;
        return index >= 0 && index < items.Count ? items[index] : null;
    }

    public override Value? Attribute(string name)
    {
        for (int i = 0; i < Names.Count; i++)
            if (Names[i] == name)
                return items[i];
        return kind == SequenceKind.View ? null : CollectionMethods.OfSequence(this, name);
    }

    public override void Show(TextBuilder to)
    {
        if (kind == SequenceKind.Range)
        {
            to.Append(prefix);
            return;
        }
        var (open, close) = kind switch
        {
            SequenceKind.Tuple => ("(", items.Count == 1 ? ",)" : ")"),
            SequenceKind.View => (prefix + "([", "])"),
            _ => ("[", "]"),
        };
        Run.CheckStack();
        to.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            to.Append(i == 0 ? "" : ", ");
            items[i].Show(to);
        }
        to.Append(close);
    }

    public override bool Equals(Value? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        Run.CheckStack();
        return other is SequenceValue s && s.Kind == kind && s.List.Count == items.Count && items.SequenceEqual(s.List);
    }

    public override int GetHashCode()
    {
        if (kind is SequenceKind.List or SequenceKind.View)
            return base.GetHashCode();
        Run.CheckStack();
        var hash = new HashCode();
        foreach (var item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }
}

/// <summary>A dict: keeps its keys in the order they came.</summary>
sealed class DictValue(OrderedDictionary<Value, Value> entries) : Value
{
    readonly (long Weight, int Depth) size = Size.Of(entries.Keys.Concat(entries.Values));

    public OrderedDictionary<Value, Value> Entries => entries;
    public override long Weight => size.Weight;
    public override int Depth => size.Depth;
    public override string Type => "dict";
    public override bool Truth => entries.Count > 0;
    public override int? Length => entries.Count;
    public override IEnumerable<Value> Items => entries.Keys;
    public override Value? Item(Value key) => entries.GetValueOrDefault(key);
    public override Value? Attribute(string name) => CollectionMethods.OfDict(this, name);

    public SequenceValue Pairs(SequenceKind kind, string prefix = "") =>
        new([.. entries.Select(e => new SequenceValue([e.Key, e.Value], SequenceKind.Tuple))], kind, prefix);

    public override void Show(TextBuilder to)
    {
        Run.CheckStack();
        to.Append("{");
        string comma = "";
        foreach (var (key, value) in entries)
        {
            to.Append(comma);
            key.Show(to);
            to.Append(": ");
            value.Show(to);
            comma = ", ";
        }
        to.Append("}");
    }

    public override bool Equals(Value? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        Run.CheckStack();
        return other is DictValue d && d.Entries.Count == entries.Count
            && entries.All(e => d.Entries.TryGetValue(e.Key, out var value) && e.Value.Equals(value));
    }
}

/// <summary>Weight and depth of what holds other values.</summary>
static class Size
{
    const int MaxDepth = 200;

    public static (long Weight, int Depth) Of(IEnumerable<Value> parts)
    {
        var (weight, depth) = (1L, 0);
        foreach (var part in parts)
            (weight, depth) = (Math.Min(weight + part.Weight, long.MaxValue / 4), Math.Max(depth, part.Depth));
        return depth < MaxDepth
            ? (weight, depth + 1)
            : throw new TemplateException($"lists or dicts nested more than {MaxDepth} levels deep");
    }
}

/// <summary>
/// What <c>map</c>, <c>select</c> and their like give: elements computed when asked for, and only once. It has no
/// length, index or JSON.
/// </summary>
sealed class GeneratorValue(IEnumerable<Value> items) : Value
{
    readonly IEnumerator<Value> source = items.GetEnumerator();

    public override string Type => "generator";
    public override void Show(TextBuilder to) => to.Append("<generator object>");
    public override bool Equals(Value? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => 3;

    public override IEnumerable<Value> Items
    {
        get
        {
            while (Next())
                yield return source.Current;
        }
    }

    bool Next()
    {
        Run.CheckStack();               // generators stand in generators as deeply as a template likes
        return source.MoveNext();
    }
}
