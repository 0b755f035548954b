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
        var apart = Apart(layout);
        var job = new AttentionBackwardJob(OutOrNull(q.GradOrNull), OutOrNull(k.GradOrNull), OutOrNull(v.GradOrNull),
            Floats(dy), Floats(q), Floats(k), Floats(v), Floats(lse), Floats(delta), layout, spec, apart, machine.Scratch);
        machine.Workers.Run(job, spec.KeyValueHeads * (apart ? layout.Count : 1));
    };

    /// <summary>Whether no row of keys is certain to belong to one sequence only: then sequences may be differentiated at once.</summary>
    static bool Apart(SequenceLayout layout)
    {
        for (int s = 0, free = 0; s < layout.Count; s++)
        {
            if (layout.KeyCounts[s] == 0) continue;
            if (layout.KeyCounts[s] > layout.BlockSize || layout.Blocks[s][0] < free) return false;
            free = layout.Blocks[s][0] + layout.KeyCounts[s];
        }
        return true;
    }

    /// <summary>Σ dy·y of each query's head: what the softmax takes off.</summary>
    readonly struct DeltaRow(float* delta, float* dy, float* y, int width) : IRow
    {
        public void At(int r) => delta[r] = Dot(dy + (long)r * width, y + (long)r * width, width);
    }

    /// <summary>
    /// One key head, of one sequence or of all in order. With weights w = exp(score − lse), computed again, and ds = w·(dy·v − delta):
    /// dv += Σ w·dy, dk += Σ ds·q, dq += Σ ds·k; chunks of keys ascending, within them tiles of queries ascending.
    /// </summary>
    readonly struct AttentionBackwardJob(float* dq, float* dk, float* dv, float* dy, float* q, float* k, float* v, float* lse, float* delta,
        SequenceLayout layout, AttentionSpec spec, bool apart, Scratch scratch) : IJob
    {
        const int TileRows = Chunk;
        readonly int group = spec.Heads / spec.KeyValueHeads;
        readonly nint width = (spec.HeadWidth + 15) & ~15;

        public void Run(int item)
        {
            var buffer = scratch.Rent((8 * TileRows * width + 4 * width + 2 * TileRows * Chunk) * sizeof(float) + Chunk * sizeof(nint));
            var memory = new Memory((float*)buffer.Pointer, width);
            if (apart) Sequence(item / spec.KeyValueHeads, item % spec.KeyValueHeads, memory);
            else for (var s = 0; s < layout.Count; s++) Sequence(s, item, memory);
            scratch.Return(buffer);
        }

        /// <summary>Working memory: a chunk's keys and values as rows and transposed, their gradients, a tile's queries and gradients, dq of four rows; weights and slopes.</summary>
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
            public float* Slopes => Weights + TileRows * Chunk;
            public nint* Places => (nint*)(Slopes + TileRows * Chunk);
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
                Unsafe.InitBlock(m.KeyGrads, 0, (uint)(2 * TileRows * width * sizeof(float)));        // and those of values behind them
                for (var r = 0; r < rows; r += TileRows) Tile(s, head, start, r, Math.Min(TileRows, rows - r), m);
                for (var j = 0; j < Math.Min(Chunk, keys - start); j++)
                {
                    var at = ((long)layout.Row(s, start + j) * spec.KeyValueHeads + head) * spec.HeadWidth;
                    if (dk != null) AddScaled(dk + at, 1, m.KeyGrads + j * width, spec.HeadWidth);
                    if (dv != null) AddScaled(dv + at, 1, m.ValueGrads + j * width, spec.HeadWidth);
                }
            }
        }

        /// <summary>Rows from … of a sequence (queries, within them the heads of the group) against one chunk of keys.</summary>
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
            Product(new(m.Queries, width), count, new Dense(m.KeysTransposed, Chunk), 0, (int)width, m.Weights, Chunk, Chunk, add: false);
            Product(new(m.Grads, width), count, new Dense(m.ValuesTransposed, Chunk), 0, (int)width, m.Slopes, Chunk, Chunk, add: false);
            for (var r = 0; r < count; r++) Slopes(s, head, start, from + r, m.Weights + r * Chunk, m.Slopes + r * Chunk);
            for (var r = 0; r < count && dq != null; r += 4)
            {
                Product(new(m.Slopes + r * Chunk, Chunk), Math.Min(4, count - r), new Dense(m.Keys, width), 0, Chunk, m.Sum, width, (int)width, add: false);
                for (var i = r; i < Math.Min(r + 4, count); i++)
                    AddScaled(dq + Place(s, head, from + i) * spec.HeadWidth, spec.ScoreScale, m.Sum + (i - r) * width, spec.HeadWidth);
            }
            if (dv != null) Product(new(m.Weights, 1, Chunk), Chunk, new Dense(m.Grads, width), 0, count, m.ValueGrads, width, (int)width, add: true);
            if (dk != null) Product(new(m.Slopes, 1, Chunk), Chunk, new Dense(m.Queries, width), 0, count, m.KeyGrads, width, (int)width, add: true);
        }

        /// <summary>Scores and dy·v of one row → weights and slopes; zeros where a key is not seen.</summary>
        void Slopes(int s, int head, int start, int row, float* w, float* ds)
        {
            var (first, end) = Sees(s, row, start);
            var at = Place(s, head, row);
            for (var j = 0; j < Chunk; j += 16)
            {
                var lane = Vector512<int>.Indices + Vector512.Create(j);
                var sees = (Vector512.GreaterThanOrEqual(lane, Vector512.Create(first)) & Vector512.LessThan(lane, Vector512.Create(end))).AsSingle();
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

        /// <summary>Number of a row's head among all heads of all queries.</summary>
        long Place(int s, int head, int row) => (layout.QueryStarts[s] + row / group) * (long)spec.Heads + head * group + row % group;
    }
}
