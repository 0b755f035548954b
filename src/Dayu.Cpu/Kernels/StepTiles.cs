namespace Dayu.Cpu;

/// <summary>
/// A small matrix [S, K] in the order a kernel reads it, made anew at every step of time: whoever has computed 32 of
/// its columns packs them here by itself, and all multiply by the whole at the next step. Each product is one chain of
/// fused multiply-adds, k ascending, as in <see cref="Gemm"/>: its bits do not depend on the number of rows.
/// </summary>
/// <param name="kernel">Multiplies; its numbers are floats, or pairs of bfloat16.</param>
/// <param name="depth">K.</param>
/// <param name="data">As many bytes as <see cref="Bytes"/> says.</param>
internal readonly unsafe struct StepTiles(MicroKernel kernel, int depth, byte* data)
{
    /// <summary>Columns that are packed at a time, a panel's.</summary>
    public const int Columns = FloatTile.Columns;

    /// <summary>Size in memory, a whole number of cache lines.</summary>
    public static nint Bytes(MicroKernel kernel, int rows, int depth) => (kernel.RowBytes * kernel.Steps(depth) * rows + 63) & -64;

    /// <summary>Packs up to 32 columns of all rows.</summary>
    /// <param name="column">The first, a multiple of 32.</param>
    /// <param name="from">[rows, 32]</param>
    /// <param name="rows">S.</param>
    public void Pack(int column, float* from, int rows)
    {
        var (count, tile) = (Math.Min(Columns, depth - column), Height(rows));
        for (var row = 0; row < rows; row += tile, from += tile * Columns)
        {
            var height = Math.Min(tile, rows - row);
            var to = At(row, height, column);
            if (kernel.Takes == Packing.Pairs) Pairs.Pack(from, Columns, 1, height, count, (uint*)to, height);
            else Interleave.Run(from, Columns, 1, height, count, (float*)to, height);
        }
    }

    /// <summary>Multiplies by a panel: y[S, 32] = x · panel, or y += x · panel.</summary>
    public void Multiply(byte* panel, int rows, float* y, bool accumulate)
    {
        var tile = Height(rows);
        for (var k = 0; k < depth; k += kernel.Block)
        {
            var steps = kernel.Steps(Math.Min(kernel.Block, depth - k));
            var w = panel + k / kernel.Step * (nint)kernel.StepBytes;
            for (var row = 0; row < rows; row += tile)
            {
                var height = Math.Min(tile, rows - row);
                kernel.Run(height, steps, At(row, height, k), w, y + row * Columns, Columns, accumulate || k > 0);
            }
        }
    }

    byte* At(int row, int height, int k) => data + kernel.RowBytes * (row * kernel.Steps(depth) + height * (nint)(k / kernel.Step));

    /// <summary>Rows of a tile: about the same in each.</summary>
    int Height(int rows)
    {
        var tiles = (rows + kernel.Rows - 1) / kernel.Rows;
        return (rows + tiles - 1) / Math.Max(1, tiles);
    }
}
