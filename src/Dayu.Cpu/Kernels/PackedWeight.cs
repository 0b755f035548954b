using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>A weight [N, K] repacked once into panels, in the order the kernels read it. Two-byte floats stay two bytes.</summary>
internal sealed unsafe class PackedWeight : IDisposable
{
    readonly NativeBuffer memory;

    PackedWeight(Machine machine, PanelFormat format, int outputs, int depth)
    {
        (Format, Outputs, Depth) = (format, outputs, depth);
        var kernel = machine[format];
        var padded = (outputs + FloatTile.Columns - 1) / FloatTile.Columns * FloatTile.Columns;
        memory = new(padded / kernel.Columns * kernel.Steps(depth) * kernel.StepBytes);
    }

    public PanelFormat Format { get; }
    /// <summary>N.</summary>
    public int Outputs { get; }
    /// <summary>K.</summary>
    public int Depth { get; }
    /// <summary>Size in memory.</summary>
    public nint Bytes => memory.Bytes;

    /// <summary>Packs rows of floats. Halves that are not finite cannot be widened by the kernels; a weight that holds one is kept as float32.</summary>
    /// <param name="machine">Path and threads.</param> <param name="rows">[N, K].</param> <param name="stride">Elements from a row to the next.</param>
    /// <param name="outputs">N.</param> <param name="depth">K.</param>
    public static PackedWeight From<E>(Machine machine, E* rows, nint stride, int outputs, int depth) where E : unmanaged, IElement<E>
    {
        var (weight, unfit) = (new PackedWeight(machine, E.Format, outputs, depth), 0);
        if (machine[E.Format].Takes == Packing.Pairs)
        {
            machine.Workers.Run(new PairJob((BF16*)rows, stride, outputs, depth, (uint*)weight.memory.Pointer), Panels(outputs));
            return weight;
        }
        machine.Workers.Run(new PackJob<E, E>(rows, stride, outputs, depth, (E*)weight.memory.Pointer, &unfit), Panels(outputs));
        if (unfit == 0) return weight;
        weight.Dispose();
        weight = new PackedWeight(machine, PanelFormat.F32, outputs, depth);
        machine.Workers.Run(new PackJob<E, F32>(rows, stride, outputs, depth, (F32*)weight.memory.Pointer, &unfit), Panels(outputs));
        return weight;
    }

    /// <summary>Packs rows of floats rounded to bfloat16, where the path multiplies that; else as they are.</summary>
    /// <inheritdoc cref="From{E}"/>
    public static PackedWeight Rounded(Machine machine, float* rows, nint stride, int outputs, int depth)
    {
        if (machine[PanelFormat.BF16].Takes != Packing.Pairs) return From(machine, (F32*)rows, stride, outputs, depth);
        var weight = new PackedWeight(machine, PanelFormat.BF16, outputs, depth);
        var job = new PackPairs(new(rows, stride, 1), outputs, depth, (uint*)weight.memory.Pointer, FloatTile.Columns, padded: true);
        machine.Workers.Run(job, job.Chunks);
        return weight;
    }

    /// <summary>Repacks rows of blocks: B says how the file holds them, Q how the kernels want them.</summary>
    /// <param name="machine">Path and threads.</param> <param name="rows">N rows of K / 32 blocks.</param> <param name="stride">Bytes from a row to the next.</param>
    /// <param name="outputs">N.</param> <param name="depth">K, a multiple of 32.</param>
    /// <exception cref="InvalidDataException">A scale is not finite.</exception>
    public static PackedWeight FromBlocks<B, Q>(Machine machine, byte* rows, nint stride, int outputs, int depth)
        where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
    {
        if (depth % QuantPanel.Block != 0) throw new ArgumentException($"Rows of {depth} values are not whole blocks of {QuantPanel.Block}.", nameof(depth));
        var weight = new PackedWeight(machine, Q.Format, outputs, depth);
        machine.Workers.Run(new RepackJob<B, Q>(rows, stride, outputs, depth, weight.memory.Pointer), (outputs + QuantPanel.Columns - 1) / QuantPanel.Columns);
        return weight;
    }

    /// <summary>Packs rows of a number format as its form says, at about their size in the file.</summary>
    /// <param name="machine">Path and threads.</param> <param name="dtype">A format with a form.</param> <param name="rows">N rows of blocks.</param>
    /// <param name="stride">Bytes from a row to the next.</param> <param name="outputs">N.</param> <param name="depth">K, a whole number of blocks.</param>
    /// <exception cref="InvalidDataException">A scale is not finite.</exception>
    public static PackedWeight FromForm(Machine machine, DType dtype, byte* rows, nint stride, int outputs, int depth)
    {
        var format = Array.FindIndex(machine.Kernels, k => k.Compact?.DType == dtype);
        var weight = new PackedWeight(machine, (PanelFormat)format, outputs, depth);
        machine.Workers.Run(new CompactJob(machine.Kernels[format].Compact!, rows, stride, outputs, depth, weight.memory.Pointer), (outputs + QuantPanel.Columns - 1) / QuantPanel.Columns);
        return weight;
    }

    public static PackedWeight FromQ8_0(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ8_0, Int8>(machine, rows, stride, outputs, depth);
    public static PackedWeight FromQ4_0(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ4_0, Int4>(machine, rows, stride, outputs, depth);
    public static PackedWeight FromQ4_1(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ4_1, Int4Min>(machine, rows, stride, outputs, depth);

    /// <summary>What to hand to <see cref="Gemm.Multiply"/>.</summary>
    public Product Into(float* y, nint stride, bool accumulate = false) => new(memory.Pointer, Format, Outputs, y, stride, accumulate);

    public void Dispose() => memory.Dispose();

    static int Panels(int outputs) => (outputs + FloatTile.Columns - 1) / FloatTile.Columns;

    /// <summary>A chunk is a panel.</summary>
    readonly struct PairJob(BF16* rows, nint stride, int outputs, int depth, uint* panels) : IJob
    {
        public void Run(int chunk)
        {
            var first = chunk * FloatTile.Columns;
            Pairs.Pack(rows + first * stride, stride, Math.Min(FloatTile.Columns, outputs - first), depth, panels + (nint)first * ((depth + 1) / 2), FloatTile.Columns);
        }
    }

    /// <summary>A chunk is a panel. Counts what cannot be kept as it is.</summary>
    readonly struct PackJob<TFrom, TTo>(TFrom* rows, nint stride, int outputs, int depth, TTo* panels, int* unfit) : IJob
        where TFrom : unmanaged, IElement<TFrom> where TTo : unmanaged
    {
        public void Run(int chunk)
        {
            int first = chunk * FloatTile.Columns, count = Math.Min(FloatTile.Columns, outputs - first);
            var from = rows + first * stride;
            var to = panels + (nint)first * depth;
            if (typeof(TTo) == typeof(TFrom))
            {
                Interleave.Run((TTo*)from, stride, 1, count, depth, to, FloatTile.Columns);
                if (!TFrom.CanWiden((TFrom*)to, (nint)depth * FloatTile.Columns)) Interlocked.Increment(ref *unfit);
            }
            else
                for (var row = 0; row < count; row++)
                    for (nint k = 0; k < depth; k++) ((float*)to)[k * FloatTile.Columns + row] = TFrom.ToSingle(from[row * stride + k]);
        }
    }
}
