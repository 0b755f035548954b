namespace Dayu.Cpu;

/// <summary>What a tile is made of: four bytes for each row and step of k.</summary>
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

/// <summary>Brings a matrix into tiles (or panels) of some rows. A chunk is a tile; where the rows lie side by side it is a piece of k of every tile, so that memory is read in its order.</summary>
/// <param name="from">[rows, depth]</param> <param name="rows">T, or Out.</param> <param name="depth">K.</param> <param name="to">A tile behind the other.</param> <param name="width">Rows of a tile.</param>
/// <param name="padded">The last tile is as wide as the others.</param>
internal readonly unsafe struct TileJob<P>(Strided from, int rows, int depth, byte* to, int width, bool padded) : IJob where P : struct, ITileOf
{
    /// <summary>Of k. Tiles that are narrower than a cache line come back to it, and lines that lie a multiple of 4 KB apart share eight places in the first cache.</summary>
    int Piece => width < 8 ? 16 : 32;

    readonly bool sideBySide = from.RowStride == 1 && from.ColumnStride != 1;

    int Tiles => (rows + width - 1) / width;

    public int Chunks => sideBySide ? (depth + Piece - 1) / Piece : Tiles;

    public void Run(int chunk)
    {
        if (!sideBySide) Tile(chunk, 0, depth);
        else
            for (var tile = 0; tile < Tiles; tile++) Tile(tile, chunk * Piece, Math.Min(Piece, depth - chunk * Piece));
    }

    void Tile(int tile, int k, int count)
    {
        int first = tile * width, height = Math.Min(width, rows - first), padding = padded ? width : height, steps = (depth + P.Step - 1) / P.Step;
        var part = from.From(first, k);
        P.Pack(part.Data, part.RowStride, part.ColumnStride, height, count, to + ((nint)first * steps + (nint)k / P.Step * padding) * sizeof(float), padding);
    }
}
