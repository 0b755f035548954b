using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>A float matrix with any strides.</summary>
internal readonly unsafe struct Strided(float* data, nint rowStride, nint columnStride)
{
    public readonly float* Data = data;
    public readonly nint RowStride = rowStride, ColumnStride = columnStride;

    /// <summary>The matrix from this element on.</summary>
    public Strided From(nint row, nint column) => new(Data + row * RowStride + column * ColumnStride, RowStride, ColumnStride);

    public Strided Transposed => new(Data, ColumnStride, RowStride);
}

/// <summary>
/// Matrix products. Every output is one chain of fused multiply-adds, k ascending, whatever the number of rows, threads or blocks: a block
/// of k that is not the first goes on from the sum in y. Goto and van de Geijn's order of loops: panels of weights once, tiles of x packed.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Rows of x packed at a time, their depth in bytes (that of floats is <see cref="MicroKernel.Depth"/>), and how much of B (6 MB).
    /// A few rows are packed whole: they are small, and decoding then needs one region.</summary>
    const int RowBlock = 672, BytesDepthBlock = 4096, PanelBlock = 1024 * 1536, FewRows = 64;

    /// <summary>Outputs that wait for their second part: 32 MB, and as many first parts.</summary>
    const int SplitSums = 8 << 20;

    /// <summary>y = x · wᵀ for every product, in one region for a few rows, else in one per block of x, which is packed once for all.</summary>
    /// <param name="machine">Path, threads, working memory.</param> <param name="x">[T, K].</param> <param name="stride">Floats from a row of x to the next.</param>
    /// <param name="rows">T.</param> <param name="depth">K.</param> <param name="products">The weights and where their outputs go.</param>
    /// <param name="exact">x is left as it is, and weights whose kernels would round it are widened to float32.</param>
    public static void Multiply(Machine machine, float* x, nint stride, int rows, int depth, ReadOnlySpan<Product> products, bool exact = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        for (; products.Length > Parts.Most; products = products[Parts.Most..])
            Multiply(machine, x, stride, rows, depth, products[..Parts.Most], exact);
        var bytes = !exact;
        foreach (var p in products) bytes &= machine[p.Format].Quantizes;
        var block = rows <= FewRows ? depth : bytes ? BytesDepthBlock : machine[PanelFormat.F32].Depth;
        var own = stackalloc Product[products.Length];
        var (rowBlock, split) = (RowBlock, 0);
        foreach (var p in products)
            if (IsSplit(machine, p, exact)) (rowBlock, split) = (Math.Min(rowBlock, Math.Max(FewRows, SplitSums / p.Outputs)), checked(split + p.Outputs));
        for (var row = 0; row < rows; row += rowBlock)
        {
            var count = Math.Min(rowBlock, rows - row);
            var sums = split > 0 ? machine.Scratch.Rent((nint)sizeof(float) * 2 * count * split) : null;
            var next = sums == null ? null : (float*)sums.Pointer;
            for (var i = 0; i < products.Length; i++)
            {
                var p = products[i];
                if (!IsSplit(machine, p, exact)) own[i] = p.To(p.Y + row * p.Stride, p.Stride);
                else
                {
                    own[i] = p.To(next, p.Outputs);
                    next += 2L * count * p.Outputs;
                }
            }
            for (var k = 0; k < depth; k += block)
                MultiplyBlock(machine, new(x + row * stride + k, stride, 1), count, depth, k, Math.Min(k + block, depth), new(own, products.Length), exact);
            for (var i = 0; i < products.Length; i++)
                if (IsSplit(machine, products[i], exact)) SumOfTwo.Run(machine, own[i].Y, products[i], row, count);
            if (sums != null) machine.Scratch.Return(sums);
        }
    }

    /// <summary>Whether x is rounded to bytes for a product, and that is too coarse for it.</summary>
    static bool IsSplit(Machine machine, Product product, bool exact) => product.Split && !exact && machine[product.Format].Quantizes;

    /// <summary>C[M, N] = A[M, K] · B[K, N], or C += A · B. C's rows are <paramref name="stride"/> floats apart. <paramref name="rounded"/>: A and B are rounded to bfloat16 where the path can multiply that.</summary>
    public static void Run(Machine machine, int m, int n, int k, Strided a, Strided b, float* c, nint stride, bool accumulate, bool rounded = false)
    {
        rounded &= machine[PanelFormat.BF16].Takes == Packing.Pairs;
        if (k == 0 && !accumulate)
            for (var i = 0; i < m; i++) new Span<float>(c + i * stride, n).Clear();
        int depthBlock = machine[PanelFormat.F32].Depth, columnBlock = PanelBlock / depthBlock;
        var panels = machine.Scratch.Rent((nint)sizeof(float) * Math.Min(k, depthBlock) * RoundUp(Math.Min(n, columnBlock), FloatTile.Columns));
        for (var column = 0; column < n; column += columnBlock)
            for (var depth = 0; depth < k; depth += depthBlock)
            {
                int width = Math.Min(columnBlock, n - column), count = Math.Min(depthBlock, k - depth);
                var part = b.From(depth, column).Transposed;
                if (rounded) Pack<OfPairs>(machine, part, width, count, panels.Pointer, FloatTile.Columns, padded: true);
                else Pack<OfFloats>(machine, part, width, count, panels.Pointer, FloatTile.Columns, padded: true);
                var product = new Product(panels.Pointer, rounded ? PanelFormat.BF16 : PanelFormat.F32, width, c + column, stride, accumulate || depth > 0);
                for (var row = 0; row < m; row += RowBlock)
                    MultiplyBlock(machine, a.From(row, depth), Math.Min(RowBlock, m - row), count, 0, count, [product.To(product.Y + row * stride, stride)], exact: !rounded);
            }
        machine.Scratch.Return(panels);
    }

    /// <summary>Multiplies some rows, and of k from … to; x begins there.</summary>
    static void MultiplyBlock(Machine machine, Strided x, int rows, int depth, int from, int to, ReadOnlySpan<Product> products, bool exact)
    {
        var parts = new Parts();
        var packed = new PackedRows();
        for (var i = 0; i < products.Length; i++)
        {
            var p = products[i];
            var stored = machine[p.Format];
            if (rows <= stored.FewRows) stored = stored.Few ?? stored;
            var widens = stored.Takes == Packing.Floats ? stored.Widen != null && rows > stored.FewRows : exact;
            var split = IsSplit(machine, p, exact);
            var height = split ? 2 * rows : rows;
            var kernel = widens ? machine[PanelFormat.F32] : stored.Becomes is { } other ? machine[other] : stored;
            for (var j = 0; j < i && packed[i] == null; j++)
                if ((parts[j].Kernel.Takes, parts[j].Kernel.Rows, parts[j].Rows) == (kernel.Takes, kernel.Rows, height)) packed[i] = packed[j];
            packed[i] ??= kernel.Takes switch
            {
                Packing.Floats => Pack<OfFloats>(machine, x, rows, to - from, kernel),
                Packing.Pairs => Pack<OfPairs>(machine, x, rows, to - from, kernel),
                _ => Quantize(machine, x, height, to - from, kernel, split),
            };
            parts[i] = new Part { Product = p, Kernel = kernel, Stored = stored, X = packed[i]!.Pointer, Rows = height };
        }
        var job = new MultiplyJob(parts, products.Length, depth, from, to);
        machine.Workers.Run(job, job.Chunks, rows <= FewRows ? job.End : 0);
        for (var i = 0; i < products.Length; i++)
            if (!((ReadOnlySpan<NativeBuffer?>)packed)[..i].Contains(packed[i])) machine.Scratch.Return(packed[i]!);
    }

    /// <summary>x as the kernel of each product takes it; products whose kernels take the same share it.</summary>
    [InlineArray(Parts.Most)]
    struct PackedRows
    {
        NativeBuffer? first;
    }

    static NativeBuffer Pack<P>(Machine machine, Strided x, int rows, int depth, MicroKernel kernel) where P : struct, ITileOf
    {
        var packed = machine.Scratch.Rent(kernel.RowBytes * kernel.Steps(depth) * rows);
        Pack<P>(machine, x, rows, depth, packed.Pointer, kernel.Rows, padded: false);
        return packed;
    }

    static NativeBuffer Quantize(Machine machine, Strided x, int rows, int depth, MicroKernel kernel, bool split)
    {
        var packed = machine.Scratch.Rent(kernel.RowBytes * kernel.Steps(depth) * rows);
        machine.Workers.Run(new QuantizeRows(x, rows, depth, packed.Pointer, kernel.Rows, kernel.IsFine, split), (rows + kernel.Rows - 1) / kernel.Rows);
        return packed;
    }

    static void Pack<P>(Machine machine, Strided from, int rows, int depth, byte* to, int width, bool padded) where P : struct, ITileOf
    {
        var job = new TileJob<P>(from, rows, depth, to, width, padded);
        machine.Workers.Run(job, job.Chunks);
    }

    static int RoundUp(int n, int to) => (n + to - 1) / to * to;
}
