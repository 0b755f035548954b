using System.Runtime.CompilerServices;
using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>Which panels the rows of each number format are packed into.</summary>
internal sealed unsafe partial class PackedWeight
{
    /// <summary>
    /// A weight yet to be packed (<see cref="Pack"/>). Q8_0, Q4_0 and Q4_1 are multiplied as blocks; other quantised formats are
    /// laid out as their <see cref="QuantForm"/> says.
    /// </summary>
    /// <param name="machine">Path and threads.</param>
    /// <param name="dtype">Number format of the rows.</param>
    /// <param name="rows">[N, K], without gaps.</param>
    /// <param name="outputs">N.</param>
    /// <param name="depth">K, a whole number of blocks.</param>
    /// <param name="bf16">Rounds float32 to bfloat16 where the path multiplies that.</param>
    public static PackedWeight Of(Machine machine, DType dtype, byte* rows, int outputs, int depth, bool bf16 = false)
    {
        var blocks = new WeightRows<byte>(rows, (nint)dtype.BytesFor(depth), outputs, depth);
        return dtype.Name switch
        {
            "f32" => OfFloat32(machine, new((F32*)rows, depth, outputs, depth), bf16),
            "f16" => OfFloats<F16>(machine, new((F16*)rows, depth, outputs, depth)),
            "bf16" => OfFloats<BF16>(machine, new((BF16*)rows, depth, outputs, depth)),
            "q8_0" => OfBlocks<BlockQ8_0, Int8>(machine, blocks),
            "q4_0" => OfBlocks<BlockQ4_0, Int4>(machine, blocks),
            "q4_1" => OfBlocks<BlockQ4_1, Int4Min>(machine, blocks),
            _ when dtype.Form is not null => OfForm(machine, dtype, blocks),
            _ => throw new NotSupportedException($"matmul: weights cannot be {dtype}"),
        };
    }

    /// <summary>Packs rows of floats in their own format.</summary>
    public static PackedWeight From<E>(Machine machine, E* rows, nint stride, int outputs, int depth)
        where E : unmanaged, IElement<E> => Packed(machine, OfFloats<E>(machine, new(rows, stride, outputs, depth)));

    /// <summary>Packs rows of floats rounded to bfloat16 where the path multiplies that, else as they are.</summary>
    public static PackedWeight Rounded(Machine machine, float* rows, nint stride, int outputs, int depth) =>
        Packed(machine, OfFloat32(machine, new((F32*)rows, stride, outputs, depth), bf16: true));

    /// <summary>Packs rows of blocks: B is how the file holds them, Q how the kernels read them.</summary>
    public static PackedWeight FromBlocks<B, Q>(Machine machine, byte* rows, nint stride, int outputs, int depth)
        where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout =>
        Packed(machine, OfBlocks<B, Q>(machine, new(rows, stride, outputs, depth)));

    /// <summary>Packs rows of a number format that has a <see cref="QuantForm"/>, at about their size in the file.</summary>
    public static PackedWeight FromForm(Machine machine, DType dtype, byte* rows, nint stride, int outputs, int depth) =>
        Packed(machine, OfForm(machine, dtype, new(rows, stride, outputs, depth)));

    static PackedWeight OfFloat32(Machine machine, WeightRows<F32> rows, bool bf16) =>
        bf16 && machine.MultipliesBFloat16 ? OfRounded(machine, rows) : OfFloats(machine, rows);

    static PackedWeight OfRounded(Machine machine, WeightRows<F32> rows) =>
        new(machine, PanelFormat.BF16, rows.Outputs, rows.Depth, panels => Rounding(rows, panels)) { IsRounded = true };

    static TileJob<OfPairs> Rounding(WeightRows<F32> rows, byte* panels) =>
        new(new((float*)rows.Data, rows.Stride, 1), rows.Outputs, rows.Depth, panels, FloatTile.Columns, padded: true);

    /// <summary>Kernels cannot widen an infinite or NaN half: a weight with such numbers falls back to float32.</summary>
    static PackedWeight OfFloats<E>(Machine machine, WeightRows<E> rows) where E : unmanaged, IElement<E>
    {
        var unfit = new StrongBox<int>();
        Fill own = machine[E.Format].Takes == Packing.Pairs
            ? panels => new PairJob(new((BF16*)rows.Data, rows.Stride, rows.Outputs, rows.Depth), (uint*)panels)
            : panels => new PackJob<E, E>(rows, (E*)panels, unfit);
        Fill widened = panels => new PackJob<E, F32>(rows, (F32*)panels, unfit);
        return new(machine, E.Format, rows.Outputs, rows.Depth, own,
            new(unfit, () => new(machine, PanelFormat.F32, rows.Outputs, rows.Depth, widened)));
    }

    static PackedWeight OfBlocks<B, Q>(Machine machine, WeightRows<byte> rows)
        where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
    {
        if (rows.Depth % QuantPanel.Block != 0)
            throw new ArgumentException($"Rows of {rows.Depth} values are not whole blocks of {QuantPanel.Block}.", nameof(rows));
        return new(machine, Q.Format, rows.Outputs, rows.Depth, panels => new RepackJob<B, Q>(rows, panels));
    }

    static PackedWeight OfForm(Machine machine, DType dtype, WeightRows<byte> rows)
    {
        var format = Array.FindIndex(machine.Kernels, k => k.Compact?.DType == dtype);
        var layout = machine.Kernels[format].Compact!;
        return new(machine, (PanelFormat)format, rows.Outputs, rows.Depth, panels => new CompactJob(layout, rows, panels));
    }
}
