using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using V = System.Runtime.Intrinsics.Vector512<byte>;

namespace Dayu.Cpu;

/// <summary>
/// Repacks rows of a number format into compact panels (<see cref="CompactLayout"/>).
/// A chunk is a panel of 16 outputs; missing outputs are zeros.
/// </summary>
internal readonly unsafe struct CompactJob(CompactLayout layout, WeightRows<byte> rows, byte* panels) : IJob
{
    readonly int values = layout.DType.BlockValues, groups = layout.DType.BlockValues / layout.DType.Form!.Group;

    /// <summary>A block of each output, taken apart.</summary>
    /// <param name="integers">[16][values].</param>
    /// <param name="scales">[16][groups].</param>
    /// <param name="minima">[16][groups].</param>
    /// <param name="factors">[2][16]: a scale for each output's block, then a minimum for each.</param>
    readonly struct Blocks(sbyte* integers, sbyte* scales, sbyte* minima, float* factors)
    {
        public readonly sbyte* Integers = integers, Scales = scales, Minima = minima;
        public readonly float* Factors = factors;
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var integers = stackalloc sbyte[QuantPanel.Columns * values];
        var scales = stackalloc sbyte[QuantPanel.Columns * groups];
        var minima = stackalloc sbyte[QuantPanel.Columns * groups];
        var factors = stackalloc float[2 * QuantPanel.Columns];
        var fours = stackalloc sbyte[QuantPanel.Columns * values];
        int first = chunk * QuantPanel.Columns, count = Math.Min(QuantPanel.Columns, rows.Outputs - first);
        var blocks = new Blocks(integers, scales, minima, factors);
        if (count < QuantPanel.Columns) Clear(blocks);
        var panel = panels + chunk * (nint)layout.StepBytes * ((rows.Depth + layout.Step - 1) / layout.Step);
        for (nint block = 0; block < rows.Depth / values; block++)
        {
            TakeApart(first, count, block, blocks);
            var step = panel + block * values / layout.Step * layout.StepBytes;
            var inStep = (int)(block * values % layout.Step);
            WriteScales(blocks, step, inStep);
            Transpose(integers, values, fours);
            for (var i = 0; i < values; i += QuantPanel.Block)
                Planes(fours + i * QuantPanel.Columns, step + layout.HeadBytes + (inStep + i) / QuantPanel.Block * layout.PlaneBytes);
        }
    }

    void Clear(Blocks blocks)
    {
        new Span<sbyte>(blocks.Integers, QuantPanel.Columns * values).Fill((sbyte)layout.Least);
        new Span<sbyte>(blocks.Scales, QuantPanel.Columns * groups).Clear();
        new Span<sbyte>(blocks.Minima, QuantPanel.Columns * groups).Clear();
        new Span<float>(blocks.Factors, 2 * QuantPanel.Columns).Clear();
    }

    void TakeApart(int first, int count, nint block, Blocks to)
    {
        var dtype = layout.DType;
        var from = rows.Data + first * rows.Stride + block * dtype.BlockBytes;
        var next = rows.Data + (first + QuantPanel.Columns) * rows.Stride + QuantPanel.Columns * block * dtype.BlockBytes;
        Quads.Prefetch(next, QuantPanel.Columns * dtype.BlockBytes);
        for (var column = 0; column < count; column++, from += rows.Stride)
        {
            var parts = new QuantParts(
                new(to.Integers + column * values, values),
                new(to.Scales + column * groups, groups),
                new(to.Minima + column * groups, groups));
            dtype.TakeApart(new(from, dtype.BlockBytes), ref parts);
            if (!float.IsFinite(parts.Scale) || !float.IsFinite(parts.Minimum)) throw NotFinite(first + column, block);
            (to.Factors[column], to.Factors[QuantPanel.Columns + column]) = (parts.Scale, parts.Minimum);
        }
    }

    static InvalidDataException NotFinite(int row, nint block) =>
        new($"Row {row}, block {block}: the scale is not finite. The file is damaged; get it again.");

    void WriteScales(Blocks blocks, byte* step, int inStep)
    {
        var place = layout.FactorsAt(inStep);
        Factors(blocks.Factors, step + place.Factors);
        if (layout.HasMinima) Factors(blocks.Factors + QuantPanel.Columns, step + place.Factors + layout.MinimaAt);
        if (layout.ArePaired)
            for (var i = 0; i < QuantPanel.Columns * groups; i++) blocks.Scales[i] |= (sbyte)(blocks.Minima[i] << 4);
        if (layout.SharedScales) Smalls(blocks.Scales, groups, (sbyte*)step + place.Small);
        if (layout.SharedMinima && !layout.ArePaired)
            Smalls(blocks.Minima, groups, (sbyte*)step + place.Small + layout.SmallBytes);
    }

    void Factors(float* from, byte* to)
    {
        for (var column = 0; column < QuantPanel.Columns; column++)
            if (layout.HasHalves) ((Half*)to)[column] = (Half)from[column];
            else ((float*)to)[column] = from[column];
    }

    /// <summary>Transposes the small integers: group by group, in each output by output.</summary>
    static void Smalls(sbyte* from, int groups, sbyte* to)
    {
        for (var g = 0; g < groups; g++)
            for (var column = 0; column < QuantPanel.Columns; column++) *to++ = from[column * groups + g];
    }

    /// <summary>Transposes [16][values] integers in fours: four integers of each output, then the next four.</summary>
    static void Transpose(sbyte* integers, int values, sbyte* fours)
    {
        for (var column = 0; column < QuantPanel.Columns; column += 4, integers += 4 * values)
            for (var i = 0; i < values; i += 16)
                Quads.Transpose(
                    integers + i, integers + i + values, integers + i + 2 * values, integers + i + 3 * values,
                    default, (uint*)fours + i * QuantPanel.Columns / 4 + column, QuantPanel.Columns);
    }

    /// <summary>Writes 32 integers of each output into the bit planes, as indices of their levels.</summary>
    void Planes(sbyte* fours, byte* to)
    {
        for (var four = 0; four < 8; four++)
            Indices(Vector512.Load(fours + 64 * four)).Store((byte*)fours + 64 * four);
        foreach (var (bits, place, planeAt) in layout.Planes)
        {
            var mask = Vector512.Create((byte)((1 << bits) - 1));
            for (var n = 0; n < bits; n++)
            {
                var plane = V.Zero;
                for (var (four, up) = (n, 0); four < 8; four += bits, up += bits)
                {
                    var fields = (Vector512.Load(fours + 64 * four).AsUInt16() >>> place).AsByte() & mask;
                    plane |= (fields.AsUInt16() << up).AsByte();
                }
                plane.Store(to + planeAt + 64 * n);
            }
        }
    }

    /// <summary>The index of each integer among the form's levels: how many levels are less.</summary>
    V Indices(Vector512<sbyte> integers)
    {
        if (layout.IsLinear) return (integers - Vector512.Create((sbyte)layout.Least)).AsByte();
        var indices = Vector512<sbyte>.Zero;
        foreach (var level in layout.DType.Form!.Levels[1..]) indices -= Vector512.GreaterThanOrEqual(integers, Vector512.Create(level));
        return indices.AsByte();
    }
}
