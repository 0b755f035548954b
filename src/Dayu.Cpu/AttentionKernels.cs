using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The two products of attention for four rows at a time: rows against keys, and weights against values. Rows are padded with zeros to a multiple of 16 values.
/// Each sum has one order (along a head by lanes, along keys one by one), so a row's result does not depend on its neighbours.
/// </summary>
internal static unsafe class AttentionKernels
{
    /// <summary>s[r·64 + j] = row r · key j for four rows and the keys from … to − 1, both multiples of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* rows, nint width, float** keys, int from, int to, float* s)
    {
        float* r0 = rows, r1 = r0 + width, r2 = r1 + width, r3 = r2 + width;
        for (var j = from; j < to; j += 4)
        {
            float* k0 = keys[j], k1 = keys[j + 1], k2 = keys[j + 2], k3 = keys[j + 3];
            V a0 = V.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
            for (nint i = 0; i < width; i += 16)
            {
                V x0 = Vector512.Load(r0 + i), x1 = Vector512.Load(r1 + i), x2 = Vector512.Load(r2 + i), x3 = Vector512.Load(r3 + i);
                var y = Vector512.Load(k0 + i);
                a0 = Fma(x0, y, a0); a1 = Fma(x1, y, a1); a2 = Fma(x2, y, a2); a3 = Fma(x3, y, a3);
                y = Vector512.Load(k1 + i);
                b0 = Fma(x0, y, b0); b1 = Fma(x1, y, b1); b2 = Fma(x2, y, b2); b3 = Fma(x3, y, b3);
                y = Vector512.Load(k2 + i);
                c0 = Fma(x0, y, c0); c1 = Fma(x1, y, c1); c2 = Fma(x2, y, c2); c3 = Fma(x3, y, c3);
                y = Vector512.Load(k3 + i);
                d0 = Fma(x0, y, d0); d1 = Fma(x1, y, d1); d2 = Fma(x2, y, d2); d3 = Fma(x3, y, d3);
            }
            var t = Fold(Fold(a0, a1, a2, a3), Fold(b0, b1, b2, b3), Fold(c0, c1, c2, c3), Fold(d0, d1, d2, d3), inLanes: true);
            t.GetLower().GetLower().Store(s + j);
            t.GetLower().GetUpper().Store(s + j + Chunk);
            t.GetUpper().GetLower().Store(s + j + 2 * Chunk);
            t.GetUpper().GetUpper().Store(s + j + 3 * Chunk);
        }
    }

    /// <summary>Keys that are handled together; scores of a row lie this far from those of the next.</summary>
    public const int Chunk = 64;

    static V Fold(V a, V b, V c, V d) => Fold(a, b, c, d, inLanes: false);

    /// <summary>Quarter r of the result: the sum of the r-th vector's four quarters, in the order of <see cref="Sum"/>. In lanes: the same within each quarter, one value for each vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Fold(V a, V b, V c, V d, bool inLanes)
    {
        if (Avx512F.IsSupported && !inLanes)
        {
            var ab = Avx512F.Shuffle4x128(a, b, 0x44) + Avx512F.Shuffle4x128(a, b, 0xee);
            var cd = Avx512F.Shuffle4x128(c, d, 0x44) + Avx512F.Shuffle4x128(c, d, 0xee);
            return Avx512F.Shuffle4x128(ab, cd, 0x88) + Avx512F.Shuffle4x128(ab, cd, 0xdd);
        }
        if (Avx512F.IsSupported)
        {
            var ab = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);
            var cd = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
            return Avx512F.UnpackLow(ab.AsDouble(), cd.AsDouble()).AsSingle() + Avx512F.UnpackHigh(ab.AsDouble(), cd.AsDouble()).AsSingle();
        }
        return inLanes ? FoldLanes(a, b, c, d) : Vector512.Create(Vector256.Create(Quarters(a), Quarters(b)), Vector256.Create(Quarters(c), Quarters(d)));
    }

    static Vector128<float> Quarters(V v)
    {
        var h = v.GetLower() + v.GetUpper();
        return h.GetLower() + h.GetUpper();
    }

    static V FoldLanes(V a, V b, V c, V d)
    {
        var t = V.Zero;
        for (var q = 0; q < 16; q += 4)
        {
            t = t.WithElement(q, (a[q] + a[q + 2]) + (a[q + 1] + a[q + 3])).WithElement(q + 1, (b[q] + b[q + 2]) + (b[q + 1] + b[q + 3]));
            t = t.WithElement(q + 2, (c[q] + c[q + 2]) + (c[q + 1] + c[q + 3])).WithElement(q + 3, (d[q] + d[q + 2]) + (d[q + 1] + d[q + 3]));
        }
        return t;
    }

    /// <summary>acc[r] += Σⱼ p[r·rowStride + j·stride] · value j, for four rows and j = from … to − 1 ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* p, nint rowStride, nint stride, float** values, int from, int to, float* acc, nint width)
    {
        nint i = 0;
        for (; i + 64 <= width; i += 64) Mix64(p, rowStride, stride, values, from, to, acc, width, i);
        for (; i < width; i += 16) Mix16(p, rowStride, stride, values, from, to, acc, width, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix64(float* p, nint rowStride, nint stride, float** values, int from, int to, float* acc, nint width, nint at)
    {
        float* r0 = acc + at, r1 = r0 + width, r2 = r1 + width, r3 = r2 + width;
        V a0 = Vector512.Load(r0), a1 = Vector512.Load(r0 + 16), a2 = Vector512.Load(r0 + 32), a3 = Vector512.Load(r0 + 48);
        V b0 = Vector512.Load(r1), b1 = Vector512.Load(r1 + 16), b2 = Vector512.Load(r1 + 32), b3 = Vector512.Load(r1 + 48);
        V c0 = Vector512.Load(r2), c1 = Vector512.Load(r2 + 16), c2 = Vector512.Load(r2 + 32), c3 = Vector512.Load(r2 + 48);
        V d0 = Vector512.Load(r3), d1 = Vector512.Load(r3 + 16), d2 = Vector512.Load(r3 + 32), d3 = Vector512.Load(r3 + 48);
        float* p0 = p + from * stride, p1 = p0 + rowStride, p2 = p1 + rowStride, p3 = p2 + rowStride;
        for (var j = from; j < to; j++)
        {
            var v = values[j] + at;
            V v0 = Vector512.Load(v), v1 = Vector512.Load(v + 16), v2 = Vector512.Load(v + 32), v3 = Vector512.Load(v + 48);
            var x = Vector512.Create(*p0);
            a0 = Fma(x, v0, a0); a1 = Fma(x, v1, a1); a2 = Fma(x, v2, a2); a3 = Fma(x, v3, a3);
            x = Vector512.Create(*p1);
            b0 = Fma(x, v0, b0); b1 = Fma(x, v1, b1); b2 = Fma(x, v2, b2); b3 = Fma(x, v3, b3);
            x = Vector512.Create(*p2);
            c0 = Fma(x, v0, c0); c1 = Fma(x, v1, c1); c2 = Fma(x, v2, c2); c3 = Fma(x, v3, c3);
            x = Vector512.Create(*p3);
            d0 = Fma(x, v0, d0); d1 = Fma(x, v1, d1); d2 = Fma(x, v2, d2); d3 = Fma(x, v3, d3);
            p0 += stride; p1 += stride; p2 += stride; p3 += stride;
        }
        a0.Store(r0); a1.Store(r0 + 16); a2.Store(r0 + 32); a3.Store(r0 + 48);
        b0.Store(r1); b1.Store(r1 + 16); b2.Store(r1 + 32); b3.Store(r1 + 48);
        c0.Store(r2); c1.Store(r2 + 16); c2.Store(r2 + 32); c3.Store(r2 + 48);
        d0.Store(r3); d1.Store(r3 + 16); d2.Store(r3 + 32); d3.Store(r3 + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix16(float* p, nint rowStride, nint stride, float** values, int from, int to, float* acc, nint width, nint at)
    {
        float* r0 = acc + at, r1 = r0 + width, r2 = r1 + width, r3 = r2 + width;
        V a = Vector512.Load(r0), b = Vector512.Load(r1), c = Vector512.Load(r2), d = Vector512.Load(r3);
        for (var j = from; j < to; j++)
        {
            var v = Vector512.Load(values[j] + at);
            var own = p + j * stride;
            a = Fma(Vector512.Create(*own), v, a);
            b = Fma(Vector512.Create(own[rowStride]), v, b);
            c = Fma(Vector512.Create(own[2 * rowStride]), v, c);
            d = Fma(Vector512.Create(own[3 * rowStride]), v, d);
        }
        a.Store(r0); b.Store(r1); c.Store(r2); d.Store(r3);
    }

    /// <summary>Copies a row, times a factor, and pads it with zeros.</summary>
    public static void Pad(float* from, int n, float factor, float* to, nint width)
    {
        for (nint i = 0; i < width; i += 16) (i < n ? Load(from + i, n - i) * factor : V.Zero).Store(to + i);
    }
}
