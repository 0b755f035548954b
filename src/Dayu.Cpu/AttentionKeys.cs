using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;

namespace Dayu.Cpu;

/// <summary>The keys and values of one sequence, in their blocks and their number format.</summary>
internal readonly unsafe struct AttentionKeys<F>(byte* k, byte* v, SequenceLayout layout, int s, AttentionSpec spec)
    where F : ICacheFormat
{
    /// <summary>Bytes of a row: the keys, or values, of all heads of one token.</summary>
    readonly nint rowBytes = (nint)F.Format.BytesFor((long)spec.KeyValueHeads * spec.HeadWidth);

    /// <summary>Values of a head, rounded up to whole vectors.</summary>
    readonly nint width = (spec.HeadWidth + 15) & ~15;

    /// <summary>Whether a head's part of a row is whole vectors, so that it can be read in place.</summary>
    public bool IsWhole => width == spec.HeadWidth;

    /// <summary>Finds the byte offsets of a chunk's rows; past the last key it repeats the last.</summary>
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

    /// <summary>Whether a head's keys can be transposed in their number format.</summary>
    bool TransposesInPlace => spec.HeadWidth % F.Group == 0;

    /// <summary>Transposes a head of some keys for <see cref="Scores"/>: in their number format, else as floats.</summary>
    /// <param name="places">Offsets of the rows.</param>
    /// <param name="count">Number of keys, a multiple of 16.</param>
    /// <param name="head">Index of the head.</param>
    /// <param name="scratch">[chunk, width], for floats.</param>
    /// <param name="to">[width, chunk].</param>
    public void Transpose(nint* places, int count, int head, float* scratch, float* to)
    {
        if (TransposesInPlace) F.Transpose(k, places, count, (nint)head * spec.HeadWidth, width, to);
        else
        {
            Floats(k, places, count, head, scratch);
            Cpu.Transpose.Floats(scratch, width, count, width, to);
        }
    }

    /// <summary>Transposed keys as floats.</summary>
    /// <param name="transposed">From <see cref="Transpose"/>.</param>
    /// <param name="count">Number of keys, a multiple of 16.</param>
    /// <param name="scratch">[width, chunk].</param>
    /// <returns><paramref name="transposed"/> if it holds floats, else <paramref name="scratch"/>.</returns>
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

    /// <summary>Multiplies up to <see cref="MostRows"/> rows of queries by transposed keys.</summary>
    /// <param name="queries">[rows, width].</param>
    /// <param name="rows">1 … <see cref="MostRows"/>.</param>
    /// <param name="transposed">From <see cref="Transpose"/>.</param>
    /// <param name="from">The first key, a multiple of 16.</param>
    /// <param name="to">The end of the keys, a multiple of 16.</param>
    /// <param name="scores">[rows, chunk].</param>
    /// <param name="prefetch">What is read next.</param>
    public void Scores(Left queries, int rows, float* transposed, int from, int to, float* scores, AttentionPrefetch prefetch)
    {
        if (TransposesInPlace) Scores(queries, rows, new TransposedKeys(transposed + from, prefetch), from, to, scores);
        else Scores(queries, rows, new Dense(transposed + from, Chunk, prefetch), from, to, scores);
    }

    /// <summary>The same by keys that are floats.</summary>
    public void ScoresOfFloats(Left queries, int rows, float* keys, int from, int to, float* scores, AttentionPrefetch prefetch) =>
        Scores(queries, rows, new Dense(keys + from, Chunk, prefetch), from, to, scores);

    void Scores<B>(Left queries, int rows, B keys, int from, int to, float* scores) where B : struct, IRight =>
        Product(queries, rows, keys, 0, (int)width, scores + from, Chunk, to - from, add: false);

    /// <summary>A head of some values as floats: [count, width].</summary>
    public void Values(nint* places, int count, int head, float* to) => Floats(v, places, count, head, to);

    /// <summary>A head of some values, in place.</summary>
    public Packed ValuesInPlace(nint* places, int head, AttentionPrefetch prefetch) =>
        new(v, places, (nint)head * spec.HeadWidth, prefetch);

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

    /// <summary>Prefetches a head's share of some rows of keys, spread over some steps.</summary>
    public AttentionPrefetch PrefetchKeys(nint place, int rows, int head, nint steps) =>
        Prefetch(k + place, rows, head, steps);

    /// <summary>Prefetches a head's share of some rows of values, spread over some steps.</summary>
    public AttentionPrefetch PrefetchValues(nint place, int rows, int head, nint steps) =>
        Prefetch(v + place, rows, head, steps);

    AttentionPrefetch Prefetch(byte* from, int rows, int head, nint steps)
    {
        var each = (rows * rowBytes + spec.KeyValueHeads * steps - 1) / (spec.KeyValueHeads * steps);
        return new(from + head * steps * each, each);
    }

    /// <summary>Rows in their number format.</summary>
    public readonly struct Packed(byte* data, nint* places, nint first, AttentionPrefetch prefetch) : IRight
    {
        public AttentionPrefetch Prefetch => prefetch;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public byte* Row(nint j) => data + places[j];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Load(byte* row, nint j, nint i) => F.Load(row, first + i);
    }

    /// <summary>Transposed keys in their number format: row j holds value j of each key.</summary>
    readonly struct TransposedKeys(float* transposed, AttentionPrefetch prefetch) : IRight
    {
        public AttentionPrefetch Prefetch => prefetch;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public byte* Row(nint j) => (byte*)F.TransposedRow(transposed, j);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Load(byte* row, nint j, nint i) => F.LoadTransposed((float*)row + i, j);
    }
}
