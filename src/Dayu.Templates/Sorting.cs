namespace Dayu.Templates;

/// <summary>
/// Python's sort: stable, by keys that must have an order among them. Merging asks only "is this less than that", as
/// Python does.
/// </summary>
static class Sorting
{
    public static IReadOnlyList<T> By<T>(IEnumerable<T> items, Func<T, Value> key, Run run, bool reverse)
    {
        var keyed = items.Select(item => (Item: item, Key: key(item))).ToArray();
        var spare = new (T Item, Value Key)[keyed.Length];
        for (int width = 1; width < keyed.Length; width *= 2)
        {
            for (int start = 0; start < keyed.Length; start += 2 * width)
            {
                int right = Math.Min(start + width, keyed.Length), end = Math.Min(start + 2 * width, keyed.Length);
                Merge(run, keyed, spare, start, right, end, reverse);
            }
            (keyed, spare) = (spare, keyed);
        }
        return [.. keyed.Select(k => k.Item)];
    }

    static void Merge<T>(Run run, (T Item, Value Key)[] from, (T Item, Value Key)[] to, int left, int right, int end, bool reverse)
    {
        int a = left, b = right;
        for (int i = left; i < end; i++)
        {
            bool takeRight = a == right || b < end && Before(from[b].Key, from[a].Key);
            to[i] = takeRight ? from[b++] : from[a++];
        }

        bool Before(Value later, Value earlier) =>
            (reverse ? Operators.Apply(run, "<", earlier, later) : Operators.Apply(run, "<", later, earlier)).Truth;
    }

    /// <summary>Text without its case, everything else as it is: how Jinja sorts unless told otherwise.</summary>
    public static Value IgnoringCase(Run run, Value value) => value is TextValue t ? Casing.Lower(run, t.Authored) : value;
}
