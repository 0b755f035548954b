using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>Packs rows of bfloat16 into panels of pairs. A chunk is a panel of 32 outputs.</summary>
internal readonly unsafe struct PairJob(WeightRows<BF16> rows, uint* panels) : IJob
{
    public void Run(int chunk)
    {
        var first = chunk * FloatTile.Columns;
        var count = Math.Min(FloatTile.Columns, rows.Outputs - first);
        Pairs.Pack(rows.Data + first * rows.Stride, rows.Stride, count, rows.Depth, panels + (nint)first * ((rows.Depth + 1) / 2));
    }
}

/// <summary>
/// Packs rows of floats into panels of the same format or of float32, and counts the panels whose numbers cannot be widened.
/// A chunk is a panel of 32 outputs.
/// </summary>
internal readonly unsafe struct PackJob<TFrom, TTo>(WeightRows<TFrom> rows, TTo* panels, StrongBox<int> unfit) : IJob
    where TFrom : unmanaged, IElement<TFrom> where TTo : unmanaged
{
    public void Run(int chunk)
    {
        int first = chunk * FloatTile.Columns, count = Math.Min(FloatTile.Columns, rows.Outputs - first);
        var from = rows.Data + first * rows.Stride;
        var to = panels + (nint)first * rows.Depth;
        if (typeof(TTo) == typeof(TFrom)) Copy((TTo*)from, count, to);
        else Widen(from, count, (float*)to);
    }

    void Copy(TTo* from, int count, TTo* to)
    {
        const int DepthBlock = 256;
        for (nint k = 0; k < rows.Depth; k += DepthBlock)
        {
            Quads.Prefetch(from + FloatTile.Columns * (rows.Stride + k), FloatTile.Columns * DepthBlock * sizeof(TTo));
            var depth = Math.Min(DepthBlock, rows.Depth - k);
            Interleave.Run(from + k, rows.Stride, 1, count, depth, to + k * FloatTile.Columns, FloatTile.Columns);
        }
        if (!TFrom.CanWiden((TFrom*)to, (nint)rows.Depth * FloatTile.Columns)) Interlocked.Increment(ref unfit.Value);
    }

    void Widen(TFrom* from, int count, float* to)
    {
        for (var row = 0; row < count; row++)
            for (nint k = 0; k < rows.Depth; k++) to[k * FloatTile.Columns + row] = TFrom.ToSingle(from[row * rows.Stride + k]);
    }
}

/// <summary>
/// The jobs of many weights as one, so that threads do not wait for each other after each weight.
/// A chunk is some panels of a weight, about <see cref="ChunkBytes"/>.
/// </summary>
internal readonly unsafe struct PackAll : IJob
{
    const int ChunkBytes = 1 << 19;

    readonly PackedWeight[] weights;
    readonly IJob[] jobs;
    readonly int[] firsts, left;                      // of each weight: its first chunk, and chunks not yet done
    readonly string[]? names;
    readonly Action<int>? done;

    /// <param name="weights">The weights to pack, with memory allocated.</param>
    /// <param name="names">The weights' names, for error messages.</param>
    /// <param name="done">Called with the index of each weight that is packed.</param>
    public PackAll(PackedWeight[] weights, string[]? names, Action<int>? done)
    {
        (this.weights, this.names, this.done) = (weights, names, done);
        jobs = new IJob[weights.Length];
        (firsts, left) = (new int[weights.Length], new int[weights.Length]);
        for (var n = 0; n < weights.Length; n++)
        {
            jobs[n] = weights[n].Job();
            firsts[n] = Chunks;
            left[n] = (weights[n].Panels + PanelsPerChunk(n) - 1) / PanelsPerChunk(n);
            Chunks += left[n];
        }
    }

    public int Chunks { get; }

    int PanelsPerChunk(int n)
    {
        var panelBytes = Math.Max(1, weights[n].Bytes / weights[n].Panels);
        return (int)Math.Clamp(ChunkBytes / panelBytes, 1, weights[n].Panels);
    }

    public void Run(int chunk)
    {
        var n = Array.BinarySearch(firsts, chunk);
        if (n < 0) n = ~n - 1;
        var panel = (chunk - firsts[n]) * PanelsPerChunk(n);
        try
        {
            for (var end = Math.Min(panel + PanelsPerChunk(n), weights[n].Panels); panel < end; panel++) jobs[n].Run(panel);
        }
        catch (InvalidDataException e) when (names is not null)
        {
            throw new InvalidDataException($"{names[n]}: {e.Message}", e);
        }
        if (Interlocked.Decrement(ref left[n]) == 0) done?.Invoke(n);
    }
}
