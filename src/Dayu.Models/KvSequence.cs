using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// One sequence's place in a cache. Where only attention carries something on, it can go back to any earlier token
/// (<see cref="Truncate"/>). The state of a recurrent layer knows no earlier token: such a sequence is used again only
/// whole, or from a copy that was made in time (<see cref="Fork"/>).
/// </summary>
public sealed class KvSequence : IDisposable
{
    readonly Dictionary<object, Tensor> states = [];                 // float32 [width], by recurrent layer
    int[] rows = [];                                                 // first row of each block

    internal KvSequence(KvCache cache) => Cache = cache;

    /// <summary>The cache it lies in.</summary>
    public KvCache Cache { get; }

    /// <summary>Tokens held.</summary>
    public int Length { get; private set; }

    /// <summary>Whether it can go back to a token before its last; else only to its beginning.</summary>
    public bool CanTruncate => states.Count == 0;

    /// <summary>Free blocks that it takes to grow by so many tokens.</summary>
    public int BlocksFor(int tokens)
    {
        var more = BlocksOf(Length + tokens) - rows.Length;
        return tokens > 0 && WritesToShared ? more + 1 : more;
    }

    /// <summary>The next token would be written to a block that others read.</summary>
    bool WritesToShared => Length % Cache.BlockSize != 0 && Cache.IsShared(rows[^1] / Cache.BlockSize);

    int BlocksOf(int tokens) => (int)(((long)tokens + Cache.BlockSize - 1) / Cache.BlockSize);

    /// <summary>Makes room for more tokens.</summary>
    /// <returns>The first row of every block.</returns>
    internal int[] Extend(int count)
    {
        if (WritesToShared) rows[^1] = Cache.Unshare(rows[^1] / Cache.BlockSize, Length % Cache.BlockSize) * Cache.BlockSize;
        var had = rows.Length;
        Length += count;
        if (BlocksOf(Length) > had) Array.Resize(ref rows, BlocksOf(Length));
        for (var b = had; b < rows.Length; b++) rows[b] = Cache.Take() * Cache.BlockSize;
        return rows;
    }

    /// <summary>
    /// Another sequence that begins as this one stands: blocks are shared until one of the two writes to them, states
    /// are copied.
    /// </summary>
    public KvSequence Fork()
    {
        var fork = new KvSequence(Cache) { Length = Length, rows = [.. rows] };
        foreach (var row in rows) Cache.Share(row / Cache.BlockSize);
        foreach (var (layer, state) in states) fork.SetState(layer, state, 0, state.Width);
        return fork;
    }

    /// <summary>Forgets what comes after the first <paramref name="length"/> tokens.</summary>
    /// <exception cref="InvalidOperationException">A recurrent layer's state cannot go back; fork the sequence before
    /// it goes on.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0 && length < Length && !CanTruncate)
            throw new InvalidOperationException(
                $"this sequence carries the state of a recurrent layer after {Length} tokens, which cannot go back to {length}; "
                + "go on from a fork that was made there, or begin anew");
        if (length == 0) DropStates();
        Shorten(length);
    }

    /// <summary>Gives blocks back; what a pass has added to states is not in them yet.</summary>
    internal void Shorten(int length)
    {
        Length = length;
        var needed = BlocksOf(length);
        foreach (var row in rows.AsSpan(needed)) Cache.Return(row / Cache.BlockSize);
        Array.Resize(ref rows, needed);
    }

    /// <summary>What a recurrent layer carried on, float32 [width]; null: nothing yet.</summary>
    internal Tensor? State(object layer) => states.GetValueOrDefault(layer);

    internal void SetState(object layer, Tensor from, long first, int width)
    {
        if (!states.TryGetValue(layer, out var state)) states[layer] = state = Cache.TakeState(width);
        state.On.Copy(from.Address + (nint)(first * sizeof(float)), state.WriteAddress, state.Bytes);
    }

    void DropStates()
    {
        foreach (var state in states.Values) Cache.ReturnState(state);
        states.Clear();
    }

    /// <summary>Gives its blocks back.</summary>
    public void Dispose()
    {
        DropStates();
        Shorten(0);
    }
}
