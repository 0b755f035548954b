using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;

namespace Dayu.Cpu;

/// <summary>The keys and values of one sequence, wherever its blocks lie, in their number format.</summary>
internal readonly unsafe struct AttentionKeys<F>(byte* k, byte* v, SequenceLayout layout, int s, AttentionSpec spec) where F : ICacheFormat
{
    /// <summary>Bytes of a row: of all heads' keys, or values, of one token.</summary>
    readonly nint rowBytes = (nint)F.Format.BytesFor((long)spec.KeyValueHeads * spec.HeadWidth);

    /// <summary>Values of a head, up to whole vectors.</summary>
    readonly nint width = (spec.HeadWidth + 15) & ~15;

    /// <summary>Whether a head's part of a row is whole vectors, so that it can be read as it lies.</summary>
    public bool IsWhole => width == spec.HeadWidth;

    /// <summary>Where the rows of a chunk lie, in bytes from the first of all; beyond the last key the last once more.</summary>
    public void Find(int start, nint* places)
    {
        var blocks = layout.Blocks[s];
        var (size, last) = (layout.BlockSize, layout.KeyCounts[s] - 1);
        var (block, within) = (start / size, start % size);
        for (var j = start; j < start + Chunk; j++)
        {
            *places++ = (blocks[block] + within) * rowBytes;
            if (j < last && ++within == size) (block, within) = (block + 1, 0);
        }
    }

    /// <summary>Whether a head's keys can be transposed as they lie.</summary>
    bool TransposesInPlace => spec.HeadWidth % F.Group == 0;

    /// <summary>A head of some keys transposed, in their number format or, where that cannot be, as floats: what <see cref="Scores"/> multiplies by.</summary>
    /// <param name="places">Their rows.</param>
    /// <param name="count">How many, a multiple of 16.</param>
    /// <param name="head">Which.</param>
    /// <param name="scratch">Chunk × width, for floats.</param>
    /// <param name="to">width × Chunk.</param>
    public void Transpose(nint* places, int count, int head, float* scratch, float* to)
    {
        if (TransposesInPlace) F.Transpose(k, places, count, (nint)head * spec.HeadWidth, width, to);
        else
        {
            Floats(k, places, count, head, scratch);
            Cpu.Transpose.Floats(scratch, width, count, width, to);
        }
    }

    /// <summary>What was transposed as floats.</summary>
    /// <param name="transposed">From <see cref="Transpose"/>.</param>
    /// <param name="count">Keys, a multiple of 16.</param>
    /// <param name="scratch">width × Chunk.</param>
    /// <returns>One of the two.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Unpack(float* transposed, int count, float* scratch)
    {
        if (!TransposesInPlace || typeof(F) == typeof(FloatRows)) return transposed;
        var to = scratch;
        for (var j = 0; j < width; j++, to += Chunk)
        {
            var row = F.TransposedRow(transposed, j);
            for (nint i = 0; i < count; i += 16) F.LoadTransposed(row + i, j).Store(to + i);
        }
        return scratch;
    }

    /// <summary>Up to <see cref="MostRows"/> rows of queries times what was transposed.</summary>
    /// <param name="queries">Their values.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="transposed">From <see cref="Transpose"/>.</param>
    /// <param name="from">The first key.</param>
    /// <param name="to">Behind the last; both multiples of 16.</param>
    /// <param name="scores">rows × Chunk.</param>
    /// <param name="prefetch">What is read soon.</param>
    public void Scores(Left queries, int rows, float* transposed, int from, int to, float* scores, AttentionPrefetch prefetch)
    {
        if (TransposesInPlace) Product(queries, rows, new TransposedKeys(transposed + from, prefetch), 0, (int)width, scores + from, Chunk, to - from, add: false);
        else Product(queries, rows, new Dense(transposed + from, Chunk, prefetch), 0, (int)width, scores + from, Chunk, to - from, add: false);
    }

    /// <summary>A head of some values as floats: [count, width].</summary>
    public void Values(nint* places, int count, int head, float* to) => Floats(v, places, count, head, to);

    /// <summary>A head of some values as they lie.</summary>
    public Packed ValuesInPlace(nint* places, int head, AttentionPrefetch prefetch) => new(v, places, (nint)head * spec.HeadWidth, prefetch);

    void Floats(byte* from, nint* places, int count, int head, float* to)
    {
        var (first, n) = ((nint)head * spec.HeadWidth, spec.HeadWidth);
        for (var j = 0; j < count; j++, to += width)
        {
            var row = from + places[j];
            if (IsWhole)
                for (nint i = 0; i < width; i += 16) F.Load(row, first + i).Store(to + i);
            else
                for (nint i = 0; i < width; i++) to[i] = i < n ? F.One(row, first + i) : 0;
        }
    }

    /// <summary>A head's share of so many keys' rows from <paramref name="place"/> on, asked for in so many steps.</summary>
    public AttentionPrefetch PrefetchKeys(nint place, int rows, int head, nint steps) => Prefetch(k + place, rows, head, steps);

    /// <summary>The same of values.</summary>
    public AttentionPrefetch PrefetchValues(nint place, int rows, int head, nint steps) => Prefetch(v + place, rows, head, steps);

    AttentionPrefetch Prefetch(byte* from, int rows, int head, nint steps)
    {
        var each = (rows * rowBytes + spec.KeyValueHeads * steps - 1) / (spec.KeyValueHeads * steps);
        return new(from + head * steps * each, each);
    }

    /// <summary>Rows in their number format; with each that is read memory is asked for something else.</summary>
    public readonly struct Packed(byte* data, nint* places, nint first, AttentionPrefetch prefetch) : IRight
    {
        public AttentionPrefetch Prefetch => prefetch;
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public byte* Row(nint j) => data + places[j];
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public Vector512<float> Load(byte* row, nint j, nint i) => F.Load(row, first + i);
    }

    /// <summary>Transposed keys in their number format: row j is value j of each.</summary>
    readonly struct TransposedKeys(float* transposed, AttentionPrefetch prefetch) : IRight
    {
        public AttentionPrefetch Prefetch => prefetch;
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public byte* Row(nint j) => (byte*)F.TransposedRow(transposed, j);
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public Vector512<float> Load(byte* row, nint j, nint i) => F.LoadTransposed((float*)row + i, j);
    }
}
