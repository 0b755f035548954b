using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The product that attention is made of: c = a·b or c += a·b for some rows at a time. Queries times transposed keys are scores;
/// weights times values are the result. Every sum adds one product after another along the shared axis, so a row's result does not
/// depend on how many rows are computed with it.
/// </summary>
internal static unsafe class AttentionKernels
{
    /// <summary>Keys that are computed together.</summary>
    public const int Chunk = 64;

    /// <summary>The most rows at a time: 32 registers hold sums of four rows by 64 columns, 16 registers of six by 16.</summary>
    public static int MostRows => Vector512.IsHardwareAccelerated ? 4 : 6;

    /// <summary>A float32 matrix with any strides.</summary>
    public readonly struct Left(float* data, nint rowStride, nint columnStride = 1)
    {
        public readonly float* Data = data;
        public readonly nint RowStride = rowStride, ColumnStride = columnStride;
    }

    /// <summary>A matrix whose rows are loaded in vectors.</summary>
    public interface IRight
    {
        /// <summary>What is prefetched with each row.</summary>
        AttentionPrefetch Prefetch { get; }

        /// <summary>Address of row j.</summary>
        byte* Row(nint j);

        /// <summary>16 values of row j from column i on.</summary>
        V Load(byte* row, nint j, nint i);
    }

    /// <summary>A matrix of floats.</summary>
    public readonly struct Dense(float* data, nint stride, AttentionPrefetch prefetch = default) : IRight
    {
        public AttentionPrefetch Prefetch => prefetch;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public byte* Row(nint j) => (byte*)(data + j * stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Load(byte* row, nint j, nint i) => Vector512.Load((float*)row + i);
    }

    /// <summary>
    /// c[r, i] = Σⱼ a[r, j]·b[j, i] over j = from … to − 1, ascending, or adds that to c; i = 0 … columns − 1, a multiple of 16.
    /// </summary>
    public static void Product<B>(Left a, int rows, B b, int from, int to, float* c, nint cStride, int columns, bool add)
        where B : struct, IRight
    {
        for (var r = 0; r < rows; r += MostRows)
        {
            var left = new Left(a.Data + r * a.RowStride, a.RowStride, a.ColumnStride);
            var own = c + r * cStride;
            switch (Math.Min(rows - r, MostRows))
            {
                case 1: Rows<One, B>(left, b, from, to, own, cStride, columns, add); break;
                case 2: Rows<Two, B>(left, b, from, to, own, cStride, columns, add); break;
                case 3: Rows<Three, B>(left, b, from, to, own, cStride, columns, add); break;
                case 4: Rows<Four, B>(left, b, from, to, own, cStride, columns, add); break;
                case 5: Rows<Five, B>(left, b, from, to, own, cStride, columns, add); break;
                default: Rows<Six, B>(left, b, from, to, own, cStride, columns, add); break;
            }
        }
    }

    /// <summary>The number of rows or of vectors of columns, as a type: the JIT compiles a kernel for each.</summary>
    interface ICount
    {
        static abstract int Count { get; }
    }

    struct One : ICount { public static int Count => 1; }
    struct Two : ICount { public static int Count => 2; }
    struct Three : ICount { public static int Count => 3; }
    struct Four : ICount { public static int Count => 4; }
    struct Five : ICount { public static int Count => 5; }
    struct Six : ICount { public static int Count => 6; }

    /// <summary>Takes as many columns at once as there are registers for sums.</summary>
    static void Rows<R, B>(Left a, B b, int from, int to, float* c, nint cStride, int columns, bool add)
        where R : struct, ICount where B : struct, IRight
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i + 64 <= columns; i += 64) Columns<R, Four, B>(a, b, i, from, to, c + i, cStride, add);
        else if (R.Count < 4)
            for (; i + 32 <= columns; i += 32) Columns<R, Two, B>(a, b, i, from, to, c + i, cStride, add);
        for (; i < columns; i += 16) Columns<R, One, B>(a, b, i, from, to, c + i, cStride, add);
    }

    /// <summary>R rows by N vectors of columns; a fifth and sixth row have one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Columns<R, N, B>(Left a, B b, nint i, int from, int to, float* c, nint cStride, bool add)
        where R : struct, ICount where N : struct, ICount where B : struct, IRight
    {
        float* c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride, c4 = c3 + cStride, c5 = c4 + cStride;
        V a0 = V.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        V d0 = a0, d1 = a0, d2 = a0, d3 = a0, e0 = a0, e1 = a0, e2 = a0, e3 = a0, f0 = a0, g0 = a0;
        if (add)
        {
            a0 = Vector512.Load(c);
            if (N.Count > 1) a1 = Vector512.Load(c + 16);
            if (N.Count > 2) { a2 = Vector512.Load(c + 32); a3 = Vector512.Load(c + 48); }
            if (R.Count > 1)
            {
                b0 = Vector512.Load(c1);
                if (N.Count > 1) b1 = Vector512.Load(c1 + 16);
                if (N.Count > 2) { b2 = Vector512.Load(c1 + 32); b3 = Vector512.Load(c1 + 48); }
            }
            if (R.Count > 2)
            {
                d0 = Vector512.Load(c2);
                if (N.Count > 1) d1 = Vector512.Load(c2 + 16);
                if (N.Count > 2) { d2 = Vector512.Load(c2 + 32); d3 = Vector512.Load(c2 + 48); }
            }
            if (R.Count > 3)
            {
                e0 = Vector512.Load(c3);
                if (N.Count > 1) e1 = Vector512.Load(c3 + 16);
                if (N.Count > 2) { e2 = Vector512.Load(c3 + 32); e3 = Vector512.Load(c3 + 48); }
            }
            if (R.Count > 4) f0 = Vector512.Load(c4);
            if (R.Count > 5) g0 = Vector512.Load(c5);
        }
        var prefetch = i == 0 ? b.Prefetch : default;                          // with the first columns only
        nint step = a.ColumnStride, row = a.RowStride;
        float* p = a.Data + from * step, p2 = p + 2 * row, p4 = p2 + 2 * row;
        V v1 = V.Zero, v2 = v1, v3 = v1;
        for (nint j = from, end = to; j < end; j++, p += step, p2 += step, p4 += step)
        {
            prefetch.Next(j);
            var own = b.Row(j);
            var v0 = b.Load(own, j, i);
            if (N.Count > 1) v1 = b.Load(own, j, i + 16);
            if (N.Count > 2) { v2 = b.Load(own, j, i + 32); v3 = b.Load(own, j, i + 48); }
            var x = Vector512.Create(*p);
            a0 = Fma(x, v0, a0);
            if (N.Count > 1) a1 = Fma(x, v1, a1);
            if (N.Count > 2) { a2 = Fma(x, v2, a2); a3 = Fma(x, v3, a3); }
            if (R.Count > 1)
            {
                x = Vector512.Create(p[row]);
                b0 = Fma(x, v0, b0);
                if (N.Count > 1) b1 = Fma(x, v1, b1);
                if (N.Count > 2) { b2 = Fma(x, v2, b2); b3 = Fma(x, v3, b3); }
            }
            if (R.Count > 2)
            {
                x = Vector512.Create(*p2);
                d0 = Fma(x, v0, d0);
                if (N.Count > 1) d1 = Fma(x, v1, d1);
                if (N.Count > 2) { d2 = Fma(x, v2, d2); d3 = Fma(x, v3, d3); }
            }
            if (R.Count > 3)
            {
                x = Vector512.Create(p2[row]);
                e0 = Fma(x, v0, e0);
                if (N.Count > 1) e1 = Fma(x, v1, e1);
                if (N.Count > 2) { e2 = Fma(x, v2, e2); e3 = Fma(x, v3, e3); }
            }
            if (R.Count > 4) f0 = Fma(Vector512.Create(*p4), v0, f0);
            if (R.Count > 5) g0 = Fma(Vector512.Create(p4[row]), v0, g0);
        }
        a0.Store(c);
        if (N.Count > 1) a1.Store(c + 16);
        if (N.Count > 2) { a2.Store(c + 32); a3.Store(c + 48); }
        if (R.Count > 1)
        {
            b0.Store(c1);
            if (N.Count > 1) b1.Store(c1 + 16);
            if (N.Count > 2) { b2.Store(c1 + 32); b3.Store(c1 + 48); }
        }
        if (R.Count > 2)
        {
            d0.Store(c2);
            if (N.Count > 1) d1.Store(c2 + 16);
            if (N.Count > 2) { d2.Store(c2 + 32); d3.Store(c2 + 48); }
        }
        if (R.Count > 3)
        {
            e0.Store(c3);
            if (N.Count > 1) e1.Store(c3 + 16);
            if (N.Count > 2) { e2.Store(c3 + 32); e3.Store(c3 + 48); }
        }
        if (R.Count > 4) f0.Store(c4);
        if (R.Count > 5) g0.Store(c5);
    }

    /// <summary>Copies a row times a factor, padded with zeros.</summary>
    public static void Pad(float* from, int n, float factor, float* to, nint width)
    {
        for (nint i = 0; i < width; i += 16) (i < n ? Load(from + i, n - i) * factor : V.Zero).Store(to + i);
    }
}
