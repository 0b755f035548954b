using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>One matrix of a region: y[T, N] = x · wᵀ, or y += x · wᵀ.</summary>
internal readonly unsafe struct Product(byte* panels, PanelFormat format, int outputs, float* y, nint stride, bool accumulate = false)
{
    public readonly byte* Panels = panels;
    public readonly PanelFormat Format = format;
    /// <summary>N.</summary>
    public readonly int Outputs = outputs;
    public readonly float* Y = y;
    /// <summary>Floats from a row of y to the next.</summary>
    public readonly nint Stride = stride;
    /// <summary>The sums begin with what y holds.</summary>
    public readonly bool Accumulate = accumulate;
    /// <summary>Where x is rounded to bytes, what that leaves of it is rounded to bytes and multiplied as well: each row of x is two, and rows of y are sums of two.</summary>
    public bool Split { get; init; }

    /// <summary>The same, writing elsewhere.</summary>
    public Product To(float* y, nint stride) => new(Panels, Format, Outputs, y, stride, Accumulate) { Split = Split };
}

/// <summary>A product made ready to run: its kernels, its packed x, and how it is cut.</summary>
internal unsafe struct Part
{
    public Product Product;
    public MicroKernel Kernel, Stored;
    /// <summary>Packed x: tiles of up to <see cref="MicroKernel.Rows"/> rows, each [step][row].</summary>
    public byte* X;
    /// <summary>Rows of x, or twice as many where they are split.</summary>
    public int Rows;
    public int FirstChunk, PanelsPerChunk;

    public readonly bool Widens => Kernel != Stored;
}

/// <summary>Products that share x, multiplied in one region.</summary>
[InlineArray(Most)]
internal struct Parts
{
    public const int Most = 8;
    Part first;
}

/// <summary>Multiplies packed x by panels. A chunk is some panels by some rows; every output is finished inside one chunk.</summary>
internal unsafe struct MultiplyJob : IJob
{
    /// <summary>About how many rows a chunk has at most; how much of float x, where panels are widened for each chunk and its rows are fewer bytes.</summary>
    const int ManyRows = 168, ManyBytes = 336 << 10;

    Parts parts;
    readonly int count, depth, from, to;

    /// <summary>Cuts the products into chunks: about a hundredth of the region each, between 1 and 16 µs of work.</summary>
    /// <remarks>Of k only from … to is multiplied: that much of x is packed. Depth is what the panels hold.</remarks>
    public MultiplyJob(in Parts parts, int count, int depth, int from, int to)
    {
        (this.parts, this.count, this.depth, this.from, this.to) = (parts, count, depth, from, to);
        long total = 0;
        for (var i = 0; i < count; i++) total += Cost(this.parts[i], this.parts[i].Rows) * Panels(this.parts[i]);
        var target = Math.Clamp(total / 128, 1000, 16000);
        for (var i = 0; i < count; i++)
        {
            ref var part = ref this.parts[i];
            part.FirstChunk = Chunks;
            part.PanelsPerChunk = (int)Math.Clamp(target / Math.Max(1, Cost(part, Math.Min(part.Rows, ChunkRows(part)))), 1, Panels(part));
            Chunks += (part.Rows + ChunkRows(part) - 1) / ChunkRows(part) * ((Panels(part) + part.PanelsPerChunk - 1) / part.PanelsPerChunk);
        }
    }

    public int Chunks { get; }

    /// <summary>Where the last panels end. Weights lie in the order in which they are multiplied by.</summary>
    public readonly nint End
    {
        get
        {
            var (product, stored) = (parts[count - 1].Product, parts[count - 1].Stored);
            return (nint)product.Panels + (product.Outputs + stored.Columns - 1) / stored.Columns * stored.Steps(depth) * stored.StepBytes;
        }
    }

    /// <summary>Rows in a chunk: about the same in each, and whole tiles.</summary>
    static int ChunkRows(in Part part)
    {
        var most = part.Widens ? Math.Max(ManyRows, ManyBytes / (sizeof(float) * part.Kernel.Depth)) : ManyRows;
        int rows = Up(part.Rows, Up(part.Rows, most)), tile = part.Kernel.Rows;
        return Up(rows, tile) * tile;

        static int Up(int n, int by) => (n + by - 1) / by;
    }

    static int Panels(in Part part) => (part.Product.Outputs + part.Kernel.Columns - 1) / part.Kernel.Columns;

    /// <summary>Nanoseconds a panel may take: reading it at 16 GB/s or multiplying at 100 GFLOP/s.</summary>
    long Cost(in Part part, int rows)
    {
        var bytes = part.Stored.StepBytes * (long)part.Stored.Steps(to - from) * part.Kernel.Columns / part.Stored.Columns;
        return Math.Max(bytes / 16, (long)rows * part.Kernel.Columns * (to - from) / 50);
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var n = 0;
        while (n + 1 < count && chunk >= parts[n + 1].FirstChunk) n++;
        ref var part = ref parts[n];
        chunk -= part.FirstChunk;
        var panelParts = (Panels(part) + part.PanelsPerChunk - 1) / part.PanelsPerChunk;               // all of them before the next rows: packed x stays in the cache
        int firstRow = chunk / panelParts * ChunkRows(part), lastRow = Math.Min(firstRow + ChunkRows(part), part.Rows);
        int panel = chunk % panelParts * part.PanelsPerChunk, lastPanel = Math.Min(panel + part.PanelsPerChunk, Panels(part));
        var widened = stackalloc byte[part.Widens ? part.Kernel.BlockBytes : 0];
        for (; panel < lastPanel; panel++) Panel(part, panel, firstRow, lastRow, widened);
    }

    readonly void Panel(in Part part, int panel, int firstRow, int lastRow, byte* widened)
    {
        MicroKernel kernel = part.Kernel, stored = part.Stored;
        var storedBytes = stored.StepBytes * stored.Steps(depth);
        var weights = part.Product.Panels + panel * storedBytes * (kernel.Columns / stored.Columns);
        for (var k = from; k < to; k += kernel.Block)
        {
            var count = Math.Min(kernel.Block, to - k);
            var w = weights + k / kernel.Step * (nint)kernel.StepBytes;
            if (part.Widens)
            {
                stored.Bring(weights, storedBytes, k, count, kernel, widened);
                w = widened;
            }
            for (var row = firstRow; row < lastRow; row += kernel.Rows)
            {
                var height = Math.Min(kernel.Rows, lastRow - row);
                var x = part.X + kernel.RowBytes * (row * kernel.Steps(to - from) + height * (nint)((k - from) / kernel.Step));
                Tile(part.Product, kernel, kernel.Steps(count), x, w, row, height, panel * kernel.Columns, resume: k > 0 || part.Product.Accumulate);
            }
        }
    }

    /// <summary>Runs a kernel on y itself, or on a copy where the panel is wider than what is left of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Tile(in Product product, MicroKernel kernel, nint steps, byte* x, byte* w, int row, int height, int column, bool resume)
    {
        var y = product.Y + row * product.Stride + column;
        var width = product.Outputs - column;
        if (width >= kernel.Columns) kernel.Run(height, steps, x, w, y, product.Stride, resume);
        else Narrow(product, kernel, steps, x, w, y, height, width, resume);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining)]
    static void Narrow(in Product product, MicroKernel kernel, nint steps, byte* x, byte* w, float* y, int height, int width, bool resume)
    {
        var copy = stackalloc float[height * kernel.Columns];
        if (resume) for (var i = 0; i < height; i++) new Span<float>(y + i * product.Stride, width).CopyTo(new(copy + i * kernel.Columns, width));
        kernel.Run(height, steps, x, w, copy, kernel.Columns, resume);
        for (var i = 0; i < height; i++) new Span<float>(copy + i * kernel.Columns, width).CopyTo(new(y + i * product.Stride, width));
    }
}
