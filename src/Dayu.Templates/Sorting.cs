namespace Dayu.Templates;

/// <summary>Python's sort: stable, by keys that must have an order among them. Merging asks only "is this less than that", as Python does.</summary>
static class Sorting
{
    public static IReadOnlyList<T> By<T>(IEnumerable<T> items, Func<T, Value> key, Run run, bool reverse)
    {
        var keyed = items.Select(item => (Item: item, Key: key(item))).ToArray();
        var spare = new (T Item, Value Key)[keyed.Length];
        for (int width = 1; width < keyed.Length; width *= 2)
        {
            for (int start = 0; start < keyed.Length; start += 2 * width)
                Merge(run, keyed, spare, start, Math.Min(start + width, keyed.Length), Math.Min(start + 2 * width, keyed.Length), reverse);
            (keyed, spare) = (spare, keyed);
        }
        return [.. keyed.Select(k => k.Item)];
    }

    static void Merge<T>(Run run, (T Item, Value Key)[] from, (T Item, Value Key)[] to, int left, int right, int end, bool reverse)
    {
        int a = left, b = right;
        for (int i = left; i < end; i++)
        {
            bool takeRight = a == right || b < end && (reverse ? Operators.Apply(run, "<", from[a].Key, from[b].Key) : Operators.Apply(run, "<", from[b].Key, from[a].Key)).Truth;
            to[i] = takeRight ? from[b++] : from[a++];
        }
    }

    /// <summary>Text without its case, everything else as it is: how Jinja sorts unless told otherwise.</summary>
    public static Value IgnoringCase(Run run, Value value)
    {
        if (value is not TextValue t)
            return value;
        run.Charge(t.Text.Length);
        return t.Text.ToLowerInvariant();
    }
}
