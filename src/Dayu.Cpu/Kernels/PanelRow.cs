using System.Runtime.CompilerServices;
using static Dayu.Cpu.QuantPanel;

namespace Dayu.Cpu;

/// <summary>
/// Reads one output of a panel as float32, with the numbers it was packed from: so an embedding that is also the head is packed once.
/// </summary>
internal static unsafe class PanelRow
{
    /// <summary>Reads a row.</summary>
    /// <param name="machine">Whose kernels the panels are for.</param>
    /// <param name="format">Format of the panels.</param>
    /// <param name="panels">All panels of the weight.</param>
    /// <param name="row">Index of the output.</param>
    /// <param name="depth">K.</param>
    /// <param name="to">K floats.</param>
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
        for (var k = 0; k < depth; k += Block)
        {
            var half = k / Block & 1;
            var step = panel + k / Step * (nint)StepBytes<Q>();
            var body = step + HeadBytes<Q>() + half * BodyBytes<Q>() + column * sizeof(int);
            float scale = 0, start = 0;
            if (!HasFloats<Q>())
            {
                scale = F16.ToSingle(((F16*)(step + ScaleAt(half)))[column]);
                start = Q.HasMinimum ? F16.ToSingle(((F16*)(step + MinimumAt(half)))[column]) : scale * (Q.Wide ? -128 : -8);
            }
            for (var i = 0; i < Block; i++)
            {
                if (HasFloats<Q>() && i % 16 == 0)
                {
                    var factors = (float*)(step + FloatsAt(IsFine<Q>() ? 2 * half + i / 16 : half)) + column;
                    (scale, start) = (factors[0], factors[Columns]);
                }
                var at = Pairs<Q>() ? i % 16 : i;
                int stored = body[at / 4 * 64 + at % 4];
                to[k + i] = MathF.FusedMultiplyAdd(Pairs<Q>() ? stored >> (i / 16 * 4) & 15 : stored, scale, start);
            }
        }
    }

    /// <summary>Reads a compact panel, expanded a step at a time.</summary>
    [SkipLocalsInit]
    static void Expanded(MicroKernel kernel, MicroKernel wide, byte* panel, int column, int depth, float* to)
    {
        var expanded = stackalloc byte[kernel.Step / Step * wide.StepBytes];
        for (var k = 0; k < depth; k += kernel.Step)
        {
            var count = Math.Min(kernel.Step, depth - k);
            kernel.Expand(panel, 0, k, count, wide, expanded);
            if (wide.IsFine) Blocks<Fine8>(expanded, column, count, to + k);
            else Blocks<Coarse8>(expanded, column, count, to + k);
        }
    }
}
