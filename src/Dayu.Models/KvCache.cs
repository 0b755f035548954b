using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// What sequences carry on from pass to pass, so that a token is computed once: keys and values of attention, states of
/// recurrent layers. Keys and values lie in blocks that sequences take as they grow, in any order; sequences that begin
/// alike share blocks (Kwon et al. 2023, arXiv:2309.06180). A layer asks for its part by itself; the part is made when
/// it first asks.
/// </summary>
/// <param name="on">Where it lies.</param>
/// <param name="blocks">Number of blocks for all sequences together.</param>
/// <param name="blockSize">Tokens in a block.</param>
/// <param name="format">Number format of keys and values, one of <see cref="Op.CacheFormats"/>; null: the one the
/// backend likes. Float32 changes nothing; halves take half the memory, and the time of reading it; Q8_0 takes a
/// quarter.</param>
public sealed class KvCache(Backend on, int blocks, int blockSize = 32, DType? format = null) : IDisposable
{
    readonly Arena arena = new(on);
    readonly Dictionary<object, (Tensor Keys, Tensor Values)> layers = [];
    readonly Dictionary<int, Stack<Tensor>> spareStates = [];        // by width
    readonly Stack<int> free = new(Enumerable.Range(0, blocks).Reverse());
    readonly int[] holders = new int[blocks];                        // how many sequences hold each block

    /// <summary>Room for one sequence of so many tokens, in one piece.</summary>
    public static KvCache ForOne(Backend on, int tokens, DType? format = null) => new(on, 1, tokens, format);

    /// <summary>Number format of keys and values.</summary>
    public DType Format { get; } = format ?? on.CacheFormat;

    /// <summary>Tokens in a block.</summary>
    public int BlockSize => blockSize;

    /// <summary>Blocks that no sequence holds.</summary>
    public int FreeBlocks => free.Count;

    /// <summary>Memory taken so far.</summary>
    public long Bytes => arena.Bytes;

    /// <summary>A new, empty sequence.</summary>
    public KvSequence Begin() => new(this);

    /// <summary>
    /// Whether all of these can grow, each by so many tokens: what a scheduler asks before it makes a pass.
    /// </summary>
    public bool Fits(params ReadOnlySpan<(KvSequence Sequence, int Tokens)> growth)
    {
        var needed = 0L;
        foreach (var (sequence, tokens) in growth) needed += sequence.BlocksFor(tokens);
        return needed <= free.Count;
    }

    internal (Tensor Keys, Tensor Values) Of(object layer, int width)
    {
        if (layers.TryGetValue(layer, out var part)) return part;
        if (width % Format.BlockValues != 0)
            throw new ArgumentException($"keys of this model are {width} values wide, "
                + $"no whole number of {Format} blocks of {Format.BlockValues}; keep them in f16 or f32");
        var shape = new Shape((long)blocks * blockSize, width);
        return layers[layer] = (arena.New(Format, shape), arena.New(Format, shape));
    }

    internal int Take()
    {
        if (!free.TryPop(out var block))
            throw new InvalidOperationException(
                $"the cache is full: all {blocks} blocks of {blockSize} tokens are taken; end a sequence, or make the cache larger");
        holders[block] = 1;
        return block;
    }

    internal void Share(int block) => holders[block]++;

    internal bool IsShared(int block) => holders[block] > 1;

    internal void Return(int block)
    {
        if (--holders[block] == 0) free.Push(block);
    }

    /// <summary>
    /// A block for one sequence alone that begins as a shared one does; the shared one loses a holder.
    /// </summary>
    /// <param name="block">The shared one.</param>
    /// <param name="used">Tokens in it that count.</param>
    internal int Unshare(int block, int used)
    {
        var own = Take();
        foreach (var (keys, values) in layers.Values)
        {
            CopyRows(keys, block, own, used);
            CopyRows(values, block, own, used);
        }
        holders[block]--;
        return own;
    }

    void CopyRows(Tensor table, int from, int to, int count)
    {
        var rowBytes = Format.BytesFor(table.Width);
        var (first, copy) = ((nint)(from * blockSize * rowBytes), (nint)(to * blockSize * rowBytes));
        on.Copy(table.Address + first, table.WriteAddress + copy, count * rowBytes);
    }

    /// <summary>Memory for one sequence's state of one layer, [width].</summary>
    internal Tensor TakeState(int width) =>
        spareStates.TryGetValue(width, out var spare) && spare.TryPop(out var state) ? state : arena.New(width);

    internal void ReturnState(Tensor state)
    {
        if (!spareStates.TryGetValue(state.Width, out var spare)) spareStates[state.Width] = spare = [];
        spare.Push(state);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => arena.Dispose();
}
