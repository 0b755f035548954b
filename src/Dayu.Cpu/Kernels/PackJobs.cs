using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>Rows of bfloat16 into panels of pairs. A chunk is a panel of 32 outputs.</summary>
internal readonly unsafe struct PairJob(BF16* rows, nint stride, int outputs, int depth, uint* panels) : IJob
{
    public void Run(int chunk)
    {
        var first = chunk * FloatTile.Columns;
        Pairs.Pack(rows + first * stride, stride, Math.Min(FloatTile.Columns, outputs - first), depth, panels + (nint)first * ((depth + 1) / 2));
    }
}

/// <summary>Rows of floats into panels of the same or of float32. A chunk is a panel of 32 outputs. Counts what cannot be kept as it is.</summary>
internal readonly unsafe struct PackJob<TFrom, TTo>(TFrom* rows, nint stride, int outputs, int depth, TTo* panels, StrongBox<int> unfit) : IJob
    where TFrom : unmanaged, IElement<TFrom> where TTo : unmanaged
{
    public void Run(int chunk)
    {
        int first = chunk * FloatTile.Columns, count = Math.Min(FloatTile.Columns, outputs - first);
        var from = rows + first * stride;
        var to = panels + (nint)first * depth;
        if (typeof(TTo) == typeof(TFrom))
        {
            const int Piece = 256;
            for (nint k = 0; k < depth; k += Piece)
            {
                Quads.Fetch(from + FloatTile.Columns * (stride + k), FloatTile.Columns * Piece * sizeof(TFrom));
                Interleave.Run((TTo*)from + k, stride, 1, count, Math.Min(Piece, depth - k), to + k * FloatTile.Columns, FloatTile.Columns);
            }
            if (!TFrom.CanWiden((TFrom*)to, (nint)depth * FloatTile.Columns)) Interlocked.Increment(ref unfit.Value);
        }
        else
            for (var row = 0; row < count; row++)
                for (nint k = 0; k < depth; k++) ((float*)to)[k * FloatTile.Columns + row] = TFrom.ToSingle(from[row * stride + k]);
    }
}

/// <summary>The jobs of many weights as one, so that no thread waits at the end of each. A chunk is some panels of a weight, about <see cref="ChunkBytes"/> of them.</summary>
internal readonly unsafe struct PackAll : IJob
{
    const int ChunkBytes = 1 << 19;

    readonly PackedWeight[] weights;
    readonly IJob[] jobs;
    readonly int[] firsts, left;
    readonly string[]? names;
    readonly Action<int>? done;

    /// <param name="weights">Their memory is there already.</param>
    /// <param name="names">For messages.</param>
    /// <param name="done">Told which is ready.</param>
    public PackAll(PackedWeight[] weights, string[]? names, Action<int>? done)
    {
        (this.weights, this.names, this.done, jobs, firsts, left) = (weights, names, done, new IJob[weights.Length], new int[weights.Length], new int[weights.Length]);
        for (var n = 0; n < weights.Length; n++)
        {
            (jobs[n], firsts[n], left[n]) = (weights[n].Job(), Chunks, (weights[n].Panels + PerChunk(n) - 1) / PerChunk(n));
            Chunks += left[n];
        }
    }

    public int Chunks { get; }

    int PerChunk(int n) => (int)Math.Clamp(ChunkBytes / Math.Max(1, weights[n].Bytes / weights[n].Panels), 1, weights[n].Panels);

    public void Run(int chunk)
    {
        var n = Array.BinarySearch(firsts, chunk);
        if (n < 0) n = ~n - 1;
        var panel = (chunk - firsts[n]) * PerChunk(n);
        try
        {
            for (var end = Math.Min(panel + PerChunk(n), weights[n].Panels); panel < end; panel++) jobs[n].Run(panel);
        }
        catch (InvalidDataException e) when (names is not null) { throw new InvalidDataException($"{names[n]}: {e.Message}", e); }
        if (Interlocked.Decrement(ref left[n]) == 0) done?.Invoke(n);
    }
}
