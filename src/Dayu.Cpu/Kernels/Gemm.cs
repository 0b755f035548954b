using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>
/// Matrix products. Every output is one chain of fused multiply-adds, k ascending, whatever the number of rows, threads or blocks: a
/// block of k that is not the first goes on from the sum in y. The loops have Goto and van de Geijn's order: panels of weights once,
/// tiles of x packed.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Rows of x that are packed at a time.</summary>
    const int RowBlock = 672;

    /// <summary>Rows that are packed whole: they are small, and decoding then needs one parallel-for.</summary>
    const int FewRows = 64;

    /// <summary>Values of k for which quantised x is packed at a time (of float x <see cref="MicroKernel.Depth"/>).</summary>
    const int BytesDepthBlock = 4096;

    /// <summary>Floats of B that are packed at a time: 6 MB.</summary>
    const int PanelBlock = 1024 * 1536;

    /// <summary>Outputs that are kept as two sums (<see cref="Product.Split"/>) at a time: 32 MB each.</summary>
    const int SplitSums = 8 << 20;

    /// <summary>
    /// y = x · wᵀ for every product: in one parallel-for if there are few rows, else in one for each block of x, which is packed once
    /// for all products.
    /// </summary>
    /// <param name="machine">Path, threads, working memory.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="stride">Floats from one row of x to the next.</param>
    /// <param name="rows">T.</param>
    /// <param name="depth">K.</param>
    /// <param name="products">The weights, and where their outputs go.</param>
    /// <param name="exact">Leaves x as it is, and widens weights whose kernels would round it to float32.</param>
    public static void Multiply(
        Machine machine, float* x, nint stride, int rows, int depth, ReadOnlySpan<Product> products, bool exact = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        for (; products.Length > PlannedProducts.Most; products = products[PlannedProducts.Most..])
            Multiply(machine, x, stride, rows, depth, products[..PlannedProducts.Most], exact);
        var bytes = !exact;
        foreach (var p in products) bytes &= machine[p.Format].Quantizes;
        var depthBlock = rows <= FewRows ? depth : bytes ? BytesDepthBlock : machine[PanelFormat.F32].Depth;
        var (rowBlock, splitOutputs) = (RowBlock, 0);
        foreach (var p in products)
            if (IsSplit(machine, p, exact))
            {
                rowBlock = Math.Min(rowBlock, Math.Max(FewRows, SplitSums / p.Outputs));
                splitOutputs = checked(splitOutputs + p.Outputs);
            }
        var block = stackalloc Product[products.Length];
        for (var row = 0; row < rows; row += rowBlock)
        {
            var count = Math.Min(rowBlock, rows - row);
            var sums = splitOutputs > 0 ? machine.Scratch.Rent((nint)sizeof(float) * 2 * count * splitOutputs) : null;
            var next = sums == null ? null : (float*)sums.Pointer;
            for (var i = 0; i < products.Length; i++)
            {
                var p = products[i];
                if (!IsSplit(machine, p, exact)) block[i] = p.To(p.Y + row * p.Stride, p.Stride);
                else
                {
                    block[i] = p.To(next, p.Outputs);
                    next += 2L * count * p.Outputs;
                }
            }
            for (var k = 0; k < depth; k += depthBlock)
            {
                var range = new DepthRange(depth, k, Math.Min(k + depthBlock, depth));
                MultiplyBlock(machine, new(x + row * stride + k, stride, 1), count, range, new(block, products.Length), exact);
            }
            for (var i = 0; i < products.Length; i++)
                if (IsSplit(machine, products[i], exact)) SumOfTwo.Run(machine, block[i].Y, products[i], row, count);
            if (sums != null) machine.Scratch.Return(sums);
        }
    }

    /// <summary>Whether x is rounded to bytes for a product, and that is too coarse for it.</summary>
    static bool IsSplit(Machine machine, Product product, bool exact) =>
        product.Split && !exact && machine[product.Format].Quantizes;

    /// <summary>C[T, N] = A[T, K] · B[K, N], or C += A · B.</summary>
    /// <param name="machine">Path, threads, working memory.</param>
    /// <param name="m">M.</param>
    /// <param name="n">N.</param>
    /// <param name="k">K.</param>
    /// <param name="a">[T, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="c">[T, N].</param>
    /// <param name="stride">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Adds to C.</param>
    /// <param name="rounded">Rounds A and B to bfloat16 where the path multiplies that.</param>
    public static void Run(
        Machine machine, int m, int n, int k, Strided a, Strided b, float* c, nint stride, bool accumulate, bool rounded = false)
    {
        rounded &= machine.MultipliesBFloat16;
        if (k == 0 && !accumulate)
            for (var i = 0; i < m; i++) new Span<float>(c + i * stride, n).Clear();
        int depthBlock = machine[PanelFormat.F32].Depth, columnBlock = PanelBlock / depthBlock;
        var packedColumns = RoundUp(Math.Min(n, columnBlock), FloatTile.Columns);
        var panels = machine.Scratch.Rent((nint)sizeof(float) * Math.Min(k, depthBlock) * packedColumns);
        for (var column = 0; column < n; column += columnBlock)
            for (var depth = 0; depth < k; depth += depthBlock)
            {
                int width = Math.Min(columnBlock, n - column), count = Math.Min(depthBlock, k - depth);
                var block = b.From(depth, column).Transposed;
                if (rounded) Pack<OfPairs>(machine, block, width, count, panels.Pointer, FloatTile.Columns, padded: true);
                else Pack<OfFloats>(machine, block, width, count, panels.Pointer, FloatTile.Columns, padded: true);
                var format = rounded ? PanelFormat.BF16 : PanelFormat.F32;
                var product = new Product(panels.Pointer, format, width, c + column, stride, accumulate || depth > 0);
                for (var row = 0; row < m; row += RowBlock)
                {
                    var rows = Math.Min(RowBlock, m - row);
                    var own = product.To(product.Y + row * stride, stride);
                    MultiplyBlock(machine, a.From(row, depth), rows, new(count, 0, count), [own], exact: !rounded);
                }
            }
        machine.Scratch.Return(panels);
    }

    /// <summary>Multiplies some rows of x, which begins at the first k of the range.</summary>
    static void MultiplyBlock(
        Machine machine, Strided x, int rows, DepthRange range, ReadOnlySpan<Product> products, bool exact)
    {
        var planned = new PlannedProducts();
        var packed = new PackedRows();
        for (var i = 0; i < products.Length; i++)
        {
            ref var p = ref planned[i];
            p = Plan(machine, products[i], rows, exact);
            for (var j = 0; j < i && packed[i] == null; j++)
                if (p.TakesSameRows(planned[j])) packed[i] = packed[j];
            packed[i] ??= p.Kernel.Takes switch
            {
                Packing.Floats => Pack<OfFloats>(machine, x, rows, range.Count, p.Kernel),
                Packing.Pairs => Pack<OfPairs>(machine, x, rows, range.Count, p.Kernel),
                _ => Quantize(machine, x, p.Rows, range.Count, p.Kernel, split: p.Rows != rows),
            };
            p.X = packed[i]!.Pointer;
        }
        var job = new MultiplyJob(planned, products.Length, range);
        machine.Workers.Run(job, job.Chunks, rows <= FewRows ? job.End : 0);
        for (var i = 0; i < products.Length; i++)
            if (!((ReadOnlySpan<NativeBuffer?>)packed)[..i].Contains(packed[i])) machine.Scratch.Return(packed[i]!);
    }

    /// <summary>Chooses the kernel that multiplies a product's panels, or what they are widened or expanded to.</summary>
    static PlannedProduct Plan(Machine machine, Product product, int rows, bool exact)
    {
        var stored = machine[product.Format];
        if (rows <= stored.FewRows) stored = stored.Few ?? stored;
        var widens = stored.Takes == Packing.Floats ? stored.Widen != null && rows > stored.FewRows : exact;
        var kernel = widens ? machine[PanelFormat.F32] : stored.ExpandsTo is { } other ? machine[other] : stored;
        var height = IsSplit(machine, product, exact) ? 2 * rows : rows;
        return new() { Product = product, Kernel = kernel, Stored = stored, Rows = height };
    }

    /// <summary>Packed x for each product; products whose kernels take it alike share a buffer.</summary>
    [InlineArray(PlannedProducts.Most)]
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
        var job = new QuantizeRows(x, rows, depth, packed.Pointer, kernel.Rows, kernel.IsFine, split);
        machine.Workers.Run(job, (rows + kernel.Rows - 1) / kernel.Rows);
        return packed;
    }

    static void Pack<P>(Machine machine, Strided from, int rows, int depth, byte* to, int width, bool padded)
        where P : struct, ITileOf
    {
        var job = new TileJob<P>(from, rows, depth, to, width, padded);
        machine.Workers.Run(job, job.Chunks);
    }

    static int RoundUp(int n, int to) => (n + to - 1) / to * to;
}
