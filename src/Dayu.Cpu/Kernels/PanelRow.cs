using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>One output of a panel as float32, with the very numbers it was packed from: how a table that is multiplied by is also looked up in.</summary>
internal static unsafe class PanelRow
{
    /// <summary>Reads a row.</summary>
    /// <param name="machine">Whose kernels the panels are for.</param> <param name="format">Of the panels.</param> <param name="panels">All of them.</param>
    /// <param name="row">Which output.</param> <param name="depth">K.</param> <param name="to">K floats.</param>
    public static void Read(Machine machine, PanelFormat format, byte* panels, int row, int depth, float* to)
    {
        var kernel = machine[format];
        var panel = panels + row / kernel.Columns * kernel.Steps(depth) * kernel.StepBytes;
        var column = row % kernel.Columns;
        if (kernel.Compact is not null) Expanded(kernel, machine[kernel.Compact.Kernel], panel, column, depth, to);
        else if (kernel.Takes == Packing.Pairs) Pair((BF16*)panel, column, depth, to);
        else if (format == PanelFormat.F32) Floats((F32*)panel, column, depth, to);
        else if (format == PanelFormat.F16) Floats((F16*)panel, column, depth, to);
        else if (format == PanelFormat.BF16) Floats((BF16*)panel, column, depth, to);
        else if (format == PanelFormat.Int8) Blocks<Int8>(panel, column, depth, to);
        else if (format == PanelFormat.Int4) Blocks<Int4>(panel, column, depth, to);
        else Blocks<Int4Min>(panel, column, depth, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Floats<E>(E* panel, int column, int depth, float* to) where E : unmanaged, IElement<E>
    {
        for (nint k = 0; k < depth; k++) to[k] = E.ToSingle(panel[k * FloatTile.Columns + column]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Pair(BF16* panel, int column, int depth, float* to)
    {
        for (nint k = 0; k < depth; k++) to[k] = BF16.ToSingle(panel[(k / 2 * FloatTile.Columns + column) * 2 + k % 2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Blocks<Q>(byte* panel, int column, int depth, float* to) where Q : struct, IQuantLayout
    {
        for (var k = 0; k < depth; k += QuantPanel.Block)
        {
            var half = k / QuantPanel.Block & 1;
            var step = panel + k / QuantPanel.Step * (nint)QuantPanel.StepBytes<Q>();
            var body = step + QuantPanel.HeadBytes<Q>() + half * QuantPanel.BodyBytes<Q>() + column * sizeof(int);
            float scale = 0, start = 0;
            if (!QuantPanel.HasFloats<Q>())
            {
                scale = F16.ToSingle(((F16*)(step + QuantPanel.ScaleAt(half)))[column]);
                start = Q.HasMinimum ? F16.ToSingle(((F16*)(step + QuantPanel.MinimumAt(half)))[column]) : scale * (Q.Wide ? -128 : -8);
            }
            for (var i = 0; i < QuantPanel.Block; i++)
            {
                if (QuantPanel.HasFloats<Q>() && i % 16 == 0)
                {
                    var factors = (float*)(step + QuantPanel.FloatsAt(QuantPanel.IsFine<Q>() ? 2 * half + i / 16 : half)) + column;
                    (scale, start) = (factors[0], factors[QuantPanel.Columns]);
                }
                var at = QuantPanel.Pairs<Q>() ? i % 16 : i;
                int stored = body[at / 4 * 64 + at % 4];
                to[k + i] = MathF.FusedMultiplyAdd(QuantPanel.Pairs<Q>() ? stored >> (i / 16 * 4) & 15 : stored, scale, start);
            }
        }
    }

    /// <summary>Some steps at a time become bytes with scales in float32.</summary>
    [SkipLocalsInit]
    static void Expanded(MicroKernel kernel, MicroKernel wide, byte* panel, int column, int depth, float* to)
    {
        var piece = stackalloc byte[kernel.Step / QuantPanel.Step * wide.StepBytes];
        for (var k = 0; k < depth; k += kernel.Step)
        {
            var count = Math.Min(kernel.Step, depth - k);
            kernel.Bring(panel, 0, k, count, wide, piece);
            if (wide.IsFine) Blocks<Fine8>(piece, column, count, to + k);
            else Blocks<Coarse8>(piece, column, count, to + k);
        }
    }
}
