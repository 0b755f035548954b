using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>One call of attention: its operands, and how it is cut into work items.</summary>
internal unsafe struct AttentionCall(
    float* q, byte* k, byte* v, float* y, float* lse, int* plan, SequenceLayout layout, AttentionSpec spec, int threads)
{
    /// <summary>Work items per thread if keys are split: few, because the first keys of an item have not been prefetched.</summary>
    const int ItemsPerThread = 4;

    public readonly float* Q = q;
    public readonly byte* K = k, V = v;
    public readonly SequenceLayout Layout = layout;
    public readonly AttentionSpec Spec = spec;
    readonly float* y = y, lse = lse;
    readonly int* itemStarts = plan, stateStarts = plan + layout.Count + 1;

    /// <summary>Query heads that read one key head.</summary>
    public int Group { get; } = spec.Heads / spec.KeyValueHeads;

    /// <summary>Head width, rounded up to whole vectors.</summary>
    public nint Width { get; } = (spec.HeadWidth + 15) & ~15;

    /// <summary>
    /// States to be merged (<see cref="OnlineSoftmax"/>): [segments, queries, heads] for each sequence whose keys are split.
    /// </summary>
    public float* States { get; set; }

    /// <summary>The number of these states.</summary>
    public readonly int StateCount => stateStarts[Layout.Count];

    /// <summary>Queries computed together, so that about 48 rows share each key that is loaded.</summary>
    public readonly int TileQueries => Math.Max(1, 48 / Group);

    public readonly int Queries(int s) => Layout.QueryStarts[s + 1] - Layout.QueryStarts[s];

    /// <summary>The address of a query's head.</summary>
    public readonly float* Query(int row, int head) => Q + ((long)row * Spec.Heads + head) * Spec.HeadWidth;

    /// <summary>Segments that a sequence's keys are split into: if queries are few, threads share the keys, else the queries.</summary>
    public readonly int Segments(int s) =>
        Queries(s) <= TileQueries ? Math.Max(1, (Layout.KeyCounts[s] + AttentionTile.Segment - 1) / AttentionTile.Segment) : 1;

    /// <summary>The state of a query's head over a segment.</summary>
    public readonly float* State(int s, int segment, int query, int head) =>
        States + ((long)stateStarts[s] + ((long)segment * Queries(s) + query) * Spec.Heads + head) * OnlineSoftmax.Size(Width);

    /// <summary>Writes the result of a query's head.</summary>
    public readonly void Finish(float* state, int s, int query, int head)
    {
        var at = ((long)Layout.QueryStarts[s] + query) * Spec.Heads + head;
        lse[at] = OnlineSoftmax.Finish(state, y + at * Spec.HeadWidth, Spec.HeadWidth, Width);
    }

    /// <summary>Segments of a sequence's keys in a work item.</summary>
    public readonly int SegmentsPerItem(int s) => Math.Max(1, Segments(s) / (ItemsPerThread * threads));

    /// <summary>Cuts the call into work items; returns their number, and about how many multiplications they are.</summary>
    public readonly (int Items, long Work) Plan()
    {
        var (items, states, work) = (0, 0, 0L);
        for (var s = 0; s < Layout.Count; s++)
        {
            (itemStarts[s], stateStarts[s]) = (items, states);
            var split = Segments(s) > 1;
            var (parts, perItem) = split ? (Segments(s), SegmentsPerItem(s)) : (Queries(s), TileQueries);
            items = checked(items + (parts + perItem - 1) / perItem);
            if (split) states = checked(states + Segments(s) * Queries(s) * Spec.Heads);
            work += (long)Queries(s) * Layout.KeyCounts[s] * Spec.Heads * Spec.HeadWidth;
        }
        (itemStarts[Layout.Count], stateStarts[Layout.Count]) = (items, states);
        return (items, work);
    }

    /// <summary>The sequence of a work item, and the index of the item within it.</summary>
    public readonly (int Sequence, int Part) Item(int item)
    {
        var (s, end) = (0, Layout.Count);
        while (end - s > 1)
        {
            var middle = (s + end) / 2;
            if (itemStarts[middle] <= item) s = middle;
            else end = middle;
        }
        return (s, item - itemStarts[s]);
    }
}
