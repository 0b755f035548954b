using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using V = System.Runtime.Intrinsics.Vector512<byte>;

namespace Dayu.Cpu;

/// <summary>Brings rows of a number format into compact panels (<see cref="CompactLayout"/>). A chunk is a panel of 16 outputs; where there are fewer, all of the others is zero.</summary>
internal readonly unsafe struct CompactJob(CompactLayout layout, byte* rows, nint stride, int outputs, int depth, byte* panels) : IJob
{
    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var (dtype, form) = (layout.DType, layout.DType.Form!);
        int values = dtype.BlockValues, groups = values / form.Group, first = chunk * QuantPanel.Columns, count = Math.Min(QuantPanel.Columns, outputs - first);
        sbyte* integers = stackalloc sbyte[QuantPanel.Columns * values], scales = stackalloc sbyte[QuantPanel.Columns * groups], minima = stackalloc sbyte[QuantPanel.Columns * groups];
        var factors = stackalloc float[2 * QuantPanel.Columns];
        var fours = stackalloc sbyte[QuantPanel.Columns * values];
        if (count < QuantPanel.Columns)
        {
            new Span<sbyte>(integers, QuantPanel.Columns * values).Fill((sbyte)layout.Least);
            new Span<sbyte>(scales, QuantPanel.Columns * groups).Clear();
            new Span<sbyte>(minima, QuantPanel.Columns * groups).Clear();
            new Span<float>(factors, 2 * QuantPanel.Columns).Clear();
        }
        var panel = panels + chunk * (nint)layout.StepBytes * ((depth + layout.Step - 1) / layout.Step);
        for (nint block = 0; block < depth / values; block++)
        {
            var from = rows + first * stride + block * dtype.BlockBytes;
            Quads.Fetch(rows + (first + QuantPanel.Columns) * stride + QuantPanel.Columns * block * dtype.BlockBytes, QuantPanel.Columns * dtype.BlockBytes);
            for (var column = 0; column < count; column++, from += stride)
            {
                var parts = new QuantParts(new(integers + column * values, values), new(scales + column * groups, groups), new(minima + column * groups, groups));
                dtype.TakeApart(new(from, dtype.BlockBytes), ref parts);
                if (!float.IsFinite(parts.Scale) || !float.IsFinite(parts.Minimum))
                    throw new InvalidDataException($"Row {first + column}, block {block}: the scale is not finite. The file is damaged; get it again.");
                (factors[column], factors[QuantPanel.Columns + column]) = (parts.Scale, parts.Minimum);
            }
            var step = panel + block * values / layout.Step * layout.StepBytes;
            var inStep = (int)(block * values % layout.Step);
            var place = layout.FactorsAt(inStep);
            Factors(factors, step + place.Factors);
            if (layout.HasMinima) Factors(factors + QuantPanel.Columns, step + place.Factors + layout.MinimaAt);
            if (layout.ArePaired) for (var i = 0; i < QuantPanel.Columns * groups; i++) scales[i] |= (sbyte)(minima[i] << 4);
            if (layout.SharedScales) Smalls(scales, groups, (sbyte*)step + place.Small);
            if (layout.SharedMinima && !layout.ArePaired) Smalls(minima, groups, (sbyte*)step + place.Small + layout.SmallBytes);
            Transpose(integers, values, fours);
            for (var i = 0; i < values; i += QuantPanel.Block) Planes(fours + i * QuantPanel.Columns, step + layout.HeadBytes + (inStep + i) / QuantPanel.Block * layout.PlaneBytes);
        }
    }

    void Factors(float* from, byte* to)
    {
        for (var column = 0; column < QuantPanel.Columns; column++)
            if (layout.HasHalves) ((Half*)to)[column] = (Half)from[column];
            else ((float*)to)[column] = from[column];
    }

    /// <summary>The small integers of each group, output by output.</summary>
    static void Smalls(sbyte* from, int groups, sbyte* to)
    {
        for (var g = 0; g < groups; g++)
            for (var column = 0; column < QuantPanel.Columns; column++) *to++ = from[column * groups + g];
    }

    /// <summary>Integers of 16 outputs, these one after another, become four integers of each output, then the next four.</summary>
    static void Transpose(sbyte* integers, int values, sbyte* fours)
    {
        for (var column = 0; column < QuantPanel.Columns; column += 4, integers += 4 * values)
            for (var i = 0; i < values; i += 16)
                Quads.Transpose(integers + i, integers + i + values, integers + i + 2 * values, integers + i + 3 * values, default, (uint*)fours + i * QuantPanel.Columns / 4 + column, QuantPanel.Columns);
    }

    /// <summary>32 integers of each output: as places among the levels, then bit by bit where they belong.</summary>
    void Planes(sbyte* fours, byte* to)
    {
        for (var four = 0; four < 8; four++) Places(Vector512.Load(fours + 64 * four)).Store((byte*)fours + 64 * four);
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

    /// <summary>How many levels are below each.</summary>
    V Places(Vector512<sbyte> integers)
    {
        if (layout.IsLinear) return (integers - Vector512.Create((sbyte)layout.Least)).AsByte();
        var places = Vector512<sbyte>.Zero;
        foreach (var level in layout.DType.Form!.Levels[1..]) places -= Vector512.GreaterThanOrEqual(integers, Vector512.Create(level));
        return places.AsByte();
    }
}
