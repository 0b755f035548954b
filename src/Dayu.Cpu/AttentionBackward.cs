using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    Action<Tensor> AttentionBackward(Tensor q, Tensor k, Tensor v, Tensor y, Tensor lse, SequenceLayout layout, AttentionSpec spec) => dy =>
    {
        var delta = dy.Arena.New(lse.Shape);
        Rows(new DeltaRow(Out(delta), Floats(dy), Floats(y), spec.HeadWidth), checked((int)delta.Shape.Count), 2L * spec.HeadWidth);
        var disjoint = HaveDisjointKeys(layout);
        var job = new AttentionBackwardJob(OutOrNull(q.GradOrNull), OutOrNull(k.GradOrNull), OutOrNull(v.GradOrNull),
            Floats(dy), Floats(q), Floats(k), Floats(v), Floats(lse), Floats(delta), layout, spec, disjoint, machine.Scratch);
        machine.Workers.Run(job, spec.KeyValueHeads * (disjoint ? layout.Count : 1));
    };

    /// <summary>
    /// Whether each sequence has its keys in one block, behind those of the sequence before: no row of keys then belongs to two
    /// sequences, and they can be differentiated in parallel.
    /// </summary>
    static bool HaveDisjointKeys(SequenceLayout layout)
    {
        for (int s = 0, free = 0; s < layout.Count; s++)
        {
            if (layout.KeyCounts[s] == 0) continue;
            if (layout.KeyCounts[s] > layout.BlockSize || layout.Blocks[s][0] < free) return false;
            free = layout.Blocks[s][0] + layout.KeyCounts[s];
        }
        return true;
    }

    /// <summary>delta = Σ dy·y for each query's head: the softmax's backward pass subtracts it from dy·v.</summary>
    readonly struct DeltaRow(float* delta, float* dy, float* y, int width) : IRow
    {
        public void At(int r) => delta[r] = Dot(dy + (long)r * width, y + (long)r * width, width);
    }

    /// <summary>
    /// One key head, of one sequence or of all in order. With the weights recomputed, w = exp(score − lse), and ds = w·(dy·v − delta):
    /// dv += Σ w·dy, dk += Σ ds·q, dq += Σ ds·k; chunks of keys ascending, within them tiles of queries ascending.
    /// </summary>
    readonly struct AttentionBackwardJob(
        float* dq, float* dk, float* dv, float* dy, float* q, float* k, float* v, float* lse, float* delta,
        SequenceLayout layout, AttentionSpec spec, bool disjoint, Scratch scratch) : IJob
    {
        const int TileRows = Chunk;
        readonly int group = spec.Heads / spec.KeyValueHeads;
        readonly nint width = (spec.HeadWidth + 15) & ~15;

        public void Run(int item)
        {
            var buffer = scratch.Rent((8 * TileRows * width + 4 * width + 2 * TileRows * Chunk) * sizeof(float) + Chunk * sizeof(nint));
            var memory = new Memory((float*)buffer.Pointer, width);
            if (disjoint) Sequence(item / spec.KeyValueHeads, item % spec.KeyValueHeads, memory);
            else for (var s = 0; s < layout.Count; s++) Sequence(s, item, memory);
            scratch.Return(buffer);
        }

        /// <summary>
        /// Working memory: keys and values of a chunk as rows and transposed, their gradients, queries and gradients of a tile, dq of
        /// four rows, weights w and ds of a tile by a chunk.
        /// </summary>
        readonly struct Memory(float* start, nint width)
        {
            readonly nint tile = TileRows * width;
            public float* Keys => start;
            public float* Values => start + tile;
            public float* KeysTransposed => start + 2 * tile;
            public float* ValuesTransposed => start + 3 * tile;
            public float* KeyGrads => start + 4 * tile;
            public float* ValueGrads => start + 5 * tile;
            public float* Queries => start + 6 * tile;
            public float* Grads => start + 7 * tile;
            public float* Sum => start + 8 * tile;
            public float* Weights => Sum + 4 * width;
            public float* ScoreGrads => Weights + TileRows * Chunk;
            public nint* Places => (nint*)(ScoreGrads + TileRows * Chunk);
        }

        void Sequence(int s, int head, Memory m)
        {
            var all = new AttentionKeys<FloatRows>((byte*)k, (byte*)v, layout, s, spec);
            var (rows, keys) = ((layout.QueryStarts[s + 1] - layout.QueryStarts[s]) * group, layout.KeyCounts[s]);
            for (var start = 0; start < keys; start += Chunk)
            {
                all.Find(start, m.Places);
                for (var j = 0; j < Chunk; j++)
                {
                    var at = m.Places[j] / sizeof(float) + head * spec.HeadWidth;
                    Pad(k + at, spec.HeadWidth, 1, m.Keys + j * width, width);
                    Pad(v + at, spec.HeadWidth, 1, m.Values + j * width, width);
                }
                Transpose.Floats(m.Keys, width, Chunk, width, m.KeysTransposed);
                Transpose.Floats(m.Values, width, Chunk, width, m.ValuesTransposed);
                Unsafe.InitBlock(m.KeyGrads, 0, (uint)(2 * TileRows * width * sizeof(float)));        // ValueGrads follow
                for (var r = 0; r < rows; r += TileRows) Tile(s, head, start, r, Math.Min(TileRows, rows - r), m);
                for (var j = 0; j < Math.Min(Chunk, keys - start); j++)
                {
                    var at = ((long)layout.Row(s, start + j) * spec.KeyValueHeads + head) * spec.HeadWidth;
                    if (dk != null) AddScaled(dk + at, 1, m.KeyGrads + j * width, spec.HeadWidth);
                    if (dv != null) AddScaled(dv + at, 1, m.ValueGrads + j * width, spec.HeadWidth);
                }
            }
        }

        /// <summary>Some rows of a sequence (its queries, within each the heads of the group) and one chunk of keys.</summary>
        void Tile(int s, int head, int start, int from, int count, Memory m)
        {
            var seen = false;
            for (var r = 0; r < count; r++)
            {
                var at = Place(s, head, from + r) * spec.HeadWidth;
                Pad(q + at, spec.HeadWidth, spec.ScoreScale, m.Queries + r * width, width);
                Pad(dy + at, spec.HeadWidth, 1, m.Grads + r * width, width);
                var (first, end) = Sees(s, from + r, start);
                seen |= first < end;
            }
            if (!seen) return;
            var n = (int)width;
            Product(new(m.Queries, width), count, new Dense(m.KeysTransposed, Chunk), 0, n, m.Weights, Chunk, Chunk, add: false);
            Product(new(m.Grads, width), count, new Dense(m.ValuesTransposed, Chunk), 0, n, m.ScoreGrads, Chunk, Chunk, add: false);
            for (var r = 0; r < count; r++)
                ScoreGrads(s, head, start, from + r, m.Weights + r * Chunk, m.ScoreGrads + r * Chunk);
            for (var r = 0; r < count && dq != null; r += 4)
            {
                var four = Math.Min(4, count - r);
                Product(new(m.ScoreGrads + r * Chunk, Chunk), four, new Dense(m.Keys, width), 0, Chunk, m.Sum, width, n, add: false);
                for (var i = 0; i < four; i++)
                    AddScaled(dq + Place(s, head, from + r + i) * spec.HeadWidth, spec.ScoreScale, m.Sum + i * width, spec.HeadWidth);
            }
            if (dv != null)
                Product(new(m.Weights, 1, Chunk), Chunk, new Dense(m.Grads, width), 0, count, m.ValueGrads, width, n, add: true);
            if (dk != null)
                Product(new(m.ScoreGrads, 1, Chunk), Chunk, new Dense(m.Queries, width), 0, count, m.KeyGrads, width, n, add: true);
        }

        /// <summary>Turns scores and dy·v of one row into w and ds; zeros where a key is not seen.</summary>
        void ScoreGrads(int s, int head, int start, int row, float* w, float* ds)
        {
            var (first, end) = Sees(s, row, start);
            var at = Place(s, head, row);
            for (var j = 0; j < Chunk; j += 16)
            {
                var lane = Vector512<int>.Indices + Vector512.Create(j);
                var from = Vector512.GreaterThanOrEqual(lane, Vector512.Create(first));
                var sees = (from & Vector512.LessThan(lane, Vector512.Create(end))).AsSingle();
                var weight = Exp(Vector512.Load(w + j) - Vector512.Create(lse[at])) & sees;
                weight.Store(w + j);
                (weight * (Vector512.Load(ds + j) - Vector512.Create(delta[at])) & sees).Store(ds + j);
            }
        }

        /// <summary>The keys of a chunk that a row sees.</summary>
        (int First, int End) Sees(int s, int row, int start)
        {
            var (first, end) = spec.Sees(layout.Position(s, layout.QueryStarts[s] + row / group), layout.KeyCounts[s]);
            return (Math.Max(first - start, 0), Math.Min(end - start, Chunk));
        }

        /// <summary>Index of a row among all heads of all queries.</summary>
        long Place(int s, int head, int row) =>
            (layout.QueryStarts[s] + row / group) * (long)spec.Heads + head * group + row % group;
    }
}
