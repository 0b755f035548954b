using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>How far ahead of what it multiplies a tile asks memory for more of the panel.</summary>
internal interface IAhead
{
    static abstract int Bytes { get; }
}

/// <summary>Not at all: the panel lies in a cache, for many rows.</summary>
internal readonly struct Cached : IAhead { public static int Bytes => 0; }

/// <summary>A block and more: the panel is read once, for a few rows.</summary>
internal readonly struct Streamed : IAhead { public static int Bytes => 8192; }

/// <summary>
/// <see cref="FloatTile"/> where a vector is narrower and there are 16 of them: y[R, 32] = x[R, K] · panel[K, 32] with four vectors for each of up to three rows, so that a panel is read
/// line by line, once. The same chain of fused multiply-adds for each output.
/// </summary>
/// <remarks>Per step of k three rows load x, then each vector of the panel is loaded and used at once: 16 registers. Four steps to a turn of the loop: what is not a
/// multiplication costs as much as one where two threads share a core.</remarks>
internal static unsafe class WideTile
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 3;

    const int Steps = 4;

    /// <inheritdoc cref="FloatTile.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, L, E, R, A>(nint depth, byte* x, byte* panel, float* y, nint stride, bool resume)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where R : struct, IRows where A : struct, IAhead
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
                if (R.Count > 1) { c1 = L.Load(y1); d1 = L.Load(y1 + L.Count); e1 = L.Load(y1 + 2 * L.Count); f1 = L.Load(y1 + 3 * L.Count); }
                if (R.Count > 2) { c2 = L.Load(y2); d2 = L.Load(y2 + L.Count); e2 = L.Load(y2 + 2 * L.Count); f2 = L.Load(y2 + 3 * L.Count); }
            }
            if (R.Count == MostRows) Fetch(y0 + MostRows * stride, stride);
            var k = depth;
            for (; k >= Steps; k -= Steps)
            {
                Step<V, L, E, R, A>(a, w, ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, A>(a + R.Count, w + FloatTile.Columns, ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, A>(a + 2 * R.Count, w + 2 * FloatTile.Columns, ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                Step<V, L, E, R, A>(a + 3 * R.Count, w + 3 * FloatTile.Columns, ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                a += Steps * R.Count;
                w += Steps * FloatTile.Columns;
            }
            for (; k > 0; k--)
            {
                Step<V, L, E, R, A>(a, w, ref c0, ref d0, ref e0, ref f0, ref c1, ref d1, ref e1, ref f1, ref c2, ref d2, ref e2, ref f2);
                a += R.Count;
                w += FloatTile.Columns;
            }
            L.Store(c0, y0); L.Store(d0, y0 + L.Count); L.Store(e0, y0 + 2 * L.Count); L.Store(f0, y0 + 3 * L.Count);
            if (R.Count > 1) { L.Store(c1, y1); L.Store(d1, y1 + L.Count); L.Store(e1, y1 + 2 * L.Count); L.Store(f1, y1 + 3 * L.Count); }
            if (R.Count > 2) { L.Store(c2, y2); L.Store(d2, y2 + L.Count); L.Store(e2, y2 + 2 * L.Count); L.Store(f2, y2 + 3 * L.Count); }
        }
    }

    /// <summary>Asks for what the next rows' sums go on from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(float* y, nint stride)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < MostRows; i++, y += stride)
        {
            Sse.Prefetch0(y);
            Sse.Prefetch0(y + 16);
        }
    }

    /// <summary>One step of k: four vectors of the panel times what each row has there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<V, L, E, R, A>(float* a, E* w, ref V c0, ref V d0, ref V e0, ref V f0, ref V c1, ref V d1, ref V e1, ref V f1, ref V c2, ref V d2, ref V e2, ref V f2)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where R : struct, IRows where A : struct, IAhead
    {
        if (A.Bytes > 0 && Sse.IsSupported) Sse.Prefetch1((byte*)w + A.Bytes);
        if (A.Bytes > 0 && Sse.IsSupported && sizeof(E) == sizeof(float)) Sse.Prefetch1((byte*)w + A.Bytes + 64);
        V x0 = L.Create(a[0]), x1 = R.Count > 1 ? L.Create(a[1]) : default, x2 = R.Count > 2 ? L.Create(a[2]) : default;
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
