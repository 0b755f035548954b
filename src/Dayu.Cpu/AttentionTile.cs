using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The rows (a query's head each) that read each key head. Over one segment of keys: each row's largest score so far, the sum of weights by lanes,
/// the weighted sum of values; what was folded is scaled down where the largest score grows.
/// </summary>
internal readonly unsafe struct AttentionTile
{
    /// <summary>Keys whose result is formed alone and merged in order.</summary>
    public const int Segment = 128;

    /// <summary>Up to so many rows of a head are computed as memory comes in: all heads of a few keys, values where they lie. With more it pays to go head by head.</summary>
    const int Few = 8;

    readonly int heads, rows;                                           // key heads; rows of each
    readonly nint width;                                                // of a head, in whole vectors
    readonly float root;                                                // of what keys and values are to be multiplied by
    readonly int together;                                              // heads that are handled together
    readonly float* q, sum, lanes, max, scores, chunk, transposed;          // heads·rows × width, the same, × 16, × 1; together·rows × Chunk, Chunk × width, width × Chunk
    readonly int* first, end;                                           // rows: the keys that a row sees; each head's rows see the same
    readonly nint* places;                                              // 2 × Chunk: of a chunk's rows, and of those that come next

    public AttentionTile(byte* memory, int heads, int rows, nint width, float root)
    {
        (this.heads, this.rows, this.width, this.root) = (heads, rows, width, root);
        together = rows <= Few ? heads : 1;
        nint all = heads * rows;
        places = (nint*)memory;
        q = (float*)(places + 2 * Chunk);
        sum = q + all * width;
        lanes = sum + all * width;
        transposed = lanes + all * 16;
        chunk = transposed + Chunk * width;
        scores = chunk + Chunk * width;
        max = scores + together * rows * Chunk;
        first = (int*)(max + all);
        end = first + rows;
    }

    public static nint BytesFor(int heads, int rows, nint width) =>
        ((nint)heads * rows * (2 * width + 16 + 1) + (rows <= Few ? heads : 1) * rows * Chunk + 2 * Chunk * width + 2 * rows) * sizeof(float) + 2 * Chunk * sizeof(nint);

    /// <summary>Takes the query of a row, with the factor on its scores. They are taken as powers of 2, not of e.</summary>
    public void SetQuery(int head, int row, float* from, int n, float scale) => Pad(from, n, scale * MathF.Log2(MathF.E) * root, q + (head * rows + row) * width, width);

    /// <summary>The keys [first, end) that a row sees.</summary>
    public void SetSeen(int row, int first, int end) => (this.first[row], this.end[row]) = (Math.Max(first, 0), end);

    /// <summary>The keys that any of some rows sees.</summary>
    public (int From, int To) Seen(int from, int to)
    {
        var (low, high) = (int.MaxValue, 0);
        for (var r = from; r < to; r++)
            if (first[r] < end[r]) (low, high) = (Math.Min(low, first[r]), Math.Max(high, end[r]));
        return (Math.Min(low, high), high);
    }

    /// <summary>Folds one segment of keys.</summary>
    /// <param name="all">The keys.</param>
    /// <param name="segment">Which.</param>
    /// <param name="limit">Where what is folded after it ends: memory is asked for that too.</param>
    public void Fold<F>(AttentionKeys<F> all, int segment, int limit) where F : ICacheFormat
    {
        Unsafe.InitBlock(sum, 0, (uint)(heads * rows * (width + 16) * sizeof(float)));                // and the lanes behind it
        new Span<float>(max, heads * rows).Fill(float.NegativeInfinity);
        var (from, to) = Seen(0, rows);
        (from, to) = (Math.Max(from, segment * Segment), Math.Min(to, (segment + 1) * Segment));
        for (var start = from / Chunk * Chunk; start < to; start += Chunk)
        {
            all.Find(start, places);
            if (start + Chunk < limit) all.Find(start + Chunk, places + Chunk);
            var part = new Part(start, Math.Max(from - start, 0), Math.Min(to - start, Chunk), Math.Min(limit - start, 2 * Chunk));
            for (var h = 0; h < heads; h += together)
            {
                Scores(all, part, h);
                for (var r = 0; r < together * rows; r++) Weigh(h * rows + r, r % rows, part, scores + r * Chunk);
                Mix(all, part, h);
            }
        }
    }

    /// <summary>A chunk: its first key in the sequence; from there, which of its keys are folded, and how far rows are known.</summary>
    readonly record struct Part(int Start, int From, int To, int Limit);

    /// <summary>Scores of some heads.</summary>
    void Scores<F>(AttentionKeys<F> all, Part part, int firstHead) where F : ICacheFormat
    {
        var count = (part.To + 15) & ~15;
        for (var h = firstHead; h < firstHead + together; h++)
        {
            all.Transpose(places, count, h, chunk, transposed);
            var keys = rows <= Few ? null : all.Unpack(transposed, count, chunk);
            for (var r = 0; r < rows; r += MostRows)
            {
                var (from, to) = InChunk(r, part);
                (from, to) = (from & ~15, (to + 15) & ~15);
                if (from >= to) continue;
                var prefetch = r == 0 ? all.PrefetchValues(places[0], part.To, h, width) : default;
                var queries = new Left(q + (h * rows + r) * width, width);
                var own = scores + ((h - firstHead) * rows + r) * Chunk;
                if (keys == null) all.Scores(queries, Math.Min(MostRows, rows - r), transposed, from, to, own, prefetch);
                else Product(queries, Math.Min(MostRows, rows - r), new Dense(keys + from, Chunk, prefetch), 0, (int)width, own + from, Chunk, to - from, add: false);
            }
        }
    }

    /// <summary>Adds the values of a chunk to the rows of some heads.</summary>
    void Mix<F>(AttentionKeys<F> all, Part part, int firstHead) where F : ICacheFormat
    {
        var (asks, inPlace) = (Chunk < part.Limit, rows <= Few && all.IsWhole);
        for (var h = firstHead; h < firstHead + together; h++)
        {
            if (!inPlace) all.Values(places, part.To, h, chunk);
            for (var r = 0; r < rows; r += MostRows)
            {
                var (from, to) = InChunk(r, part);
                if (from >= to) continue;
                var prefetch = asks && r == 0 ? all.PrefetchKeys(places[Chunk], Chunk, h, Chunk) : default;
                var weights = new Left(scores + ((h - firstHead) * rows + r) * Chunk, Chunk);
                var own = sum + (h * rows + r) * width;
                if (inPlace) Product(weights, Math.Min(MostRows, rows - r), all.ValuesInPlace(places, h, prefetch), from, to, own, width, (int)width, add: true);
                else Product(weights, Math.Min(MostRows, rows - r), new Dense(chunk, width, prefetch), from, to, own, width, (int)width, add: true);
            }
        }
    }

    /// <summary>Adds what was folded of a row to a record.</summary>
    public void MergeInto(float* record, int head, int row)
    {
        var r = head * rows + row;
        OnlineSoftmax.Merge(record, sum + r * width, root * root, max[r], Sum(Vector512.Load(lanes + r * 16)), width);
    }

    /// <summary>The keys of a chunk that any of the rows sees which are handled together.</summary>
    (int From, int To) InChunk(int r, Part part)
    {
        var (low, high) = Seen(r, Math.Min(r + MostRows, rows));
        return (Math.Max(part.From, low - part.Start), Math.Min(part.To, high - part.Start));
    }

    /// <summary>Scores of one row → weights relative to its largest score so far; what was folded before is scaled down where that grew.</summary>
    /// <param name="r">Row of all.</param>
    /// <param name="sees">Row of its head: which keys it sees.</param>
    /// <param name="part">The chunk.</param>
    /// <param name="s">Chunk of them.</param>
    void Weigh(int r, int sees, Part part, float* s)
    {
        var (from, to) = InChunk(sees - sees % MostRows, part);
        if (from >= to) return;
        (from, int low, int high) = (from & ~15, first[sees] - part.Start, end[sees] - part.Start);
        V none = Vector512.Create(float.NegativeInfinity), largest = none;
        for (var j = from; j < to; j += 16)
        {
            var at = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create(j);
            var visible = Vector512.GreaterThanOrEqual(at, Vector512.Create(low)) & Vector512.LessThan(at, Vector512.Create(high));
            var x = Vector512.ConditionalSelect(visible.AsSingle(), Vector512.Load(s + j) * root, none);
            x.Store(s + j);
            largest = Vector512.MaxNative(largest, x);                   // a NaN shows in its weight
        }
        var (before, now) = (max[r], MathF.Max(max[r], Largest(largest)));
        var shift = Vector512.Create(float.IsNegativeInfinity(now) ? 0 : now);
        var total = Vector512.Load(lanes + r * 16);
        if (now != before)
        {
            var shrink = Exp2(Vector512.Create(before) - shift);
            for (nint i = 0; i < width; i += 16) (Vector512.Load(sum + r * width + i) * shrink).Store(sum + r * width + i);
            total *= shrink;
            max[r] = now;
        }
        for (var j = from; j < to; j += 16)
        {
            var e = Exp2(Vector512.Load(s + j) - shift);
            e.Store(s + j);
            total += e;
        }
        total.Store(lanes + r * 16);
    }

    static float Largest(V v)
    {
        var h = Vector256.MaxNative(v.GetLower(), v.GetUpper());
        var q = Vector128.MaxNative(h.GetLower(), h.GetUpper());
        q = Vector128.MaxNative(q, Vector128.Shuffle(q, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(q[0], q[1]);
    }
}
