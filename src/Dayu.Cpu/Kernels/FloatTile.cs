using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>
/// The float micro-kernel: y[R, 32] = x[R, K] · panel[K, 32]. Two vectors per row stay in registers while k runs; each output is one
/// chain of fused multiply-adds along k, so its bits do not depend on the number of rows. Goto et al. 2008,
/// doi:10.1145/1356052.1356053.
/// </summary>
/// <remarks>28 named accumulators, not an array: the JIT keeps locals in registers, and drops those of rows above R.</remarks>
internal static unsafe class FloatTile
{
    /// <summary>Outputs in a panel.</summary>
    public const int Columns = 32;

    /// <summary>Multiplies R rows of x by a panel.</summary>
    /// <param name="depth">K.</param>
    /// <param name="x">[K][R] floats.</param>
    /// <param name="panel">[K][32] elements.</param>
    /// <param name="y">R rows of 32 floats.</param>
    /// <param name="stride">Floats from one row of y to the next.</param>
    /// <param name="resume">Whether the sums start from y; else from zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, L, E, R>(nint depth, byte* x, byte* panel, float* y, nint stride, bool resume)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where R : struct, IRows
    {
        for (var column = 0; column < Columns; column += 2 * L.Count)
        {
            var a = (float*)x;
            var w = (E*)panel + column;
            float* c = y + column, d = c + L.Count;
            V c0 = default, d0 = default, c1 = default, d1 = default;
            V c2 = default, d2 = default, c3 = default, d3 = default;
            V c4 = default, d4 = default, c5 = default, d5 = default;
            V c6 = default, d6 = default, c7 = default, d7 = default;
            V c8 = default, d8 = default, c9 = default, d9 = default;
            V c10 = default, d10 = default, c11 = default, d11 = default;
            V c12 = default, d12 = default, c13 = default, d13 = default;
            if (resume)
            {
                c0 = L.Load(c); d0 = L.Load(d);
                if (R.Count > 1) { c1 = L.Load(c + stride); d1 = L.Load(d + stride); }
                if (R.Count > 2) { c2 = L.Load(c + 2 * stride); d2 = L.Load(d + 2 * stride); }
                if (R.Count > 3) { c3 = L.Load(c + 3 * stride); d3 = L.Load(d + 3 * stride); }
                if (R.Count > 4) { c4 = L.Load(c + 4 * stride); d4 = L.Load(d + 4 * stride); }
                if (R.Count > 5) { c5 = L.Load(c + 5 * stride); d5 = L.Load(d + 5 * stride); }
                if (R.Count > 6) { c6 = L.Load(c + 6 * stride); d6 = L.Load(d + 6 * stride); }
                if (R.Count > 7) { c7 = L.Load(c + 7 * stride); d7 = L.Load(d + 7 * stride); }
                if (R.Count > 8) { c8 = L.Load(c + 8 * stride); d8 = L.Load(d + 8 * stride); }
                if (R.Count > 9) { c9 = L.Load(c + 9 * stride); d9 = L.Load(d + 9 * stride); }
                if (R.Count > 10) { c10 = L.Load(c + 10 * stride); d10 = L.Load(d + 10 * stride); }
                if (R.Count > 11) { c11 = L.Load(c + 11 * stride); d11 = L.Load(d + 11 * stride); }
                if (R.Count > 12) { c12 = L.Load(c + 12 * stride); d12 = L.Load(d + 12 * stride); }
                if (R.Count > 13) { c13 = L.Load(c + 13 * stride); d13 = L.Load(d + 13 * stride); }
            }
            for (var k = depth; k > 0; k--)
            {
                V w0 = L.Load(w), w1 = L.Load(w + L.Count), t;
                t = L.Create(a[0]); c0 = L.Fma(t, w0, c0); d0 = L.Fma(t, w1, d0);
                if (R.Count > 1) { t = L.Create(a[1]); c1 = L.Fma(t, w0, c1); d1 = L.Fma(t, w1, d1); }
                if (R.Count > 2) { t = L.Create(a[2]); c2 = L.Fma(t, w0, c2); d2 = L.Fma(t, w1, d2); }
                if (R.Count > 3) { t = L.Create(a[3]); c3 = L.Fma(t, w0, c3); d3 = L.Fma(t, w1, d3); }
                if (R.Count > 4) { t = L.Create(a[4]); c4 = L.Fma(t, w0, c4); d4 = L.Fma(t, w1, d4); }
                if (R.Count > 5) { t = L.Create(a[5]); c5 = L.Fma(t, w0, c5); d5 = L.Fma(t, w1, d5); }
                if (R.Count > 6) { t = L.Create(a[6]); c6 = L.Fma(t, w0, c6); d6 = L.Fma(t, w1, d6); }
                if (R.Count > 7) { t = L.Create(a[7]); c7 = L.Fma(t, w0, c7); d7 = L.Fma(t, w1, d7); }
                if (R.Count > 8) { t = L.Create(a[8]); c8 = L.Fma(t, w0, c8); d8 = L.Fma(t, w1, d8); }
                if (R.Count > 9) { t = L.Create(a[9]); c9 = L.Fma(t, w0, c9); d9 = L.Fma(t, w1, d9); }
                if (R.Count > 10) { t = L.Create(a[10]); c10 = L.Fma(t, w0, c10); d10 = L.Fma(t, w1, d10); }
                if (R.Count > 11) { t = L.Create(a[11]); c11 = L.Fma(t, w0, c11); d11 = L.Fma(t, w1, d11); }
                if (R.Count > 12) { t = L.Create(a[12]); c12 = L.Fma(t, w0, c12); d12 = L.Fma(t, w1, d12); }
                if (R.Count > 13) { t = L.Create(a[13]); c13 = L.Fma(t, w0, c13); d13 = L.Fma(t, w1, d13); }
                a += R.Count;
                w += Columns;
            }
            L.Store(c0, c); L.Store(d0, d);
            if (R.Count > 1) { L.Store(c1, c + stride); L.Store(d1, d + stride); }
            if (R.Count > 2) { L.Store(c2, c + 2 * stride); L.Store(d2, d + 2 * stride); }
            if (R.Count > 3) { L.Store(c3, c + 3 * stride); L.Store(d3, d + 3 * stride); }
            if (R.Count > 4) { L.Store(c4, c + 4 * stride); L.Store(d4, d + 4 * stride); }
            if (R.Count > 5) { L.Store(c5, c + 5 * stride); L.Store(d5, d + 5 * stride); }
            if (R.Count > 6) { L.Store(c6, c + 6 * stride); L.Store(d6, d + 6 * stride); }
            if (R.Count > 7) { L.Store(c7, c + 7 * stride); L.Store(d7, d + 7 * stride); }
            if (R.Count > 8) { L.Store(c8, c + 8 * stride); L.Store(d8, d + 8 * stride); }
            if (R.Count > 9) { L.Store(c9, c + 9 * stride); L.Store(d9, d + 9 * stride); }
            if (R.Count > 10) { L.Store(c10, c + 10 * stride); L.Store(d10, d + 10 * stride); }
            if (R.Count > 11) { L.Store(c11, c + 11 * stride); L.Store(d11, d + 11 * stride); }
            if (R.Count > 12) { L.Store(c12, c + 12 * stride); L.Store(d12, d + 12 * stride); }
            if (R.Count > 13) { L.Store(c13, c + 13 * stride); L.Store(d13, d + 13 * stride); }
        }
    }

    /// <summary>Part of a panel as float32, for when enough tiles multiply by it to be worth widening once.</summary>
    public static void Widen<V, L, E>(byte* panel, nint panelBytes, nint from, nint depth, float* to)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E>
    {
        var w = (E*)panel + from * Columns;
        for (nint i = 0; i < depth * Columns; i += L.Count) L.Store(L.Load(w + i), to + i);
    }
}
