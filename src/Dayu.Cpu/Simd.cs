using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>What formulas need beyond the operators of a vector: loads and stores at ends of rows, sums in one order.</summary>
internal static unsafe class Simd
{
    /// <summary>Loads 16 values; if only n are left, those, and <paramref name="rest"/> in the other lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* p, long n, float rest = 0)
    {
        if (n >= 16) return Vector512.Load(p);
        if (!Avx.IsSupported) return LoadEnd(p, (int)n, rest);
        // All inlined: a loop with a call keeps its sums in memory.
        Vector256<float> lower = Below(n), upper = Below(n - 8), others = Vector256.Create(rest);
        return Vector512.Create(
            Vector256.ConditionalSelect(lower, Avx.MaskLoad(p, lower), others),
            Vector256.ConditionalSelect(upper, Avx.MaskLoad(p + 8, upper), others));
    }

    /// <summary>Stores 16 values, or the first n if only n are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, float* p, long n)
    {
        if (n >= 16) v.Store(p);
        else if (!Avx.IsSupported) StoreEnd(v, p, (int)n);
        else
        {
            Avx.MaskStore(p, Below(n), v.GetLower());
            Avx.MaskStore(p + 8, Below(n - 8), v.GetUpper());
        }
    }

    /// <summary>All bits of the first n lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Below(long n) =>
        Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create((int)n)).AsSingle();

    [MethodImpl(MethodImplOptions.NoInlining)]
    static V LoadEnd(float* p, int n, float rest)
    {
        var v = Vector512.Create(rest);
        new ReadOnlySpan<float>(p, n).CopyTo(new(&v, 16));
        return v;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void StoreEnd(V v, float* p, int n) => new ReadOnlySpan<float>(&v, n).CopyTo(new(p, n));

    /// <summary>a·b + c with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>The lanes' sum: halves, quarters, then ((0 + 2) + (1 + 3)); every sum over lanes in this backend has this order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V v)
    {
        var h = v.GetLower() + v.GetUpper();
        var q = h.GetLower() + h.GetUpper();
        return (q[0] + q[2]) + (q[1] + q[3]);
    }

    /// <summary>The largest lane; NaN where one is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(V v)
    {
        var h = Vector256.Max(v.GetLower(), v.GetUpper());
        var q = Vector128.Max(h.GetLower(), h.GetUpper());
        q = Vector128.Max(q, Vector128.Shuffle(q, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(q[0], q[1]);
    }

    /// <summary>Σ xᵢ·yᵢ.</summary>
    public static float Dot(float* x, float* y, long n)
    {
        var sum = V.Zero;
        for (var i = 0L; i < n; i += 16) sum = Fma(Load(x + i, n - i), Load(y + i, n - i), sum);
        return Sum(sum);
    }

    /// <summary>y += a·x.</summary>
    public static void AddScaled(float* y, float a, float* x, long n)
    {
        for (var i = 0L; i < n; i += 16) Store(Fma(Vector512.Create(a), Load(x + i, n - i), Load(y + i, n - i)), y + i, n - i);
    }
}
