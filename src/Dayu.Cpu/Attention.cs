using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>
/// Attention in one pass over the keys, no score stored. Dao et al. 2022, arXiv:2205.14135; for decoding the keys are split as in
/// Flash-Decoding (Dao et al. 2023). Keys are computed in chunks of 64 and segments of 128, both counted from the first key of the
/// sequence: a row's bits depend neither on how the cache is cut into blocks, nor on how many queries are computed at once, nor on
/// threads.
/// </summary>
public sealed unsafe partial class CpuBackend
{
    /// <summary>
    /// Halves, unless this backend is exact: they are half the bytes to read, and their rounding is small beside that of the weights.
    /// </summary>
    public override DType CacheFormat => exact ? DType.F32 : DType.F16;

    /// <inheritdoc/>
    public override Tensor Attention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var y = q.Like();
        var lse = q.Arena.New(q.Rows, spec.Heads);
        var plan = q.Arena.New(DType.I32, new(2, layout.Count + 1));
        var call = new AttentionCall(
            Floats(q), (byte*)k.Address, (byte*)v.Address, Out(y), Out(lse), Ints(plan), layout, spec, Threads);
        var (items, work) = call.Plan();
        if (call.StateCount is > 0 and var states) call.States = Out(q.Arena.New(states, OnlineSoftmax.Size(call.Width)));
        if (k.DType == FloatRows.Format) Run(new AttentionJob<FloatRows>(call, machine.Scratch), items, 4 * work);
        else if (k.DType == HalfRows.Format) Run(new AttentionJob<HalfRows>(call, machine.Scratch), items, 4 * work);
        else Run(new AttentionJob<ByteRows>(call, machine.Scratch), items, 4 * work);
        if (call.StateCount > 0)
            Run(new AttentionMergeJob(call), layout.Count * spec.KeyValueHeads, call.StateCount * call.Width);
        return y.Follows(q, k, v) ? y.Records(AttentionBackward(q, k, v, y, lse, layout, spec)) : y;
    }

    /// <summary>A work item: all heads of a tile of queries, over all of their keys or, for few queries, over some segments.</summary>
    readonly struct AttentionJob<F>(AttentionCall call, Scratch scratch) : IJob where F : ICacheFormat
    {
        public void Run(int item)
        {
            var (s, part) = call.Item(item);
            var (split, heads) = (call.Segments(s) > 1, call.Spec.KeyValueHeads);
            var first = split ? 0 : part * call.TileQueries;
            var rows = Math.Min(call.TileQueries, call.Queries(s) - first) * call.Group;
            var keys = new AttentionKeys<F>(call.K, call.V, call.Layout, s, call.Spec);
            var bytes = AttentionTile.BytesFor(heads, rows, call.Width);
            var buffer = scratch.Rent(bytes + OnlineSoftmax.Size(call.Width) * heads * rows * sizeof(float));
            var tile = new AttentionTile(buffer.Pointer, heads, rows, call.Width, F.Root);
            for (var r = 0; r < rows; r++)
            {
                var row = call.Layout.QueryStarts[s] + first + r / call.Group;
                var (from, to) = call.Spec.Sees(call.Layout.Position(s, row), call.Layout.KeyCounts[s]);
                tile.SetSeen(r, from, to);
                for (var h = 0; h < heads; h++)
                    tile.SetQuery(h, r, call.Query(row, h * call.Group + r % call.Group), call.Spec.HeadWidth, call.Spec.ScoreScale);
            }
            if (split) SomeSegments(tile, keys, s, part, rows);
            else AllSegments(tile, keys, s, first, rows, (float*)(buffer.Pointer + bytes));
            scratch.Return(buffer);
        }

        /// <summary>Computes some segments, and keeps the state of each for <see cref="AttentionMergeJob"/>.</summary>
        void SomeSegments(AttentionTile tile, AttentionKeys<F> keys, int s, int part, int rows)
        {
            var start = part * call.SegmentsPerItem(s);
            var end = Math.Min(start + call.SegmentsPerItem(s), call.Segments(s));
            for (var segment = start; segment < end; segment++)
            {
                tile.Accumulate(keys, segment, tile.Seen(0, rows).To);
                for (var h = 0; h < call.Spec.KeyValueHeads; h++)
                    for (var r = 0; r < rows; r++)
                    {
                        var state = call.State(s, segment, r / call.Group, h * call.Group + r % call.Group);
                        OnlineSoftmax.Clear(state, call.Width);
                        tile.MergeInto(state, h, r);
                    }
            }
        }

        /// <summary>Computes and merges segment after segment, and writes the result.</summary>
        void AllSegments(AttentionTile tile, AttentionKeys<F> keys, int s, int first, int rows, float* states)
        {
            var (size, heads) = (OnlineSoftmax.Size(call.Width), call.Spec.KeyValueHeads);
            var (from, to) = tile.Seen(0, rows);
            for (var i = 0; i < heads * rows; i++) OnlineSoftmax.Clear(states + i * size, call.Width);
            for (var segment = from / AttentionTile.Segment; segment * AttentionTile.Segment < to; segment++)
            {
                tile.Accumulate(keys, segment, to);
                for (var i = 0; i < heads * rows; i++) tile.MergeInto(states + i * size, i / rows, i % rows);
            }
            for (var i = 0; i < heads * rows; i++)
            {
                var (h, r) = (i / rows, i % rows);
                call.Finish(states + i * size, s, first + r / call.Group, h * call.Group + r % call.Group);
            }
        }
    }

    /// <summary>Merges the segments of a sequence in order, for one key head.</summary>
    readonly struct AttentionMergeJob(AttentionCall call) : IJob
    {
        public void Run(int item)
        {
            var (s, head) = (item / call.Spec.KeyValueHeads, item % call.Spec.KeyValueHeads);
            if (call.Segments(s) == 1) return;
            for (var t = 0; t < call.Queries(s); t++)
                for (var h = head * call.Group; h < (head + 1) * call.Group; h++)
                {
                    var total = call.State(s, 0, t, h);
                    for (var segment = 1; segment < call.Segments(s); segment++)
                    {
                        var next = call.State(s, segment, t, h);
                        OnlineSoftmax.Merge(total, next, 1, next[call.Width], next[call.Width + 1], call.Width);
                    }
                    call.Finish(total, s, t, h);
                }
        }
    }
}
