using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Keys and values of sequences, so that a token is computed once. The memory is cut into blocks which sequences take as they grow, in any order
/// (Kwon et al. 2023, arXiv:2309.06180). A layer asks for its part by itself; the part is made when it first asks.
/// </summary>
/// <param name="on">Where it lies.</param>
/// <param name="blocks">Number of blocks for all sequences together.</param>
/// <param name="blockSize">Tokens in a block.</param>
/// <param name="format">Number format of keys and values, one of <see cref="Op.CacheFormats"/>; null: the one the backend likes. Float32 changes nothing; halves take half the memory,
/// and the time of reading it; Q8_0 takes a quarter.</param>
public sealed class KvCache(Backend on, int blocks, int blockSize = 32, DType? format = null) : IDisposable
{
    readonly Arena arena = new(on);
    readonly Dictionary<object, (Tensor Keys, Tensor Values)> layers = [];
    readonly Stack<int> free = new(Enumerable.Range(0, blocks).Reverse());

    /// <summary>Room for one sequence of so many tokens, in one piece.</summary>
    public static KvCache ForOne(Backend on, int tokens, DType? format = null) => new(on, 1, tokens, format);

    /// <summary>Number format of keys and values.</summary>
    public DType Format { get; } = format ?? on.CacheFormat;

    /// <summary>Tokens in a block.</summary>
    public int BlockSize => blockSize;

    /// <summary>Blocks that no sequence has taken.</summary>
    public int FreeBlocks => free.Count;

    /// <summary>Memory taken so far.</summary>
    public long Bytes => arena.Bytes;

    /// <summary>A new, empty sequence.</summary>
    public KvSequence Begin() => new(this);

    internal (Tensor Keys, Tensor Values) Of(object layer, int width)
    {
        if (layers.TryGetValue(layer, out var part)) return part;
        if (width % Format.BlockValues != 0)
            throw new ArgumentException($"keys of this model are {width} values wide, no whole number of {Format} blocks of {Format.BlockValues}; keep them in f16 or f32");
        var shape = new Shape((long)blocks * blockSize, width);
        return layers[layer] = (arena.New(Format, shape), arena.New(Format, shape));
    }

    internal int Take() => free.TryPop(out var b) ? b : throw new InvalidOperationException(
        $"the cache is full: all {blocks} blocks of {blockSize} tokens are taken; end a sequence, or make the cache larger");

    internal void Return(int block) => free.Push(block);

    /// <summary>Frees the memory.</summary>
    public void Dispose() => arena.Dispose();
}

/// <summary>One sequence's place in a cache.</summary>
public sealed class KvSequence : IDisposable
{
    readonly KvCache cache;
    int[] rows = [];                                                 // first row of each block

    internal KvSequence(KvCache cache) => this.cache = cache;

    /// <summary>Tokens held.</summary>
    public int Length { get; private set; }

    /// <summary>Makes room for more tokens and says which rows they get.</summary>
    /// <returns>The first row of every block.</returns>
    internal int[] Extend(int count, Span<int> slots)
    {
        var needed = (Length + count + cache.BlockSize - 1) / cache.BlockSize;
        if (needed > rows.Length)
        {
            var had = rows.Length;
            Array.Resize(ref rows, needed);
            for (var b = had; b < needed; b++)
            {
                try { rows[b] = cache.Take() * cache.BlockSize; }
                catch (InvalidOperationException) { Array.Resize(ref rows, b); throw; }
            }
        }
        for (var i = 0; i < count; i++, Length++) slots[i] = rows[Length / cache.BlockSize] + Length % cache.BlockSize;
        return rows;
    }

    /// <summary>Forgets what comes after the first <paramref name="length"/> tokens.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var needed = (length + cache.BlockSize - 1) / cache.BlockSize;
        foreach (var row in rows.AsSpan(needed)) cache.Return(row / cache.BlockSize);
        Array.Resize(ref rows, needed);
    }

    /// <summary>Gives its blocks back.</summary>
    public void Dispose() => Truncate(0);
}
