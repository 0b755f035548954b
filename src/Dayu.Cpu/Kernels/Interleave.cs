using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>
/// Copies a matrix with any strides into the order a kernel reads: to[k][i] = from[i · rowStride + k · depthStride], i below width;
/// missing rows are zero. For tiles of x (width = rows of the tile) and for panels of weights (width = 32).
/// </summary>
internal static unsafe class Interleave
{
    public static void Run<E>(E* from, nint rowStride, nint depthStride, int rows, nint depth, E* to, int width) where E : unmanaged
    {
        if (rows < width) new Span<E>(to, checked((int)(depth * width))).Clear();
        if (width == 1 && depthStride == 1)
            Unsafe.CopyBlockUnaligned(to, from, checked((uint)(depth * sizeof(E))));
        else if (rowStride == 1 && typeof(E) == typeof(float) && rows >= 8)
            Copy((float*)from, depthStride, rows, depth, (float*)to, width);
        else if (rowStride == 1 && depthStride > 3 && typeof(E) == typeof(float) && rows == 3 && width == 3)
            CopyThree((float*)from, depthStride, depth, (float*)to);
        else if (typeof(E) == typeof(float) && depthStride == 1 && rows == 3 && width == 3 && Avx.IsSupported)
            TransposeThree((float*)from, rowStride, depth, (float*)to);
        else if (typeof(E) == typeof(float) && depthStride == 1 && rows >= 8 && Avx.IsSupported)
            Transpose((float*)from, rowStride, rows, depth, (float*)to, width);
        else if (sizeof(E) == sizeof(ushort) && depthStride == 1 && rows >= 8)
            Transpose((ushort*)from, rowStride, rows, depth, (ushort*)to, width);
        else
            for (nint k0 = 0; k0 < depth; k0 += 16)                          // 16 columns at a time: the lines written stay in the cache
                for (var i = 0; i < rows; i++)
                {
                    var row = from + i * rowStride;
                    for (nint k = k0, end = Math.Min(k0 + 16, depth); k < end; k++) to[k * width + i] = row[k * depthStride];
                }
    }

    /// <summary>The rows are neighbours already: copies eight at a time, the last eight overlapping those before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Copy(float* from, nint stride, int rows, nint depth, float* to, int width)
    {
        for (nint k = 0; k < depth; k++, from += stride, to += width)
        {
            for (var i = 0; i < rows - 8; i += 8) Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + rows - 8).Store(to + rows - 8);
        }
    }

    /// <summary>
    /// The same for three rows: each step copies four floats, and the next overwrites the one too many. So the last steps copy three.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CopyThree(float* from, nint stride, nint depth, float* to)
    {
        for (; depth > 4; depth -= 4, from += 4 * stride, to += 12)
        {
            Vector128.Load(from).Store(to);
            Vector128.Load(from + stride).Store(to + 3);
            Vector128.Load(from + 2 * stride).Store(to + 6);
            Vector128.Load(from + 3 * stride).Store(to + 9);
        }
        for (; depth > 0; depth--, from += stride, to += 3) (to[0], to[1], to[2]) = (from[0], from[1], from[2]);
    }

    /// <summary>
    /// Three rows, eight columns at a time. Each column stores four floats, and the next overwrites the one too many; so the last
    /// columns are copied one by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TransposeThree(float* from, nint stride, nint depth, float* to)
    {
        float* r1 = from + stride, r2 = r1 + stride;
        nint k = 0;
        for (; k + 8 < depth; k += 8, to += 24)
        {
            // The next tile: rows are too short for the hardware prefetcher.
            Sse.Prefetch0(r2 + stride + k); Sse.Prefetch0(r2 + 2 * stride + k); Sse.Prefetch0(r2 + 3 * stride + k);
            Vector256<float> a = Vector256.Load(from + k), b = Vector256.Load(r1 + k), c = Vector256.Load(r2 + k);
            var (low, high) = Zip(a, b);
            Vector256<float> c0 = Avx.Shuffle(low, c, 0b00_00_01_00), c1 = Avx.Shuffle(low, c, 0b01_01_11_10);
            Vector256<float> c2 = Avx.Shuffle(high, c, 0b10_10_01_00), c3 = Avx.Shuffle(high, c, 0b11_11_11_10);
            c0.GetLower().Store(to); c1.GetLower().Store(to + 3); c2.GetLower().Store(to + 6); c3.GetLower().Store(to + 9);
            c0.GetUpper().Store(to + 12); c1.GetUpper().Store(to + 15); c2.GetUpper().Store(to + 18); c3.GetUpper().Store(to + 21);
        }
        for (; k < depth; k++, to += 3) (to[0], to[1], to[2]) = (from[k], r1[k], r2[k]);
    }

    /// <summary>Transposes eight rows by eight columns in registers; the last eight rows may overlap those before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transpose(float* from, nint stride, int rows, nint depth, float* to, int width)
    {
        var whole = depth & ~7;
        for (nint k = 0; k < whole; k += 8)
            for (var i = 0; i < rows; i += 8)
            {
                var first = Math.Min(i, rows - 8);
                Transpose8x8(from + first * stride + k, stride, to + k * width + first, width);
            }
        for (var k = whole; k < depth; k++)
            for (var i = 0; i < rows; i++) to[k * width + i] = from[i * stride + k];
    }

    /// <summary>The same for two-byte numbers: pairs of them are transposed, then split.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transpose(ushort* from, nint stride, int rows, nint depth, ushort* to, int width)
    {
        var whole = depth & ~7;
        for (nint k = 0; k < whole; k += 8)
            for (var i = 0; i < rows; i += 8)
            {
                var first = Math.Min(i, rows - 8);
                var at = from + first * stride + k;
                var (a0, a1, a2, a3) = Quads.Transpose(at, at + stride, at + 2 * stride, at + 3 * stride);
                at += 4 * stride;
                var (b0, b1, b2, b3) = Quads.Transpose(at, at + stride, at + 2 * stride, at + 3 * stride);
                var column = to + k * width + first;
                Split(a0, b0, column, width);
                Split(a1, b1, column + 2 * width, width);
                Split(a2, b2, column + 4 * width, width);
                Split(a3, b3, column + 6 * width, width);
            }
        for (var k = whole; k < depth; k++)
            for (var i = 0; i < rows; i++) to[k * width + i] = from[i * stride + k];
    }

    /// <summary>Splits pairs of eight rows into two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Split(Vector128<uint> a, Vector128<uint> b, ushort* to, nint width)
    {
        Vector128.Narrow(a & Vector128.Create(0xffffu), b & Vector128.Create(0xffffu)).Store(to);
        Vector128.Narrow(a >>> 16, b >>> 16).Store(to + width);
    }

    /// <summary>to[k][i] = from[i][k], eight by eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose8x8(float* from, nint stride, float* to, nint width) => Transpose8x8(
        from, from + stride, from + 2 * stride, from + 3 * stride,
        from + 4 * stride, from + 5 * stride, from + 6 * stride, from + 7 * stride,
        to, width);

    /// <summary>The same with rows anywhere in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose8x8(
        float* r0, float* r1, float* r2, float* r3, float* r4, float* r5, float* r6, float* r7, float* to, nint width)
    {
        if (!Avx.IsSupported)
        {
            for (var k = 0; k < 8; k++, to += width)
                (to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7]) =
                    (r0[k], r1[k], r2[k], r3[k], r4[k], r5[k], r6[k], r7[k]);
            return;
        }
        var (a0, a1) = Zip(Pair(r0, r4), Pair(r1, r5));
        var (a2, a3) = Zip(Pair(r2, r6), Pair(r3, r7));
        var (b0, b1) = Zip(Pair(r0 + 4, r4 + 4), Pair(r1 + 4, r5 + 4));
        var (b2, b3) = Zip(Pair(r2 + 4, r6 + 4), Pair(r3 + 4, r7 + 4));
        Quad(a0, a2, to, width);
        Quad(a1, a3, to + 2 * width, width);
        Quad(b0, b2, to + 4 * width, width);
        Quad(b1, b3, to + 6 * width, width);
    }

    /// <summary>Four floats of a row in the lower half, four of another in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Pair(float* row, float* other) => Vector256.Create(Vector128.Load(row), Vector128.Load(other));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float>, Vector256<float>) Zip(Vector256<float> a, Vector256<float> b) => (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));

    /// <summary>Two finished columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quad(Vector256<float> a, Vector256<float> b, float* to, nint width)
    {
        Avx.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle().Store(to);
        Avx.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle().Store(to + width);
    }
}
