using System.Runtime.CompilerServices;
using static Dayu.Cpu.QuantPanel;

namespace Dayu.Cpu;

/// <summary>
/// The quantised micro-kernel: y[R, 16] = x[R, K] · panel[K, 16], x in signed bytes with a scale per 32 values.
/// A block's products are summed exactly, as integers; then one fused multiply-add per block, blocks ascending,
/// so the bits of a result do not depend on the number of rows.
/// </summary>
/// <remarks>
/// Named accumulators, for the reason given at <see cref="FloatTile"/>: s sums the low (or only) digits, h the high ones, f the blocks.
/// </remarks>
internal static unsafe class QuantTile
{
    /// <summary>Multiplies R rows of x by a panel.</summary>
    /// <param name="steps">Steps of 64 values of k.</param>
    /// <param name="x">[2 · steps] blocks: four bytes for each of [8][R], then [<see cref="QuantPanel.RowFactors"/>][R] numbers.</param>
    /// <param name="panel">[steps], laid out as <see cref="IQuantLayout"/> describes.</param>
    /// <param name="y">R rows of 16 floats.</param>
    /// <param name="stride">Floats from one row of y to the next.</param>
    /// <param name="resume">Whether the sums start from y; else from zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, L, Q, R>(nint steps, byte* x, byte* panel, float* y, nint stride, bool resume)
        where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout where R : struct, IRows
    {
        for (var part = 0; part < Columns; part += L.Count)
        {
            var a = (int*)x;
            var step = panel;
            var c = y + part;
            V f0 = default, f1 = default, f2 = default;
            V f3 = default, f4 = default, f5 = default;
            V f6 = default, f7 = default, f8 = default;
            V f9 = default, f10 = default, f11 = default;
            if (resume)
            {
                f0 = L.Load(c);
                if (R.Count > 1) f1 = L.Load(c + stride);
                if (R.Count > 2) f2 = L.Load(c + 2 * stride);
                if (R.Count > 3) f3 = L.Load(c + 3 * stride);
                if (R.Count > 4) f4 = L.Load(c + 4 * stride);
                if (R.Count > 5) f5 = L.Load(c + 5 * stride);
                if (R.Count > 6) f6 = L.Load(c + 6 * stride);
                if (R.Count > 7) f7 = L.Load(c + 7 * stride);
                if (R.Count > 8) f8 = L.Load(c + 8 * stride);
                if (R.Count > 9) f9 = L.Load(c + 9 * stride);
                if (R.Count > 10) f10 = L.Load(c + 10 * stride);
                if (R.Count > 11) f11 = L.Load(c + 11 * stride);
            }
            for (var block = 0; block < 2 * steps; block++)
            {
                var half = block & 1;
                var body = step + HeadBytes<Q>() + half * BodyBytes<Q>() + part * sizeof(int);
                var factors = a + 8 * R.Count;
                V h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default;
                V h6 = default, h7 = default, h8 = default, h9 = default, h10 = default, h11 = default;
                for (var fine = 0; fine < (IsFine<Q>() || InHalves<Q>() ? 2 : 1); fine++)
                {
                    V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
                    V s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
                    if (IsFine<Q>()) h0 = h1 = h2 = h3 = h4 = h5 = h6 = h7 = h8 = h9 = h10 = h11 = default;
                    for (var group = 0; group < (IsFine<Q>() || !Q.Wide ? 4 : 8); group++, body += 64)
                    {
                        V bytes = L.Load((float*)body);
                        V low = HasFloats<Q>() && !Q.Wide ? bytes : L.LowDigits(bytes);
                        V high = L.HighDigits(bytes);
                        var b = Q.Wide ? a : a + 4 * R.Count;
                        s0 = L.Dot(s0, low, a + 0);
                        if (Q.Wide) h0 = L.Dot(h0, high, b + 0); else if (Pairs<Q>()) s0 = L.Dot(s0, high, b + 0);
                        if (R.Count > 1)
                        {
                            s1 = L.Dot(s1, low, a + 1);
                            if (Q.Wide) h1 = L.Dot(h1, high, b + 1); else if (Pairs<Q>()) s1 = L.Dot(s1, high, b + 1);
                        }
                        if (R.Count > 2)
                        {
                            s2 = L.Dot(s2, low, a + 2);
                            if (Q.Wide) h2 = L.Dot(h2, high, b + 2); else if (Pairs<Q>()) s2 = L.Dot(s2, high, b + 2);
                        }
                        if (R.Count > 3)
                        {
                            s3 = L.Dot(s3, low, a + 3);
                            if (Q.Wide) h3 = L.Dot(h3, high, b + 3); else if (Pairs<Q>()) s3 = L.Dot(s3, high, b + 3);
                        }
                        if (R.Count > 4)
                        {
                            s4 = L.Dot(s4, low, a + 4);
                            if (Q.Wide) h4 = L.Dot(h4, high, b + 4); else if (Pairs<Q>()) s4 = L.Dot(s4, high, b + 4);
                        }
                        if (R.Count > 5)
                        {
                            s5 = L.Dot(s5, low, a + 5);
                            if (Q.Wide) h5 = L.Dot(h5, high, b + 5); else if (Pairs<Q>()) s5 = L.Dot(s5, high, b + 5);
                        }
                        if (R.Count > 6)
                        {
                            s6 = L.Dot(s6, low, a + 6);
                            if (Q.Wide) h6 = L.Dot(h6, high, b + 6); else if (Pairs<Q>()) s6 = L.Dot(s6, high, b + 6);
                        }
                        if (R.Count > 7)
                        {
                            s7 = L.Dot(s7, low, a + 7);
                            if (Q.Wide) h7 = L.Dot(h7, high, b + 7); else if (Pairs<Q>()) s7 = L.Dot(s7, high, b + 7);
                        }
                        if (R.Count > 8)
                        {
                            s8 = L.Dot(s8, low, a + 8);
                            if (Q.Wide) h8 = L.Dot(h8, high, b + 8); else if (Pairs<Q>()) s8 = L.Dot(s8, high, b + 8);
                        }
                        if (R.Count > 9)
                        {
                            s9 = L.Dot(s9, low, a + 9);
                            if (Q.Wide) h9 = L.Dot(h9, high, b + 9); else if (Pairs<Q>()) s9 = L.Dot(s9, high, b + 9);
                        }
                        if (R.Count > 10)
                        {
                            s10 = L.Dot(s10, low, a + 10);
                            if (Q.Wide) h10 = L.Dot(h10, high, b + 10); else if (Pairs<Q>()) s10 = L.Dot(s10, high, b + 10);
                        }
                        if (R.Count > 11)
                        {
                            s11 = L.Dot(s11, low, a + 11);
                            if (Q.Wide) h11 = L.Dot(h11, high, b + 11); else if (Pairs<Q>()) s11 = L.Dot(s11, high, b + 11);
                        }
                        a += R.Count;
                    }
                    if (InHalves<Q>())                                        // 16 bits hold no more than the sum of 16 values
                    {
                        h0 = L.Total(s0, h0);
                        if (R.Count > 1) h1 = L.Total(s1, h1);
                        if (R.Count > 2) h2 = L.Total(s2, h2);
                        if (R.Count > 3) h3 = L.Total(s3, h3);
                        if (R.Count > 4) h4 = L.Total(s4, h4);
                        if (R.Count > 5) h5 = L.Total(s5, h5);
                        if (R.Count > 6) h6 = L.Total(s6, h6);
                        if (R.Count > 7) h7 = L.Total(s7, h7);
                        if (R.Count > 8) h8 = L.Total(s8, h8);
                        if (R.Count > 9) h9 = L.Total(s9, h9);
                        if (R.Count > 10) h10 = L.Total(s10, h10);
                        if (R.Count > 11) h11 = L.Total(s11, h11);
                        if (fine == 0) continue;
                    }
                    var head = step + (HasFloats<Q>() ? FloatsAt(IsFine<Q>() ? 2 * half + fine : half) : ScaleAt(half));
                    V scale = HasFloats<Q>() ? L.Load((float*)head + part) : L.LoadHalf((ushort*)head + part);
                    V minimum = HasFloats<Q>() ? L.Load((float*)head + Columns + part)
                        : Q.HasMinimum ? L.LoadHalf((ushort*)(step + MinimumAt(half)) + part) : default;
                    f0 = Accumulate<V, L, Q, R>(f0, s0, h0, scale, minimum, factors + 0, fine);
                    if (R.Count > 1) f1 = Accumulate<V, L, Q, R>(f1, s1, h1, scale, minimum, factors + 1, fine);
                    if (R.Count > 2) f2 = Accumulate<V, L, Q, R>(f2, s2, h2, scale, minimum, factors + 2, fine);
                    if (R.Count > 3) f3 = Accumulate<V, L, Q, R>(f3, s3, h3, scale, minimum, factors + 3, fine);
                    if (R.Count > 4) f4 = Accumulate<V, L, Q, R>(f4, s4, h4, scale, minimum, factors + 4, fine);
                    if (R.Count > 5) f5 = Accumulate<V, L, Q, R>(f5, s5, h5, scale, minimum, factors + 5, fine);
                    if (R.Count > 6) f6 = Accumulate<V, L, Q, R>(f6, s6, h6, scale, minimum, factors + 6, fine);
                    if (R.Count > 7) f7 = Accumulate<V, L, Q, R>(f7, s7, h7, scale, minimum, factors + 7, fine);
                    if (R.Count > 8) f8 = Accumulate<V, L, Q, R>(f8, s8, h8, scale, minimum, factors + 8, fine);
                    if (R.Count > 9) f9 = Accumulate<V, L, Q, R>(f9, s9, h9, scale, minimum, factors + 9, fine);
                    if (R.Count > 10) f10 = Accumulate<V, L, Q, R>(f10, s10, h10, scale, minimum, factors + 10, fine);
                    if (R.Count > 11) f11 = Accumulate<V, L, Q, R>(f11, s11, h11, scale, minimum, factors + 11, fine);
                }
                a = factors + RowFactors(IsFine<Q>()) * R.Count;
                step += half * StepBytes<Q>();
            }
            L.Store(f0, c);
            if (R.Count > 1) L.Store(f1, c + stride);
            if (R.Count > 2) L.Store(f2, c + 2 * stride);
            if (R.Count > 3) L.Store(f3, c + 3 * stride);
            if (R.Count > 4) L.Store(f4, c + 4 * stride);
            if (R.Count > 5) L.Store(f5, c + 5 * stride);
            if (R.Count > 6) L.Store(f6, c + 6 * stride);
            if (R.Count > 7) L.Store(f7, c + 7 * stride);
            if (R.Count > 8) L.Store(f8, c + 8 * stride);
            if (R.Count > 9) L.Store(f9, c + 9 * stride);
            if (R.Count > 10) L.Store(f10, c + 10 * stride);
            if (R.Count > 11) L.Store(f11, c + 11 * stride);
        }
    }

    /// <summary>Whether a block of five-bit values is summed in two halves; h then holds their total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool InHalves<Q>() where Q : struct, IQuantLayout => Q.Group == Block && !Q.Wide;

    /// <summary>Adds a block to a row's sums. x points at the row's scale; each further factor is R numbers on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Accumulate<V, L, Q, R>(V f, V sums, V highSums, V scale, V minimum, int* x, int fine)
        where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout where R : struct, IRows
    {
        var xScale = L.Create(((float*)x)[(IsFine<Q>() ? fine : 0) * R.Count]);
        if (Q.HasMinimum)
        {
            var sum = InHalves<Q>() ? highSums : Q.Wide ? L.Join(L.Total(highSums), L.Total(sums)) : L.Total(sums);
            f = L.Fma(L.ToFloat(sum), L.Multiply(scale, xScale), f);
            return L.Fma(minimum, L.Create(((float*)x)[(IsFine<Q>() ? 2 + fine : 2) * R.Count]), f);
        }
        var total = Q.Wide ? L.Join(L.Total(highSums, x + R.Count), L.Total(sums)) : L.Total(sums, x + R.Count);
        return L.Fma(L.ToFloat(total), L.Multiply(scale, xScale), f);
    }

    /// <summary>Part of two panels as float32 [k][32]; from is a multiple of 64, depth of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<V, L, Q>(byte* panels, nint panelBytes, nint from, nint depth, float* to)
        where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout
    {
        for (nint k = 0; k < depth; k += Block)
            for (var part = 0; part < FloatTile.Columns; part += L.Count)
            {
                var column = part % Columns;
                var half = (int)((from + k) / Block) & 1;
                var step = panels + part / Columns * panelBytes + (from + k) / Step * StepBytes<Q>();
                V scale = default, start = default;
                if (!HasFloats<Q>())
                {
                    scale = L.LoadHalf((ushort*)(step + ScaleAt(half)) + column);
                    start = Q.HasMinimum
                        ? L.LoadHalf((ushort*)(step + MinimumAt(half)) + column)
                        : L.Multiply(scale, L.Create(Q.Wide ? -128 : -8));
                }
                var body = step + HeadBytes<Q>() + half * BodyBytes<Q>() + column * sizeof(int);
                var at = to + k * FloatTile.Columns + part;
                for (var group = 0; group < (Pairs<Q>() ? 4 : 8); group++, body += 64, at += 4 * FloatTile.Columns)
                {
                    if (HasFloats<Q>())
                    {
                        var factors = (float*)(step + FloatsAt(IsFine<Q>() ? 2 * half + group / 4 : half)) + column;
                        (scale, start) = (L.Load(factors), L.Load(factors + Columns));
                    }
                    var bytes = L.Load((float*)body);
                    Widen4<V, L>(Pairs<Q>() ? L.LowDigits(bytes) : bytes, scale, start, at);
                    if (Pairs<Q>()) Widen4<V, L>(L.HighDigits(bytes), scale, start, at + 16 * FloatTile.Columns);
                }
            }
    }

    /// <summary>The four bytes of each lane as four rows of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Widen4<V, L>(V bytes, V scale, V start, float* to) where V : struct where L : struct, ILanes<V>
    {
        L.Store(L.Fma(L.ToFloat(L.Field(bytes, 0, 255)), scale, start), to);
        L.Store(L.Fma(L.ToFloat(L.Field(bytes, 8, 255)), scale, start), to + FloatTile.Columns);
        L.Store(L.Fma(L.ToFloat(L.Field(bytes, 16, 255)), scale, start), to + 2 * FloatTile.Columns);
        L.Store(L.Fma(L.ToFloat(L.Field(bytes, 24, 255)), scale, start), to + 3 * FloatTile.Columns);
    }
}
