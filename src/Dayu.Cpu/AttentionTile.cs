using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>The keys and values of one sequence and head, wherever its blocks lie.</summary>
internal readonly unsafe struct AttentionKeys(float* k, float* v, SequenceLayout layout, int s, AttentionSpec spec, int head)
{
    /// <summary>Values of a head.</summary>
    public int Width => spec.HeadWidth;

    /// <summary>Keys of the sequence.</summary>
    public int Count => layout.KeyCounts[s];

    /// <summary>Where the keys and values start … start + n − 1 lie; beyond the last key the last once more.</summary>
    public void Find(int start, int n, float** keys, float** values)
    {
        var blocks = layout.Blocks[s];
        var (size, last) = (layout.BlockSize, Count - 1);
        var (block, within) = (start / size, start % size);
        for (var j = 0; j < n; j++)
        {
            var at = ((long)(blocks[block] + within) * spec.KeyValueHeads + head) * spec.HeadWidth;
            *keys++ = k + at;
            *values++ = v + at;
            if (start + j < last && ++within == size) (block, within) = (block + 1, 0);
        }
    }

    /// <summary>Asks the processor for rows that are read soon: heads lie apart, and it does not guess the stride by itself.</summary>
    public void Prefetch(float** rows, int n)
    {
        if (!Sse.IsSupported) return;
        for (var j = 0; j < n; j++)
            for (var i = 0; i < Width; i += 16) Sse.Prefetch1(rows[j] + i);
    }

    /// <summary>For heads that are no whole vectors: copies a chunk and pads its rows with zeros.</summary>
    public void Pack(float** keys, float** values, float* to, nint width)
    {
        for (var j = 0; j < Chunk; j++, to += 2 * width)
        {
            Pad(keys[j], Width, 1, to, width);
            Pad(values[j], Width, 1, to + width, width);
            keys[j] = to;
            values[j] = to + width;
        }
    }
}

/// <summary>
/// Some rows (a query's head each) that read the same keys. Over one segment of keys: the largest score so far, the sum of weights by lanes, the weighted sum of values
/// (Milakov &amp; Gimelshein 2018, arXiv:1805.02867). Over the segments before: the same as a record of values, largest score and sum.
/// </summary>
internal readonly unsafe struct AttentionTile
{
    /// <summary>Keys whose result is formed alone and merged in order.</summary>
    public const int Segment = 512;

    readonly int rows;
    readonly nint width;                                                // of a head, in whole vectors
    readonly float* q, sum, lanes, total, scores, packed, max;          // [rows, width], the same, [rows, 16], [rows, width + 16], [4, Chunk], [2, Chunk, width], [rows]
    readonly int* first, end;                                           // the keys that a row sees
    readonly float** keys, values;                                      // of a chunk, and of the next one

    public AttentionTile(byte* memory, int rows, nint width)
    {
        (this.rows, this.width) = (rows, width);
        nint padded = Padded(rows);
        q = (float*)memory;
        sum = q + padded * width;
        lanes = sum + padded * width;
        total = lanes + padded * 16;
        scores = total + padded * (width + 16);
        packed = scores + 4 * Chunk;
        keys = (float**)(packed + 2 * Chunk * width);
        values = keys + 2 * Chunk;
        max = (float*)(values + 2 * Chunk);
        first = (int*)(max + padded);
        end = first + padded;
        Unsafe.InitBlock(q, 0, (uint)(padded * width * sizeof(float)));
        Unsafe.InitBlock(total, 0, (uint)(padded * (width + 16) * sizeof(float)));
        for (var r = 0; r < padded; r++) (total[r * (width + 16) + width], first[r], end[r]) = (float.NegativeInfinity, 0, 0);
    }

    static int Padded(int rows) => (rows + 3) & ~3;

    public static nint BytesFor(int rows, nint width) =>
        (Padded(rows) * (3 * width + 16 + 16 + 3) + 4 * Chunk + 2 * Chunk * width) * sizeof(float) + 4 * Chunk * sizeof(float*);

    /// <summary>Takes a query's head, with the factor on the scores, and the keys [first, end) that it sees.</summary>
    public void SetRow(int r, float* from, int n, float scale, int first, int end)
    {
        Pad(from, n, scale, q + r * width, width);
        (this.first[r], this.end[r]) = (Math.Max(first, 0), end);
    }

    /// <summary>What row r has folded: values, largest score, sum of weights.</summary>
    public float* Record(int r) => total + r * (width + 16);

    /// <summary>Folds every segment, in order.</summary>
    public void FoldAll(AttentionKeys all)
    {
        var (from, to) = Seen(0, rows);
        for (var segment = from / Segment; segment * Segment < to; segment++) Fold(all, segment);
    }

    /// <summary>Folds one segment of keys.</summary>
    public void Fold(AttentionKeys all, int segment)
    {
        var (from, to) = Seen(0, rows);
        (from, to) = (Math.Max(from, segment * Segment), Math.Min(to, (segment + 1) * Segment));
        if (from >= to) return;
        Unsafe.InitBlock(sum, 0, (uint)(Padded(rows) * (width + 16) * sizeof(float)));                // and the lanes behind it
        for (var r = 0; r < Padded(rows); r++) max[r] = float.NegativeInfinity;
        for (var start = from / Chunk * Chunk; start < to; start += Chunk)
        {
            all.Find(start, Chunk, keys, values);
            all.Find(start + Chunk, start + Chunk < to ? Chunk : 0, keys + Chunk, values + Chunk);
            if (all.Width != width) all.Pack(keys, values, packed, width);
            for (var r = 0; r < rows; r += 4) FoldFour(r, start, all, r == 0 && start + Chunk < to);
        }
        for (var r = 0; r < rows; r++) Merge(Record(r), sum + r * width, max[r], Sum(Vector512.Load(lanes + r * 16)), width);
    }

    /// <summary>The keys that any of some rows sees.</summary>
    (int From, int To) Seen(int from, int to)
    {
        var (low, high) = (int.MaxValue, 0);
        for (var r = from; r < to; r++)
            if (first[r] < end[r]) (low, high) = (Math.Min(low, first[r]), Math.Max(high, end[r]));
        return (Math.Min(low, high), high);
    }

    /// <summary>Folds the chunk of keys from <paramref name="start"/> on into four rows, and meanwhile has the next chunk fetched.</summary>
    void FoldFour(int r, int start, AttentionKeys all, bool ahead)
    {
        const int Piece = 8;
        var (from, to) = Seen(r, Math.Min(r + 4, rows));
        (from, to) = (Math.Max(from - start, 0), Math.Min(to - start, Chunk));
        if (from >= to) return;
        for (int j = from & ~3, end = (to + 3) & ~3; j < end; j += Piece)
        {
            if (ahead) all.Prefetch(keys + Chunk + j, Math.Min(Piece, Chunk - j));
            Dots(q + r * width, width, keys, j, Math.Min(j + Piece, end), scores);
        }
        for (var i = 0; i < Math.Min(4, rows - r); i++) Weigh(r + i, start, from, to, scores + i * Chunk);       // what a row that is only padding adds up nobody reads
        for (var j = from; j < to; j += 2 * Piece)
        {
            if (ahead) all.Prefetch(values + Chunk + j, Math.Min(2 * Piece, Chunk - j));
            Mix(scores, Chunk, 1, values, j, Math.Min(j + 2 * Piece, to), sum + r * width, width);
        }
    }

    /// <summary>Scores of one row → weights relative to its largest score so far; what was folded before is scaled down where that grew.</summary>
    void Weigh(int r, int start, int from, int to, float* s)
    {
        var low = Vector512.Create(first[r] - start);
        var high = Vector512.Create(end[r] - start);
        var none = Vector512.Create(float.NegativeInfinity);
        var largest = none;
        for (var j = from & ~15; j < to; j += 16)
        {
            var at = Vector512<int>.Indices + Vector512.Create(j);
            var sees = Vector512.GreaterThanOrEqual(at, low) & Vector512.LessThan(at, high);
            var x = Vector512.ConditionalSelect(sees.AsSingle(), Vector512.Load(s + j), none);
            x.Store(s + j);
            largest = Vector512.Max(largest, x);
        }
        var (before, now) = (max[r], MathF.Max(max[r], Max(largest)));
        var shift = Vector512.Create(float.IsNegativeInfinity(now) ? 0 : now);
        var total = Vector512.Load(lanes + r * 16);
        if (now != before)
        {
            var shrink = Exp(Vector512.Create(before) - shift);
            for (nint i = 0; i < width; i += 16) (Vector512.Load(sum + r * width + i) * shrink).Store(sum + r * width + i);
            total *= shrink;
            max[r] = now;
        }
        for (var j = from & ~15; j < to; j += 16)
        {
            var e = Exp(Vector512.Load(s + j) - shift);
            e.Store(s + j);
            total += e;
        }
        total.Store(lanes + r * 16);
    }

    /// <summary>Adds to a record another, given as values, largest score and sum.</summary>
    public static void Merge(float* record, float* values, float max, float sum, nint width)
    {
        if (float.IsNegativeInfinity(max)) return;
        var (before, now) = (record[width], MathF.Max(record[width], max));
        V old = Exp(Vector512.Create(before - now)), added = Exp(Vector512.Create(max - now));
        for (nint i = 0; i < width; i += 16) Fma(Vector512.Load(values + i), added, Vector512.Load(record + i) * old).Store(record + i);
        (record[width], record[width + 1]) = (now, MathF.FusedMultiplyAdd(sum, added[0], record[width + 1] * old[0]));
    }

    /// <summary>Writes the n values of a record divided by their weights' sum; a row that saw no key becomes zeros.</summary>
    /// <returns>log Σ eˢᶜᵒʳᵉ</returns>
    public static float Finish(float* record, float* y, int n, nint width)
    {
        var (max, sum) = (record[width], record[width + 1]);
        var factor = sum == 0 ? 0 : 1 / sum;
        for (nint i = 0; i < n; i += 16) Store(Vector512.Load(record + i) * factor, y + i, n - i);
        return sum == 0 ? float.NegativeInfinity : max + MathF.Log(sum);
    }
}
