using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>How far ahead of what it multiplies a tile prefetches the panel.</summary>
internal interface IPrefetch
{
    static abstract int Bytes { get; }
}

/// <summary>Not at all: many rows are multiplied by a panel that lies in the cache.</summary>
internal readonly struct Cached : IPrefetch { public static int Bytes => 0; }

/// <summary>More than a block: a few rows are multiplied by a panel that is read from memory once.</summary>
internal readonly struct Streamed : IPrefetch { public static int Bytes => 8192; }

/// <summary>
/// <see cref="FloatTile"/> for machines with 16 narrower vectors: y[R, 32] = x[R, K] · panel[K, 32] with four vectors for each of up
/// to three rows, so that a panel is read once, line by line. Each output is the same chain of fused multiply-adds.
/// </summary>
/// <remarks>
/// A step of k broadcasts x of three rows, then loads each vector of the panel and uses it at once: 16 registers. The loop does four
/// steps at a time, because where two threads share a core, loop overhead costs as much as multiplications.
/// </remarks>
internal static unsafe class WideTile
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 3;

    const int Steps = 4;

    /// <inheritdoc cref="FloatTile.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, L, E, R, P>(nint depth, byte* x, byte* panel, float* y, nint stride, bool resume)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where R : struct, IRows where P : struct, IPrefetch
    {
        for (var column = 0; column < FloatTile.Columns; column += 4 * L.Count)
        {
            var a = (float*)x;
            var w = (E*)panel + column;
            float* y0 = y + column, y1 = y0 + stride, y2 = y1 + stride;
            V c0 = default, d0 = default, e0 = default, f0 = default;
            V c1 = default, d1 = default, e1 = default, f1 = default;
            V c2 = default, d2 = default, e2 = default, f2 = default;
            if (resume)
            {
                c0 = L.Load(y0); d0 = L.Load(y0 + L.Count); e0 = L.Load(y0 + 2 * L.Count); f0 = L.Load(y0 + 3 * L.Count);
                if (R.Count > 1)
                {
                    c1 = L.Load(y1); d1 = L.Load(y1 + L.Count); e1 = L.Load(y1 + 2 * L.Count); f1 = L.Load(y1 + 3 * L.Count);
                }
                if (R.Count > 2)
                {
                    c2 = L.Load(y2); d2 = L.Load(y2 + L.Count); e2 = L.Load(y2 + 2 * L.Count); f2 = L.Load(y2 + 3 * L.Count);
                }
            }
            if (R.Count == MostRows) Prefetch(y0 + MostRows * stride, stride);
            var k = depth;
            for (; k >= Steps; k -= Steps)
            {
                Step<V, L, E, R, P>(a, w,
                    ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, P>(a + R.Count, w + FloatTile.Columns,
                    ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, P>(a + 2 * R.Count, w + 2 * FloatTile.Columns,
                    ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, P>(a + 3 * R.Count, w + 3 * FloatTile.Columns,
                    ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                a += Steps * R.Count;
                w += Steps * FloatTile.Columns;
            }
            for (; k > 0; k--)
            {
                Step<V, L, E, R, P>(a, w,
                    ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                a += R.Count;
                w += FloatTile.Columns;
            }
            L.Store(c0, y0); L.Store(d0, y0 + L.Count); L.Store(e0, y0 + 2 * L.Count); L.Store(f0, y0 + 3 * L.Count);
            if (R.Count > 1)
            {
                L.Store(c1, y1); L.Store(d1, y1 + L.Count); L.Store(e1, y1 + 2 * L.Count); L.Store(f1, y1 + 3 * L.Count);
            }
            if (R.Count > 2)
            {
                L.Store(c2, y2); L.Store(d2, y2 + L.Count); L.Store(e2, y2 + 2 * L.Count); L.Store(f2, y2 + 3 * L.Count);
            }
        }
    }

    /// <summary>Prefetches the next rows of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(float* y, nint stride)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < MostRows; i++, y += stride)
        {
            Sse.Prefetch0(y);
            Sse.Prefetch0(y + 16);
        }
    }

    /// <summary>One step of k: four vectors of the panel times a value of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<V, L, E, R, P>(
        float* a, E* w,
        ref V c0, ref V d0, ref V e0, ref V f0,
        ref V c1, ref V d1, ref V e1, ref V f1,
        ref V c2, ref V d2, ref V e2, ref V f2)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where R : struct, IRows where P : struct, IPrefetch
    {
        if (P.Bytes > 0 && Sse.IsSupported) Sse.Prefetch1((byte*)w + P.Bytes);
        if (P.Bytes > 0 && Sse.IsSupported && sizeof(E) == sizeof(float)) Sse.Prefetch1((byte*)w + P.Bytes + 64);
        V x0 = L.Create(a[0]);
        V x1 = R.Count > 1 ? L.Create(a[1]) : default;
        V x2 = R.Count > 2 ? L.Create(a[2]) : default;
        var v = L.Load(w);
        c0 = L.Fma(v, x0, c0); if (R.Count > 1) c1 = L.Fma(v, x1, c1); if (R.Count > 2) c2 = L.Fma(v, x2, c2);
        v = L.Load(w + L.Count);
        d0 = L.Fma(v, x0, d0); if (R.Count > 1) d1 = L.Fma(v, x1, d1); if (R.Count > 2) d2 = L.Fma(v, x2, d2);
        v = L.Load(w + 2 * L.Count);
        e0 = L.Fma(v, x0, e0); if (R.Count > 1) e1 = L.Fma(v, x1, e1); if (R.Count > 2) e2 = L.Fma(v, x2, e2);
        v = L.Load(w + 3 * L.Count);
        f0 = L.Fma(v, x0, f0); if (R.Count > 1) f1 = L.Fma(v, x1, f1); if (R.Count > 2) f2 = L.Fma(v, x2, f2);
    }
}
