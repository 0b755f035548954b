using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>
/// Attention in one pass over the keys, no score stored. Dao et al. 2022, arXiv:2205.14135; keys split for decoding as in Flash-Decoding (Dao et al. 2023).
/// Keys are folded in chunks of 64 and segments of 512, both counted from the first key of the sequence: a row's bits depend neither on how the cache is cut into
/// blocks, nor on how many queries are computed at once, nor on threads.
/// </summary>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override Tensor Attention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var y = q.Like();
        var lse = q.Arena.New(q.Rows, spec.Heads);
        var plan = q.Arena.New(DType.I32, new(2, layout.Count + 1));
        var call = new AttentionCall(Floats(q), Floats(k), Floats(v), Floats(y), Floats(lse), Ints(plan), layout, spec);
        var (chunks, work) = call.Plan();
        if (call.PartialRows is > 0 and var rows) call.Partials = Floats(q.Arena.New(rows, call.PartialWidth));
        Run(new AttentionJob(call, machine.Scratch), chunks, work);
        if (call.PartialRows > 0) Run(new AttentionMergeJob(call), layout.Count, call.PartialRows * call.Width);
        return q.NeedsGrad || k.NeedsGrad || v.NeedsGrad ? y.Records(AttentionBackward(q, k, v, y, lse, layout, spec)) : y;
    }

    /// <summary>One call: where everything lies, and how it is cut into work.</summary>
    struct AttentionCall(float* q, float* k, float* v, float* y, float* lse, int* itemStarts, SequenceLayout layout, AttentionSpec spec)
    {
        public readonly float* Q = q, K = k, V = v;
        public readonly SequenceLayout Layout = layout;
        public readonly AttentionSpec Spec = spec;
        readonly float* y = y, lse = lse;
        readonly int* itemStarts = itemStarts;

        /// <summary>Query heads that read one key head.</summary>
        public int Group { get; } = spec.Heads / spec.KeyValueHeads;

        /// <summary>Head width, up to whole vectors.</summary>
        public nint Width { get; } = (spec.HeadWidth + 15) & ~15;

        /// <summary>Results of segments that are to be merged: for each (part, query, head) of a sequence whose keys are split.</summary>
        public float* Partials { get; set; }

        /// <summary>Values, then their largest score and the sum of their weights.</summary>
        public readonly long PartialWidth => Width + 16;

        readonly int* PartialStarts => itemStarts + Layout.Count + 1;

        public readonly int PartialRows => PartialStarts[Layout.Count];

        /// <summary>Queries computed together: about 48 rows share each key that is loaded.</summary>
        public readonly int TileQueries => Math.Max(1, 48 / Group);

        public readonly int Queries(int s) => Layout.QueryStarts[s + 1] - Layout.QueryStarts[s];

        /// <summary>Few queries before many keys: the keys are split, so that more than the key heads can be computed at once.</summary>
        public readonly int Parts(int s) => Queries(s) <= TileQueries ? Math.Max(1, (Layout.KeyCounts[s] + AttentionTile.Segment - 1) / AttentionTile.Segment) : 1;

        /// <summary>Where the partial result of a part of a query's head lies.</summary>
        public readonly float* Partial(int s, int part, int query, int head) =>
            Partials + ((long)PartialStarts[s] + ((long)part * Queries(s) + query) * Spec.Heads + head) * PartialWidth;

        /// <summary>Writes the result of a query's head.</summary>
        public readonly void Finish(float* record, int s, int query, int head)
        {
            var at = ((long)Layout.QueryStarts[s] + query) * Spec.Heads + head;
            lse[at] = AttentionTile.Finish(record, y + at * Spec.HeadWidth, Spec.HeadWidth, Width);
        }

        /// <summary>Counts the pieces of work: the number of chunks, and about how many multiplications they are.</summary>
        public readonly (int Chunks, long Work) Plan()
        {
            var (items, partials, work) = (0, 0, 0L);
            for (var s = 0; s < Layout.Count; s++)
            {
                (itemStarts[s], PartialStarts[s]) = (items, partials);
                var (queries, parts) = (Queries(s), Parts(s));
                items = checked(items + (queries + TileQueries - 1) / TileQueries * parts * Spec.KeyValueHeads);
                if (parts > 1) partials = checked(partials + parts * queries * Spec.Heads);
                work += (long)queries * Layout.KeyCounts[s] * Spec.Heads * Spec.HeadWidth;
            }
            (itemStarts[Layout.Count], PartialStarts[Layout.Count]) = (items, partials);
            return (items, work);
        }

        /// <summary>The first piece of work of a sequence.</summary>
        public readonly int FirstItem(int s) => itemStarts[s];

        /// <summary>The sequence a piece of work belongs to.</summary>
        public readonly int SequenceOf(int item)
        {
            var (low, high) = (0, Layout.Count);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (itemStarts[middle] <= item) low = middle;
                else high = middle;
            }
            return low;
        }
    }

    /// <summary>One tile of queries, one key head, all keys or one segment of them.</summary>
    readonly struct AttentionJob(AttentionCall call, Scratch scratch) : IJob
    {
        public void Run(int item)
        {
            var s = call.SequenceOf(item);
            var local = item - call.FirstItem(s);
            var parts = call.Parts(s);
            var (head, part, first) = (local % call.Spec.KeyValueHeads, local / call.Spec.KeyValueHeads % parts, local / call.Spec.KeyValueHeads / parts * call.TileQueries);
            var queries = Math.Min(call.TileQueries, call.Queries(s) - first);
            var buffer = scratch.Rent(AttentionTile.BytesFor(queries * call.Group, call.Width));
            var tile = new AttentionTile(buffer.Pointer, queries * call.Group, call.Width);
            for (var t = 0; t < queries; t++)
            {
                var row = (long)call.Layout.QueryStarts[s] + first + t;
                var (sees, end) = call.Spec.Sees(call.Layout.Position(s, (int)row), call.Layout.KeyCounts[s]);
                for (var g = 0; g < call.Group; g++)
                    tile.SetRow(t * call.Group + g, call.Q + (row * call.Spec.Heads + head * call.Group + g) * call.Spec.HeadWidth, call.Spec.HeadWidth, call.Spec.ScoreScale, sees, end);
            }
            var keys = new AttentionKeys(call.K, call.V, call.Layout, s, call.Spec, head);
            if (parts > 1) tile.Fold(keys, part);
            else tile.FoldAll(keys);
            for (var r = 0; r < queries * call.Group; r++)
            {
                var (t, h) = (first + r / call.Group, head * call.Group + r % call.Group);
                if (parts == 1) call.Finish(tile.Record(r), s, t, h);
                else new ReadOnlySpan<float>(tile.Record(r), (int)call.Width + 2).CopyTo(new(call.Partial(s, part, t, h), (int)call.Width + 2));
            }
            scratch.Return(buffer);
        }
    }

    /// <summary>Merges the segments of a sequence in their order.</summary>
    readonly struct AttentionMergeJob(AttentionCall call) : IJob
    {
        public void Run(int s)
        {
            if (call.Parts(s) == 1) return;
            for (var t = 0; t < call.Queries(s); t++)
                for (var h = 0; h < call.Spec.Heads; h++)
                {
                    var total = call.Partial(s, 0, t, h);
                    for (var part = 1; part < call.Parts(s); part++)
                    {
                        var next = call.Partial(s, part, t, h);
                        AttentionTile.Merge(total, next, next[call.Width], next[call.Width + 1], call.Width);
                    }
                    call.Finish(total, s, t, h);
                }
        }
    }
}
