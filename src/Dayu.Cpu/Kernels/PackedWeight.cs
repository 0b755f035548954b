using System.Runtime.CompilerServices;
using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>A weight [N, K] repacked once into panels, in the order the kernels read it. Two-byte floats stay two bytes.</summary>
internal sealed unsafe class PackedWeight : IDisposable
{
    /// <summary>How the panels at an address are filled.</summary>
    delegate IJob Filling(byte* panels);

    readonly Filling fill;
    readonly StrongBox<int>? unfit;
    readonly Func<PackedWeight>? instead;
    PanelMemory? memory;
    byte* panels;

    PackedWeight(Machine machine, PanelFormat format, int outputs, int depth, int width, Filling fill, StrongBox<int>? unfit = null, Func<PackedWeight>? instead = null)
    {
        (Format, Outputs, Depth, this.fill, this.unfit, this.instead) = (format, outputs, depth, fill, unfit, instead);
        var kernel = machine[format];
        var padded = (outputs + FloatTile.Columns - 1) / FloatTile.Columns * FloatTile.Columns;
        Panels = (outputs + width - 1) / width;
        Bytes = padded / kernel.Columns * kernel.Steps(depth) * kernel.StepBytes;
    }

    public PanelFormat Format { get; }
    /// <summary>N.</summary>
    public int Outputs { get; }
    /// <summary>K.</summary>
    public int Depth { get; }
    /// <summary>Size in memory.</summary>
    public nint Bytes { get; }
    /// <summary>Panels that have outputs.</summary>
    public int Panels { get; }
    /// <summary>The numbers are not those of the rows, but rounded.</summary>
    public bool IsRounded { get; private init; }

    /// <summary>Packs weights together: they share a piece of memory and a region of work. What cannot be kept in its format is kept as float32.</summary>
    /// <param name="machine">Path and threads.</param> <param name="weights">As they are to be; the results stand in their places.</param> <param name="names">For messages.</param> <param name="done">Told of each that is packed, on any thread.</param>
    /// <exception cref="InvalidDataException">A scale is not finite.</exception>
    public static void Pack(Machine machine, PackedWeight[] weights, string[]? names = null, Action<int>? done = null)
    {
        nint bytes = 0;
        foreach (var w in weights) bytes += PanelMemory.Room(w.Bytes);
        using var memory = new PanelMemory(bytes);
        try
        {
            foreach (var w in weights) w.Take(memory);
            var all = new PackAll(weights, names, done);
            machine.Workers.Run(all, all.Chunks);
            for (var n = 0; n < weights.Length; n++)
                if (weights[n].unfit?.Value > 0)
                {
                    PackedWeight[] other = [weights[n].instead!()];
                    Pack(machine, other);
                    weights[n].Dispose();
                    weights[n] = other[0];
                }
        }
        catch
        {
            foreach (var w in weights) w.Dispose();
            throw;
        }
    }

    void Take(PanelMemory from)
    {
        panels = from.Take(Bytes);
        memory = from;
    }

    /// <summary>What fills the panels.</summary>
    public IJob Job() => fill(panels);

    /// <summary>How rows of a number format are to be packed. Three formats of blocks are multiplied as they lie; any other lies as its form says.</summary>
    /// <param name="machine">Path and threads.</param> <param name="dtype">Number format.</param> <param name="rows">[N, K].</param> <param name="outputs">N.</param>
    /// <param name="depth">K, a whole number of blocks.</param> <param name="bf16">Float32 is rounded to bfloat16 where the path multiplies that.</param>
    public static PackedWeight Of(Machine machine, DType dtype, byte* rows, int outputs, int depth, bool bf16 = false)
    {
        var stride = (nint)dtype.BytesFor(depth);
        return dtype.Name switch
        {
            "f32" when bf16 && machine[PanelFormat.BF16].Takes == Packing.Pairs => OfRounded(machine, (float*)rows, depth, outputs, depth),
            "f32" => OfFloats(machine, (F32*)rows, depth, outputs, depth),
            "f16" => OfFloats(machine, (F16*)rows, depth, outputs, depth),
            "bf16" => OfFloats(machine, (BF16*)rows, depth, outputs, depth),
            "q8_0" => OfBlocks<BlockQ8_0, Int8>(machine, rows, stride, outputs, depth),
            "q4_0" => OfBlocks<BlockQ4_0, Int4>(machine, rows, stride, outputs, depth),
            "q4_1" => OfBlocks<BlockQ4_1, Int4Min>(machine, rows, stride, outputs, depth),
            _ => dtype.Form is not null ? OfForm(machine, dtype, rows, stride, outputs, depth) : throw new NotSupportedException($"matmul: weights cannot be {dtype}"),
        };
    }

    /// <summary>Halves that are not finite cannot be widened by the kernels.</summary>
    static PackedWeight OfFloats<E>(Machine machine, E* rows, nint stride, int outputs, int depth) where E : unmanaged, IElement<E>
    {
        var unfit = new StrongBox<int>();
        return new(machine, E.Format, outputs, depth, FloatTile.Columns,
            machine[E.Format].Takes == Packing.Pairs ? panels => new PairJob((BF16*)rows, stride, outputs, depth, (uint*)panels) : panels => new PackJob<E, E>(rows, stride, outputs, depth, (E*)panels, unfit),
            unfit, () => new(machine, PanelFormat.F32, outputs, depth, FloatTile.Columns, panels => new PackJob<E, F32>(rows, stride, outputs, depth, (F32*)panels, unfit)));
    }

    static PackedWeight OfRounded(Machine machine, float* rows, nint stride, int outputs, int depth) => new(machine, PanelFormat.BF16, outputs, depth, FloatTile.Columns,
        panels => new TileJob<OfPairs>(new(rows, stride, 1), outputs, depth, panels, FloatTile.Columns, padded: true)) { IsRounded = true };

    static PackedWeight OfBlocks<B, Q>(Machine machine, byte* rows, nint stride, int outputs, int depth) where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout =>
        depth % QuantPanel.Block != 0 ? throw new ArgumentException($"Rows of {depth} values are not whole blocks of {QuantPanel.Block}.", nameof(depth))
        : new(machine, Q.Format, outputs, depth, QuantPanel.Columns, panels => new RepackJob<B, Q>(rows, stride, outputs, depth, panels));

    static PackedWeight OfForm(Machine machine, DType dtype, byte* rows, nint stride, int outputs, int depth)
    {
        var format = Array.FindIndex(machine.Kernels, k => k.Compact?.DType == dtype);
        return new(machine, (PanelFormat)format, outputs, depth, QuantPanel.Columns, panels => new CompactJob(machine.Kernels[format].Compact!, rows, stride, outputs, depth, panels));
    }

    static PackedWeight Alone(Machine machine, PackedWeight weight)
    {
        PackedWeight[] weights = [weight];
        Pack(machine, weights);
        return weights[0];
    }

    /// <summary>Packs rows of floats, or of what E is.</summary>
    /// <param name="machine">Path and threads.</param> <param name="rows">[N, K].</param> <param name="stride">Elements from a row to the next.</param> <param name="outputs">N.</param> <param name="depth">K.</param>
    public static PackedWeight From<E>(Machine machine, E* rows, nint stride, int outputs, int depth) where E : unmanaged, IElement<E> => Alone(machine, OfFloats(machine, rows, stride, outputs, depth));

    /// <summary>Packs rows of floats rounded to bfloat16, where the path multiplies that; else as they are.</summary>
    /// <inheritdoc cref="From{E}"/>
    public static PackedWeight Rounded(Machine machine, float* rows, nint stride, int outputs, int depth) =>
        Alone(machine, machine[PanelFormat.BF16].Takes == Packing.Pairs ? OfRounded(machine, rows, stride, outputs, depth) : OfFloats(machine, (F32*)rows, stride, outputs, depth));

    /// <summary>Repacks rows of blocks: B says how the file holds them, Q how the kernels want them.</summary>
    public static PackedWeight FromBlocks<B, Q>(Machine machine, byte* rows, nint stride, int outputs, int depth) where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout =>
        Alone(machine, OfBlocks<B, Q>(machine, rows, stride, outputs, depth));

    /// <summary>Packs rows of a number format as its form says, at about their size in the file.</summary>
    public static PackedWeight FromForm(Machine machine, DType dtype, byte* rows, nint stride, int outputs, int depth) => Alone(machine, OfForm(machine, dtype, rows, stride, outputs, depth));

    public static PackedWeight FromQ8_0(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ8_0, Int8>(machine, rows, stride, outputs, depth);
    public static PackedWeight FromQ4_0(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ4_0, Int4>(machine, rows, stride, outputs, depth);
    public static PackedWeight FromQ4_1(Machine machine, byte* rows, nint stride, int outputs, int depth) => FromBlocks<BlockQ4_1, Int4Min>(machine, rows, stride, outputs, depth);

    /// <summary>A row as float32, with the numbers it was packed from (<see cref="IsRounded"/>: nearly those).</summary>
    public void Unpack(Machine machine, int row, float* to) => PanelRow.Read(machine, Format, Alive(), row, Depth, to);

    /// <summary>What to hand to <see cref="Gemm.Multiply"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public Product Into(float* y, nint stride, bool accumulate = false) => new(Alive(), Format, Outputs, y, stride, accumulate);

    byte* Alive() => panels != null ? panels : throw new ObjectDisposedException(nameof(PackedWeight), "this weight was given back: its model is disposed of, or its numbers were written to in the middle of a pass");

    /// <summary>Lets go of the memory; a second time is allowed.</summary>
    public void Dispose()
    {
        panels = null;
        Interlocked.Exchange(ref memory, null)?.Dispose();
    }
}
