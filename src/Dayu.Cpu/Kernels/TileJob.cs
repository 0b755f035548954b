namespace Dayu.Cpu;

/// <summary>The elements of a tile: four bytes for each row and step of k.</summary>
internal unsafe interface ITileOf
{
    /// <summary>Values of k in a step.</summary>
    static abstract int Step { get; }

    /// <summary>to[k / Step][i] from the rows i below width; rows that do not exist are zero.</summary>
    static abstract void Pack(float* from, nint rowStride, nint depthStride, int rows, nint depth, byte* to, int width);
}

/// <summary>float32.</summary>
internal readonly unsafe struct OfFloats : ITileOf
{
    public static int Step => 1;

    public static void Pack(float* from, nint rowStride, nint depthStride, int rows, nint depth, byte* to, int width) =>
        Interleave.Run(from, rowStride, depthStride, rows, depth, (float*)to, width);
}

/// <summary>Pairs of bfloat16.</summary>
internal readonly unsafe struct OfPairs : ITileOf
{
    public static int Step => 2;

    public static void Pack(float* from, nint rowStride, nint depthStride, int rows, nint depth, byte* to, int width) =>
        Pairs.Pack(from, rowStride, depthStride, rows, depth, (uint*)to, width);
}

/// <summary>
/// Packs a matrix into tiles (or panels). A chunk is a tile, or some values of k of every tile if those of all rows are neighbours:
/// memory is then read in its own order.
/// </summary>
/// <param name="from">[rows, depth].</param>
/// <param name="rows">T, or Out.</param>
/// <param name="depth">K.</param>
/// <param name="to">Tile after tile.</param>
/// <param name="width">Rows of a tile.</param>
/// <param name="padded">Makes the last tile as wide as the others.</param>
internal readonly unsafe struct TileJob<P>(Strided from, int rows, int depth, byte* to, int width, bool padded) : IJob
    where P : struct, ITileOf
{
    /// <summary>
    /// Values of k in a chunk. Tiles narrower than a cache line write to it several times, and lines a multiple of 4 KB apart compete
    /// for eight places in the L1 cache.
    /// </summary>
    int DepthBlock => width < 8 ? 16 : 32;

    readonly bool sideBySide = from.RowStride == 1 && from.ColumnStride != 1;

    int Tiles => (rows + width - 1) / width;

    public int Chunks => sideBySide ? (depth + DepthBlock - 1) / DepthBlock : Tiles;

    public void Run(int chunk)
    {
        if (!sideBySide) Tile(chunk, 0, depth);
        else
            for (var tile = 0; tile < Tiles; tile++)
                Tile(tile, chunk * DepthBlock, Math.Min(DepthBlock, depth - chunk * DepthBlock));
    }

    void Tile(int tile, int k, int count)
    {
        int first = tile * width, height = Math.Min(width, rows - first), paddedHeight = padded ? width : height;
        var steps = (depth + P.Step - 1) / P.Step;
        var at = to + ((nint)first * steps + (nint)k / P.Step * paddedHeight) * sizeof(float);
        var part = from.From(first, k);
        P.Pack(part.Data, part.RowStride, part.ColumnStride, height, count, at, paddedHeight);
    }
}
