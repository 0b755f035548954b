using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>Multiplies packed x by panels. A chunk is some panels by some rows; every output is finished inside one chunk.</summary>
internal unsafe struct MultiplyJob : IJob
{
    /// <summary>About the most rows in a chunk.</summary>
    const int ManyRows = 168;

    /// <summary>About the most bytes of float x in a chunk that widens panels, if that is more rows: each chunk widens them anew.</summary>
    const int ManyBytes = 336 << 10;

    PlannedProducts products;
    readonly int count;
    readonly DepthRange range;

    /// <summary>Cuts the products into chunks: about a hundredth of all work each, between 1 and 16 µs.</summary>
    public MultiplyJob(in PlannedProducts products, int count, DepthRange range)
    {
        (this.products, this.count, this.range) = (products, count, range);
        long total = 0;
        for (var i = 0; i < count; i++) total += Cost(this.products[i], this.products[i].Rows) * Panels(this.products[i]);
        var target = Math.Clamp(total / 128, 1000, 16000);
        for (var i = 0; i < count; i++)
        {
            ref var p = ref this.products[i];
            var rows = ChunkRows(p);
            p.FirstChunk = Chunks;
            p.PanelsPerChunk = (int)Math.Clamp(target / Math.Max(1, Cost(p, Math.Min(p.Rows, rows))), 1, Panels(p));
            Chunks += Up(p.Rows, rows) * Up(Panels(p), p.PanelsPerChunk);
        }
    }

    public int Chunks { get; }

    /// <summary>Where the last panels end. Weights lie in the order in which they are multiplied, so the next ones begin here.</summary>
    public readonly nint End
    {
        get
        {
            var (product, stored) = (products[count - 1].Product, products[count - 1].Stored);
            var panels = Up(product.Outputs, stored.Columns);
            return (nint)product.Panels + panels * stored.Steps(range.Depth) * stored.StepBytes;
        }
    }

    /// <summary>Rows in a chunk: about the same in each, and whole tiles.</summary>
    static int ChunkRows(in PlannedProduct p)
    {
        var most = p.Widens ? Math.Max(ManyRows, ManyBytes / (sizeof(float) * p.Kernel.Depth)) : ManyRows;
        int rows = Up(p.Rows, Up(p.Rows, most)), tile = p.Kernel.Rows;
        return Up(rows, tile) * tile;
    }

    static int Panels(in PlannedProduct p) => Up(p.Product.Outputs, p.Kernel.Columns);

    /// <summary>n / by, rounded up.</summary>
    static int Up(int n, int by) => (n + by - 1) / by;

    /// <summary>Nanoseconds a panel may take: reading it at 16 GB/s or multiplying it at 100 GFLOP/s.</summary>
    long Cost(in PlannedProduct p, int rows)
    {
        var bytes = p.Stored.StepBytes * (long)p.Stored.Steps(range.Count) * p.Kernel.Columns / p.Stored.Columns;
        return Math.Max(bytes / 16, (long)rows * p.Kernel.Columns * range.Count / 50);
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var n = 0;
        while (n + 1 < count && chunk >= products[n + 1].FirstChunk) n++;
        ref var p = ref products[n];
        chunk -= p.FirstChunk;
        var (rows, panelChunks) = (ChunkRows(p), Up(Panels(p), p.PanelsPerChunk));
        var firstRow = chunk / panelChunks * rows;            // all panels before the next rows: packed x stays in the cache
        var panel = chunk % panelChunks * p.PanelsPerChunk;
        int lastRow = Math.Min(firstRow + rows, p.Rows), lastPanel = Math.Min(panel + p.PanelsPerChunk, Panels(p));
        var widened = stackalloc byte[p.Widens ? p.Kernel.BlockBytes : 0];
        for (; panel < lastPanel; panel++) Panel(p, panel, firstRow, lastRow, widened);
    }

    readonly void Panel(in PlannedProduct p, int panel, int firstRow, int lastRow, byte* widened)
    {
        MicroKernel kernel = p.Kernel, stored = p.Stored;
        var storedBytes = stored.StepBytes * stored.Steps(range.Depth);
        var weights = p.Product.Panels + panel * storedBytes * (kernel.Columns / stored.Columns);
        for (var k = range.From; k < range.To; k += kernel.Block)
        {
            var count = Math.Min(kernel.Block, range.To - k);
            var w = weights + k / kernel.Step * (nint)kernel.StepBytes;
            if (p.Widens)
            {
                stored.Expand(weights, storedBytes, k, count, kernel, widened);
                w = widened;
            }
            var resume = k > 0 || p.Product.Accumulate;
            for (var row = firstRow; row < lastRow; row += kernel.Rows)
            {
                var height = Math.Min(kernel.Rows, lastRow - row);
                var x = p.X + kernel.RowBytes * (row * kernel.Steps(range.Count) + height * (nint)((k - range.From) / kernel.Step));
                Tile(p.Product, kernel, kernel.Steps(count), x, w, row, height, panel * kernel.Columns, resume);
            }
        }
    }

    /// <summary>Runs a tile on y itself, or on a copy where the panel is wider than the rest of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Tile(
        in Product product, MicroKernel kernel, nint steps, byte* x, byte* w, int row, int height, int column, bool resume)
    {
        var y = product.Y + row * product.Stride + column;
        var width = product.Outputs - column;
        if (width >= kernel.Columns) kernel.Run(height, steps, x, w, y, product.Stride, resume);
        else Narrow(product, kernel, steps, x, w, y, height, width, resume);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining)]
    static void Narrow(
        in Product product, MicroKernel kernel, nint steps, byte* x, byte* w, float* y, int height, int width, bool resume)
    {
        var copy = stackalloc float[height * kernel.Columns];
        if (resume)
            for (var i = 0; i < height; i++) Copy(y + i * product.Stride, copy + i * kernel.Columns, width);
        kernel.Run(height, steps, x, w, copy, kernel.Columns, resume);
        for (var i = 0; i < height; i++) Copy(copy + i * kernel.Columns, y + i * product.Stride, width);

        static void Copy(float* from, float* to, int n) => new ReadOnlySpan<float>(from, n).CopyTo(new(to, n));
    }
}
