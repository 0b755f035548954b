namespace Dayu.Templates;

/// <summary>
/// <c>groupby</c>: the elements that have an attribute in common, sorted by it. Each group is a pair that knows its
/// parts by name too.
/// </summary>
static class Grouping
{
    static readonly string[] names = ["grouper", "list"];

    public static SequenceValue By(Slots a, Value value)
    {
        var get = AttributePath.Reader(a.Run, a[0]!, a[1]);
        bool caseSensitive = a.Truth(2);
        var sorted = Sorting.By(a.Run.Iterate(value, "groupby"), Key, a.Run, reverse: false);
        var groups = new List<Value>();
        for (int start = 0, end; start < sorted.Count; start = end)
        {
            var key = Key(sorted[start]);
            for (end = start + 1; end < sorted.Count && a.Run.Same(Key(sorted[end]), key); end++)
                a.Run.Step();
            var list = new SequenceValue([.. sorted.Skip(start).Take(end - start)]);
            groups.Add(new SequenceValue([get(sorted[start]), list], SequenceKind.Tuple) { Names = names });
        }
        return new(groups);

        Value Key(Value item) => caseSensitive ? get(item) : Sorting.IgnoringCase(a.Run, get(item));
    }
}
