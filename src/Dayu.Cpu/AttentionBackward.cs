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
        Rows(new DeltaRow(Floats(delta), Floats(dy), Floats(y), spec.HeadWidth), checked((int)delta.Shape.Count), 2L * spec.HeadWidth);
        var apart = Apart(layout);
        var job = new AttentionBackwardJob(FloatsOrNull(q.GradOrNull), FloatsOrNull(k.GradOrNull), FloatsOrNull(v.GradOrNull),
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
            var tile = TileRows * width;
            var buffer = scratch.Rent((7 * tile + 2 * TileRows * Chunk) * sizeof(float) + 4 * Chunk * sizeof(float*));
            if (apart) Sequence(item / spec.KeyValueHeads, item % spec.KeyValueHeads, (float*)buffer.Pointer);
            else for (var s = 0; s < layout.Count; s++) Sequence(s, item, (float*)buffer.Pointer);
            scratch.Return(buffer);
        }

        void Sequence(int s, int head, float* memory)
        {
            var all = new AttentionKeys(k, v, layout, s, spec, head);
            var rows = (layout.QueryStarts[s + 1] - layout.QueryStarts[s]) * group;
            var tile = TileRows * width;
            float* packed = memory, dkeys = packed + 2 * tile, dvalues = dkeys + tile;
            var keys = (float**)(memory + 7 * tile + 2 * TileRows * Chunk);
            for (var start = 0; start < all.Count; start += Chunk)
            {
                all.Find(start, Chunk, keys, keys + Chunk);
                all.Pack(keys, keys + Chunk, packed, width);
                Unsafe.InitBlock(dkeys, 0, (uint)(2 * tile * sizeof(float)));
                for (var r = 0; r < rows; r += TileRows) Tile(s, head, start, r, Math.Min(TileRows, rows - r), memory, keys);
                for (var j = 0; j < Math.Min(Chunk, all.Count - start); j++)
                {
                    var at = ((long)layout.Row(s, start + j) * spec.KeyValueHeads + head) * spec.HeadWidth;
                    if (dk != null) AddScaled(dk + at, 1, dkeys + j * width, spec.HeadWidth);
                    if (dv != null) AddScaled(dv + at, 1, dvalues + j * width, spec.HeadWidth);
                }
            }
        }

        /// <summary>Rows from … of a sequence (queries, within them the heads of the group) against one chunk of keys.</summary>
        void Tile(int s, int head, int start, int from, int count, float* memory, float** keys)
        {
            var tile = TileRows * width;
            float* dkeys = memory + 2 * tile, dvalues = dkeys + tile, queries = dvalues + tile, grads = queries + tile, sum = grads + tile;
            float* weights = memory + 7 * tile, slopes = weights + TileRows * Chunk;
            float** values = keys + Chunk, queryRows = values + Chunk, gradRows = queryRows + Chunk;
            var padded = (count + 3) & ~3;
            Unsafe.InitBlock(queries, 0, (uint)(2 * tile * sizeof(float)));
            var seen = false;
            for (var r = 0; r < padded; r++)
            {
                queryRows[r] = queries + r * width;
                gradRows[r] = grads + r * width;
                if (r >= count) continue;
                var at = Place(s, head, from + r) * spec.HeadWidth;
                Pad(q + at, spec.HeadWidth, spec.ScoreScale, queryRows[r], width);
                Pad(dy + at, spec.HeadWidth, 1, gradRows[r], width);
                var (first, end) = Sees(s, from + r, start);
                seen |= first < end;
            }
            if (!seen) return;
            for (var r = 0; r < padded; r += 4)
            {
                Dots(queryRows[r], width, keys, 0, Chunk, weights + r * Chunk);
                Dots(gradRows[r], width, values, 0, Chunk, slopes + r * Chunk);
                for (var i = r; i < r + 4; i++) Slopes(s, head, start, from + i, i < count, weights + i * Chunk, slopes + i * Chunk);
                if (dq == null) continue;
                Unsafe.InitBlock(sum, 0, (uint)(4 * width * sizeof(float)));
                Mix(slopes + r * Chunk, Chunk, 1, keys, 0, Chunk, sum, width);
                for (var i = r; i < Math.Min(r + 4, count); i++)
                    AddScaled(dq + Place(s, head, from + i) * spec.HeadWidth, spec.ScoreScale, sum + (i - r) * width, spec.HeadWidth);
            }
            for (var j = 0; j < Chunk; j += 4)
            {
                if (dv != null) Mix(weights + j, 1, Chunk, gradRows, 0, padded, dvalues + j * width, width);
                if (dk != null) Mix(slopes + j, 1, Chunk, queryRows, 0, padded, dkeys + j * width, width);
            }
        }

        /// <summary>Scores and dy·v of one row → weights and slopes; zeros where a key is not seen.</summary>
        void Slopes(int s, int head, int start, int row, bool exists, float* w, float* ds)
        {
            var (first, end) = exists ? Sees(s, row, start) : (0, 0);
            var at = exists ? Place(s, head, row) : 0;
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
