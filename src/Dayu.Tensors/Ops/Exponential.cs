using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;
using V = System.Runtime.Intrinsics.Vector512<float>;
using V8 = System.Runtime.Intrinsics.Vector256<float>;

namespace Dayu.Tensors;

/// <summary>
/// e to the x, for the formulas of activations, softmax and attention. Where the processor has no vectors of 16 it is
/// computed for two of 8: each step of a vector of 16 is a call then, and a formula of so many is more than the
/// compiler takes into a loop.
/// </summary>
public static class Exponential
{
    /// <summary>
    /// eˣ to 10⁻⁷; below −87.3 it is 0, above 88.4 infinite. 2ⁿ·eʳ with n = round(x / ln 2) and eight terms of the
    /// series for |r| ≤ ½·ln 2 (the first left out is below 6·10⁻⁹): several times faster than the library's, which
    /// computes in double.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static V Exp(V x) =>
        Vector512.IsHardwareAccelerated
            ? Exp<V, Sixteen>(x)
            : Vector512.Create(Exp<V8, Eight>(x.GetLower()), Exp<V8, Eight>(x.GetUpper()));

    /// <summary>
    /// 2ˣ to 10⁻⁷ for x up to 127; below −126 it is 0. As <see cref="Exp"/>, but what is left after rounding x is
    /// exact: a quarter less to do.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static V Exp2(V x) =>
        Vector512.IsHardwareAccelerated
            ? Exp2<V, Sixteen>(x)
            : Vector512.Create(Exp2<V8, Eight>(x.GetLower()), Exp2<V8, Eight>(x.GetUpper()));

    [MethodImpl(AggressiveInlining)]
    static T Exp<T, F>(T x) where F : IFloats<T>
    {
        var n = F.Min(F.Round(F.Multiply(x, F.Create(1.44269504f))), F.Create(128f));
        var r = F.Fma(n, F.Create(-0.693359375f), x);                   // ln 2 in two parts, the first exact in 10 bits
        r = F.Fma(n, F.Create(2.12194440e-4f), r);
        var p = F.Fma(F.Create(1 / 5040f), r, F.Create(1 / 720f));
        p = F.Fma(p, r, F.Create(1 / 120f));
        p = F.Fma(p, r, F.Create(1 / 24f));
        p = F.Fma(p, r, F.Create(1 / 6f));
        p = F.Fma(p, r, F.Create(0.5f));
        p = F.Fma(p, r, F.Create(1f));
        p = F.Fma(p, r, F.Create(1f));
        return F.ZeroBelow(-87.3f, x, F.Multiply(p, F.Power(n)));
    }

    [MethodImpl(AggressiveInlining)]
    static T Exp2<T, F>(T x) where F : IFloats<T>
    {
        var n = F.Round(x);
        var r = F.Subtract(x, n);
        var p = F.Fma(F.Create(1.52527338e-5f), r, F.Create(1.54035304e-4f));        // (ln 2)ᵏ/k!
        p = F.Fma(p, r, F.Create(1.33335581e-3f));
        p = F.Fma(p, r, F.Create(9.61812911e-3f));
        p = F.Fma(p, r, F.Create(5.55041087e-2f));
        p = F.Fma(p, r, F.Create(0.240226507f));
        p = F.Fma(p, r, F.Create(0.693147181f));
        p = F.Fma(p, r, F.Create(1f));
        return F.ZeroBelow(-126f, x, F.Multiply(p, F.Power(n)));
    }

    /// <summary>What the series ask of a vector type.</summary>
    interface IFloats<T>
    {
        static abstract T Create(float f);
        static abstract T Round(T x);
        /// <summary>Where x is no number, any: the result is no number by itself.</summary>
        static abstract T Min(T x, T most);
        static abstract T Subtract(T a, T b);
        static abstract T Multiply(T a, T b);
        static abstract T Fma(T a, T b, T c);
        /// <summary>2ⁿ for whole n from −126 to 128, where it is infinite.</summary>
        static abstract T Power(T n);
        /// <summary>y, but 0 where x is below the limit.</summary>
        static abstract T ZeroBelow(float limit, T x, T y);
    }

    readonly struct Sixteen : IFloats<V>
    {
        [MethodImpl(AggressiveInlining)] public static V Create(float f) => Vector512.Create(f);
        [MethodImpl(AggressiveInlining)] public static V Round(V x) => Vector512.Round(x);
        [MethodImpl(AggressiveInlining)] public static V Min(V x, V most) => Vector512.MinNative(x, most);
        [MethodImpl(AggressiveInlining)] public static V Subtract(V a, V b) => a - b;
        [MethodImpl(AggressiveInlining)] public static V Multiply(V a, V b) => a * b;
        [MethodImpl(AggressiveInlining)] public static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);
        [MethodImpl(AggressiveInlining)]
        public static V Power(V n) =>
            ((Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23).AsSingle();
        [MethodImpl(AggressiveInlining)]
        public static V ZeroBelow(float limit, V x, V y) =>
            Vector512.AndNot(y, Vector512.LessThan(x, Create(limit)));
    }

    readonly struct Eight : IFloats<V8>
    {
        [MethodImpl(AggressiveInlining)] public static V8 Create(float f) => Vector256.Create(f);
        [MethodImpl(AggressiveInlining)] public static V8 Round(V8 x) => Vector256.Round(x);
        [MethodImpl(AggressiveInlining)] public static V8 Min(V8 x, V8 most) => Vector256.MinNative(x, most);
        [MethodImpl(AggressiveInlining)] public static V8 Subtract(V8 a, V8 b) => a - b;
        [MethodImpl(AggressiveInlining)] public static V8 Multiply(V8 a, V8 b) => a * b;
        [MethodImpl(AggressiveInlining)] public static V8 Fma(V8 a, V8 b, V8 c) => Vector256.FusedMultiplyAdd(a, b, c);
        [MethodImpl(AggressiveInlining)]
        public static V8 Power(V8 n) =>
            ((Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23).AsSingle();
        [MethodImpl(AggressiveInlining)]
        public static V8 ZeroBelow(float limit, V8 x, V8 y) =>
            Vector256.AndNot(y, Vector256.LessThan(x, Create(limit)));
    }
}
