using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>One call of attention: where everything lies, and how it is cut into work.</summary>
internal unsafe struct AttentionCall(float* q, byte* k, byte* v, float* y, float* lse, int* plan, SequenceLayout layout, AttentionSpec spec, int threads)
{
    /// <summary>Pieces of work a thread, where there are keys enough: few, for at the beginning of each nothing has been fetched prefetch.</summary>
    const int PiecesEach = 4;

    public readonly float* Q = q;
    public readonly byte* K = k, V = v;
    public readonly SequenceLayout Layout = layout;
    public readonly AttentionSpec Spec = spec;
    readonly float* y = y, lse = lse;
    readonly int* itemStarts = plan, recordStarts = plan + layout.Count + 1;

    /// <summary>Query heads that read one key head.</summary>
    public int Group { get; } = spec.Heads / spec.KeyValueHeads;

    /// <summary>Head width, up to whole vectors.</summary>
    public nint Width { get; } = (spec.HeadWidth + 15) & ~15;

    /// <summary>Results of segments that are to be merged: for each (segment, query, head) of a sequence whose keys are split.</summary>
    public float* Records { get; set; }

    /// <summary>How many of them there are.</summary>
    public readonly int RecordCount => recordStarts[Layout.Count];

    /// <summary>Queries computed together: about 48 rows share each key that is loaded.</summary>
    public readonly int TileQueries => Math.Max(1, 48 / Group);

    public readonly int Queries(int s) => Layout.QueryStarts[s + 1] - Layout.QueryStarts[s];

    /// <summary>Few queries before many keys: it is the keys that are split among threads, else the queries.</summary>
    public readonly int Segments(int s) => Queries(s) <= TileQueries ? Math.Max(1, (Layout.KeyCounts[s] + AttentionTile.Segment - 1) / AttentionTile.Segment) : 1;

    /// <summary>Where the result of a segment of a query's head lies.</summary>
    public readonly float* Record(int s, int segment, int query, int head) =>
        Records + ((long)recordStarts[s] + ((long)segment * Queries(s) + query) * Spec.Heads + head) * OnlineSoftmax.Size(Width);

    /// <summary>Writes the result of a query's head.</summary>
    public readonly void Finish(float* record, int s, int query, int head)
    {
        var at = ((long)Layout.QueryStarts[s] + query) * Spec.Heads + head;
        lse[at] = OnlineSoftmax.Finish(record, y + at * Spec.HeadWidth, Spec.HeadWidth, Width);
    }

    /// <summary>Segments of a sequence's keys that are one piece of work.</summary>
    public readonly int Together(int s) => Math.Max(1, Segments(s) / (PiecesEach * threads));

    /// <summary>Counts the pieces of work: how many there are, and about how many multiplications.</summary>
    public readonly (int Items, long Work) Plan()
    {
        var (items, records, work) = (0, 0, 0L);
        for (var s = 0; s < Layout.Count; s++)
        {
            (itemStarts[s], recordStarts[s]) = (items, records);
            items = checked(items + (Segments(s) > 1 ? (Segments(s) + Together(s) - 1) / Together(s) : (Queries(s) + TileQueries - 1) / TileQueries));
            if (Segments(s) > 1) records = checked(records + Segments(s) * Queries(s) * Spec.Heads);
            work += (long)Queries(s) * Layout.KeyCounts[s] * Spec.Heads * Spec.HeadWidth;
        }
        (itemStarts[Layout.Count], recordStarts[Layout.Count]) = (items, records);
        return (items, work);
    }

    /// <summary>What a piece of work is: a sequence, and which part of it.</summary>
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
