using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The rows (each a head of a query) that read each key head, and their state over one segment of keys: the largest score so far, the
/// sum of weights by lanes, the weighted sum of values. When the largest score grows, both sums are rescaled.
/// </summary>
internal readonly unsafe struct AttentionTile
{
    /// <summary>Keys that are computed by themselves, then merged in order.</summary>
    public const int Segment = 128;

    /// <summary>
    /// Up to this many rows of a head, memory is the limit: all heads of a few keys are computed together, values in place. With more
    /// rows, one head after another is faster.
    /// </summary>
    const int Few = 8;

    readonly int heads, rows;                         // key heads; rows of each
    readonly nint width;                              // of a head, in whole vectors
    readonly float root;                              // ICacheFormat.Root
    readonly int together;                            // heads that are computed together
    readonly float* q, sum;                           // [heads, rows, width]
    readonly float* lanes, max;                       // [heads, rows, 16], [heads, rows]
    readonly float* scores;                           // [together, rows, chunk]
    readonly float* chunk, transposed;                // [chunk, width], [width, chunk]
    readonly int* first, end;                         // [rows]: the keys that a row sees, the same for each head
    readonly nint* places;                            // [2, chunk]: offsets of the rows of a chunk, and of the next

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

    /// <summary>Bytes of memory a tile needs.</summary>
    public static nint BytesFor(int heads, int rows, nint width)
    {
        var states = (nint)heads * rows * (2 * width + 16 + 1);
        var scores = (nint)(rows <= Few ? heads : 1) * rows * Chunk;
        var words = states + scores + 2 * Chunk * width + 2 * rows;
        return words * sizeof(float) + 2 * Chunk * sizeof(nint);
    }

    /// <summary>Sets the query of a row, times the scale of its scores. Weights are powers of 2, not of e.</summary>
    public void SetQuery(int head, int row, float* from, int n, float scale) =>
        Pad(from, n, scale * MathF.Log2(MathF.E) * root, q + (head * rows + row) * width, width);

    /// <summary>Sets the keys [first, end) that a row sees.</summary>
    public void SetSeen(int row, int first, int end) => (this.first[row], this.end[row]) = (Math.Max(first, 0), end);

    /// <summary>The range of keys that any of some rows sees.</summary>
    public (int From, int To) Seen(int from, int to)
    {
        var (low, high) = (int.MaxValue, 0);
        for (var r = from; r < to; r++)
            if (first[r] < end[r]) (low, high) = (Math.Min(low, first[r]), Math.Max(high, end[r]));
        return (Math.Min(low, high), high);
    }

    /// <summary>Computes the state of each row over one segment of keys.</summary>
    /// <param name="all">Keys and values of the sequence.</param>
    /// <param name="segment">Index of the segment.</param>
    /// <param name="limit">The end of the keys that are computed after it; they are prefetched.</param>
    public void Accumulate<F>(AttentionKeys<F> all, int segment, int limit) where F : ICacheFormat
    {
        Unsafe.InitBlock(sum, 0, (uint)(heads * rows * (width + 16) * sizeof(float)));                // lanes follow
        new Span<float>(max, heads * rows).Fill(float.NegativeInfinity);
        var (from, to) = Seen(0, rows);
        (from, to) = (Math.Max(from, segment * Segment), Math.Min(to, (segment + 1) * Segment));
        for (var start = from / Chunk * Chunk; start < to; start += Chunk)
        {
            all.Find(start, places);
            if (start + Chunk < limit) all.Find(start + Chunk, places + Chunk);
            var part = new Part(start, Math.Max(from - start, 0), Math.Min(to - start, Chunk), HasNext: start + Chunk < limit);
            for (var h = 0; h < heads; h += together)
            {
                Scores(all, part, h);
                for (var r = 0; r < together * rows; r++) Weights(h * rows + r, r % rows, part, scores + r * Chunk);
                Values(all, part, h);
            }
        }
    }

    /// <summary>Part of a chunk: its first key in the sequence; which keys of the chunk are computed; whether a chunk follows.</summary>
    readonly record struct Part(int Start, int From, int To, bool HasNext);

    /// <summary>Computes the scores of some heads.</summary>
    void Scores<F>(AttentionKeys<F> all, Part part, int firstHead) where F : ICacheFormat
    {
        var keyCount = (part.To + 15) & ~15;
        for (var h = firstHead; h < firstHead + together; h++)
        {
            all.Transpose(places, keyCount, h, chunk, transposed);
            var keys = rows <= Few ? null : all.Unpack(transposed, keyCount, chunk);
            for (var r = 0; r < rows; r += MostRows)
            {
                var (from, to) = InChunk(r, part);
                (from, to) = (from & ~15, (to + 15) & ~15);
                if (from >= to) continue;
                var prefetch = r == 0 ? all.PrefetchValues(places[0], part.To, h, width) : default;
                var queries = new Left(q + (h * rows + r) * width, width);
                var own = scores + ((h - firstHead) * rows + r) * Chunk;
                var count = Math.Min(MostRows, rows - r);
                if (keys == null) all.Scores(queries, count, transposed, from, to, own, prefetch);
                else all.ScoresOfFloats(queries, count, keys, from, to, own, prefetch);
            }
        }
    }

    /// <summary>Adds the values of a chunk to the rows of some heads.</summary>
    void Values<F>(AttentionKeys<F> all, Part part, int firstHead) where F : ICacheFormat
    {
        var inPlace = rows <= Few && all.IsWhole;
        for (var h = firstHead; h < firstHead + together; h++)
        {
            if (!inPlace) all.Values(places, part.To, h, chunk);
            for (var r = 0; r < rows; r += MostRows)
            {
                var (from, to) = InChunk(r, part);
                if (from >= to) continue;
                var prefetch = part.HasNext && r == 0 ? all.PrefetchKeys(places[Chunk], Chunk, h, Chunk) : default;
                var weights = new Left(scores + ((h - firstHead) * rows + r) * Chunk, Chunk);
                var own = sum + (h * rows + r) * width;
                var count = Math.Min(MostRows, rows - r);
                if (inPlace) AddProduct(weights, count, all.ValuesInPlace(places, h, prefetch), from, to, own);
                else AddProduct(weights, count, new Dense(chunk, width, prefetch), from, to, own);
            }
        }
    }

    void AddProduct<B>(Left weights, int count, B values, int from, int to, float* own) where B : struct, IRight =>
        Product(weights, count, values, from, to, own, width, (int)width, add: true);

    /// <summary>Merges the state of a row into that of the keys before.</summary>
    public void MergeInto(float* state, int head, int row)
    {
        var r = head * rows + row;
        OnlineSoftmax.Merge(state, sum + r * width, root * root, max[r], Sum(Vector512.Load(lanes + r * 16)), width);
    }

    /// <summary>The keys of a chunk that any of the rows sees that are computed together from row r on.</summary>
    (int From, int To) InChunk(int r, Part part)
    {
        var (low, high) = Seen(r, Math.Min(r + MostRows, rows));
        return (Math.Max(part.From, low - part.Start), Math.Min(part.To, high - part.Start));
    }

    /// <summary>Turns the scores of a row into weights relative to its largest score so far; if that grows, rescales its sums.</summary>
    /// <param name="r">Row among those of all heads.</param>
    /// <param name="sees">Row of its head, which says what keys it sees.</param>
    /// <param name="part">The chunk.</param>
    /// <param name="s">[chunk] scores, then weights.</param>
    void Weights(int r, int sees, Part part, float* s)
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
            largest = Vector512.MaxNative(largest, x);                   // may lose a NaN, which then shows in its weight
        }
        var (before, now) = (max[r], MathF.Max(max[r], Largest(largest)));
        var shift = Vector512.Create(float.IsNegativeInfinity(now) ? 0 : now);
        var total = Vector512.Load(lanes + r * 16);
        if (now != before)
        {
            var rescale = Exp2(Vector512.Create(before) - shift);
            for (nint i = 0; i < width; i += 16)
                (Vector512.Load(sum + r * width + i) * rescale).Store(sum + r * width + i);
            total *= rescale;
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
