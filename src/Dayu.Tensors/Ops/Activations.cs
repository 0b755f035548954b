using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Tensors;

/// <summary>max(x, 0).</summary>
public readonly struct Relu : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => Math.Max(x, 0);

    /// <inheritdoc/>
    public static V F(V x) => Vector512.Max(x, V.Zero);

    /// <inheritdoc/>
    public static V D(V x) => Vector512.GreaterThan(x, V.Zero) & V.One;
}

/// <summary>max(x, 0)².</summary>
public readonly struct ReluSquared : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => Math.Max(x, 0) * Math.Max(x, 0);

    /// <inheritdoc/>
    public static V F(V x) => Relu.F(x) * Relu.F(x);

    /// <inheritdoc/>
    public static V D(V x) => 2 * Relu.F(x);
}

/// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
public readonly struct Sigmoid : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => 1 / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public static V F(V x) => V.One / (V.One + Exp(-x));

    /// <inheritdoc/>
    public static V D(V x)
    {
        var s = F(x);
        return s * (V.One - s);
    }
}

/// <summary>x · σ(x).</summary>
public readonly struct Silu : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => x / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public static V F(V x) => x / (V.One + Exp(-x));

    /// <inheritdoc/>
    public static V D(V x)
    {
        var s = Sigmoid.F(x);
        return s * (V.One + x * (V.One - s));
    }
}

/// <summary>tanh x.</summary>
public readonly struct Tanh : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => Math.Tanh(x);

    /// <summary>
    /// tanh |x| = 1 − 2 / (e²ˣ + 1): no overflow to NaN; near 0, where that cancels, the first terms of the series.
    /// </summary>
    public static V F(V x)
    {
        var a = Vector512.Abs(x);
        var far = V.One - Vector512.Create(2f) / (Exp(a + a) + V.One);
        var s = x * x;
        var near = a * (V.One + s * (Vector512.Create(-1 / 3f) + s * Vector512.Create(2 / 15f)));
        return Vector512.CopySign(Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512.Create(0.05f)), near, far), x);
    }

    /// <inheritdoc/>
    public static V D(V x)
    {
        var t = F(x);
        return V.One - t * t;
    }
}

/// <summary>½·x·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³); in vectors x·σ(2u), which is the same with one exponential.</summary>
public readonly struct GeluTanh : IUnary
{
    const float K = 2 * 0.7978845608f, A = 0.044715f;

    /// <inheritdoc/>
    public static double Exact(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V F(V x) => x / (V.One + Exp(-K * (x + A * x * x * x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V D(V x)
    {
        var s = V.One / (V.One + Exp(-K * (x + A * x * x * x)));
        return s + x * s * (V.One - s) * K * (V.One + 3 * A * x * x);
    }
}

/// <summary>x·Φ(x), Φ the normal distribution: ½·x·(1 + erf(x/√2)).</summary>
public readonly struct GeluErf : IUnary
{
    /// <inheritdoc/>
    public static double Exact(double x) => 0.5 * x * (1 + Erf.Exact(x / Math.Sqrt(2)));

    /// <inheritdoc/>
    public static V F(V x) => 0.5f * x * (V.One + Erf.F(x * 0.70710678f));

    /// <inheritdoc/>
    public static V D(V x) => 0.5f * (V.One + Erf.F(x * 0.70710678f)) + x * 0.39894228f * Exp(-0.5f * x * x);
}

/// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt, which .NET lacks.</summary>
static class Erf
{
    /// <summary>
    /// Its Taylor series for |x| ≤ 3; beyond, 1 less the continued fraction of erfc (Abramowitz &amp; Stegun 7.1.5,
    /// 7.1.14).
    /// </summary>
    public static double Exact(double x)
    {
        var a = Math.Abs(x);
        if (a <= 3)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 2 / Math.Sqrt(Math.PI) * sum;
        }
        var fraction = a;
        for (var k = 60; k > 0; k--) fraction = a + k / 2.0 / fraction;
        return Math.CopySign(1 - Math.Exp(-a * a) / (fraction * Math.Sqrt(Math.PI)), x);
    }

    /// <summary>Abramowitz &amp; Stegun 7.1.26: off by at most 1.5·10⁻⁷.</summary>
    public static V F(V x)
    {
        var a = Vector512.Abs(x);
        var t = V.One / (V.One + 0.3275911f * a);
        var poly = t * (Vector512.Create(0.254829592f) + t * (Vector512.Create(-0.284496736f) + t * (Vector512.Create(1.421413741f)
            + t * (Vector512.Create(-1.453152027f) + t * 1.061405429f))));
        return Vector512.CopySign(V.One - poly * Exp(-(a * a)), x);
    }
}
