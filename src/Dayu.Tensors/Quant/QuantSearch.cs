using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Tensors;

/// <summary>
/// Brings values into a form, looking for the least squared error: scales (and minima) of each group first, then what
/// they have in common.
/// </summary>
static class QuantSearch
{
    const int Cuts = 25, Lanes = 2 * 16;                             // ranges that are tried for a line, and room for them in whole vectors

    /// <summary>
    /// Fills the parts. Where a value is not finite, or beyond what a half can scale, the scale is not finite either:
    /// read back, it shows.
    /// </summary>
    [SkipLocalsInit]
    public static void Fit(QuantForm form, ReadOnlySpan<float> x, ref QuantParts parts)
    {
        Begin(form, ref parts);
        foreach (var v in x) if (!float.IsFinite(v)) return;
        var groups = parts.Scales.Length;
        Span<float> scales = stackalloc float[groups], minima = stackalloc float[groups];
        for (var g = 0; g < groups; g++)
        {
            var values = x.Slice(g * form.Group, form.Group);
            (scales[g], minima[g]) = form.Minima == 0 ? (Scale(form, values), 0) : Line(form, values);
        }
        if (groups > 1) QuantShare.Fit(form, x, scales, minima, ref parts);
        else (parts.Scale, parts.Minimum) = ((float)(Half)scales[0], (float)(Half)minima[0]);
        Round(form, x, ref parts);
    }

    /// <summary>Parts without a scale: what stays where none fits.</summary>
    internal static void Begin(QuantForm form, ref QuantParts parts)
    {
        parts.Integers.Fill(form.Levels[0]);
        parts.Scales.Fill(1);
        parts.Minima.Fill(1);
        (parts.Scale, parts.Minimum) = (float.NaN, 0);
    }

    /// <summary>
    /// argmin over d of Σ(x − d·q)²: tries scales that bring the largest value to and about the first level, then the
    /// last. The error is Σx² − (Σxq)² / Σq², with the d that fits q best.
    /// </summary>
    static float Scale(QuantForm form, ReadOnlySpan<float> x)
    {
        var largest = 0f;
        foreach (var v in x) if (MathF.Abs(v) > MathF.Abs(largest)) largest = v;
        if (largest == 0) return 0;
        var (best, scale) = (-1f, 0f);
        for (var step = -6; step <= 6; step++)
        {
            var first = largest / (form.Levels[0] + 0.2f * step * (form.Levels[1] - form.Levels[0]));
            var sums = TwoMoments(form, x, first, largest / (form.Levels[^1] + 0.2f * step * (form.Levels[^1] - form.Levels[^2])));
            Take(sums[0], sums[1], ref best, ref scale);
            Take(sums[2], sums[3], ref best, ref scale);
        }
        for (var again = 0; again < 2; again++)
        {
            var sums = TwoMoments(form, x, scale, scale);
            Take(sums[0], sums[1], ref best, ref scale);
        }
        return scale;

        static void Take(float xq, float qq, ref float best, ref float scale)
        {
            var gain = qq > 0 ? xq / qq * xq : 0;
            if (gain > best) (best, scale) = (gain, xq / qq);
        }
    }

    /// <summary>Σxq and Σq² over a group, with q as scale d rounds x, and the same for another scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector128<float> TwoMoments(QuantForm form, ReadOnlySpan<float> x, float d, float other)
    {
        V qq = default, xq = default, qq2 = default, xq2 = default, inverse = V.One * Inverse(d), inverse2 = V.One * Inverse(other);
        for (var i = 0; i < x.Length; i += V.Count)
        {
            var v = Vector512.Create(x.Slice(i, V.Count));
            V q = form.Nearest(v * inverse), q2 = form.Nearest(v * inverse2);
            qq += q * q;
            xq += v * q;
            qq2 += q2 * q2;
            xq2 += v * q2;
        }
        return Sums(xq, qq, xq2, qq2);
    }

    /// <summary>
    /// Four sums, each in the order of <see cref="Vector512.Sum{T}(Vector512{T})"/>: neighbours first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Sums(V a, V b, V c, V d)
    {
        if (!Avx.IsSupported) return Vector128.Create(Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
        var low = Avx.HorizontalAdd(Avx.HorizontalAdd(a.GetLower(), b.GetLower()), Avx.HorizontalAdd(c.GetLower(), d.GetLower()));
        var high = Avx.HorizontalAdd(Avx.HorizontalAdd(a.GetUpper(), b.GetUpper()), Avx.HorizontalAdd(c.GetUpper(), d.GetUpper()));
        return low.GetLower() + low.GetUpper() + (high.GetLower() + high.GetUpper());
    }

    /// <summary>
    /// argmin over (d, m) of Σ(x − d·q − m)²: tries ranges that reach a little beyond, or fall short of, least and
    /// greatest value, and fits each rounding twice. Where minima are shared by a block they are 0 or below.
    /// </summary>
    [SkipLocalsInit]
    static (float D, float M) Line(QuantForm form, ReadOnlySpan<float> x)
    {
        float low = x[0], high = x[0];
        foreach (var v in x) (low, high) = (MathF.Min(low, v), MathF.Max(high, v));
        if (form.Minima > 1) low = MathF.Min(low, 0);
        if (!(high > low)) return (0, low);
        Span<float> d = stackalloc float[Lanes], m = stackalloc float[Lanes];
        Span<double> gains = stackalloc double[Lanes];
        var (step, best) = ((high - low) / form.Levels[^1], -1);
        for (var cut = 0; cut < Cuts; cut++)
        {
            m[cut] = low + step * (cut / 5 - 1) * 0.4f;
            d[cut] = (high - step * (cut % 5 - 1) * 0.4f - m[cut]) / form.Levels[^1];
        }
        Lines(form, x, d, m, gains);
        Lines(form, x, d, m, gains);
        for (var cut = 0; cut < Cuts; cut++) if (gains[cut] > (best < 0 ? double.NegativeInfinity : gains[best])) best = cut;
        return best < 0 ? (float.NaN, 0) : (d[best], m[best]);
    }

    /// <summary>
    /// For each d and m: the line that fits x as they round it, and by how much it lessens the sum of squares. All at
    /// once, since what one costs is mostly waiting for its divisions.
    /// </summary>
    [SkipLocalsInit]
    static void Lines(QuantForm form, ReadOnlySpan<float> x, Span<float> d, Span<float> m, Span<double> gains)
    {
        Span<float> q = stackalloc float[Lanes], qq = stackalloc float[Lanes], xq = stackalloc float[Lanes];
        var sum = 0f;
        for (var cut = 0; cut < Cuts; cut++) (sum, q[cut], qq[cut], xq[cut]) = Moments(form, x, d[cut], m[cut]);
        q[Cuts..].Clear();
        qq[Cuts..].Clear();
        xq[Cuts..].Clear();
        Vector512<double> n = Vector512.Create((double)x.Length), all = Vector512.Create((double)sum);
        for (var i = 0; i < Lanes; i += V.Count)
        {
            var (lowQ, highQ) = Vector512.Widen(Vector512.Create(q.Slice(i, V.Count)));
            var (lowQQ, highQQ) = Vector512.Widen(Vector512.Create(qq.Slice(i, V.Count)));
            var (lowXQ, highXQ) = Vector512.Widen(Vector512.Create(xq.Slice(i, V.Count)));
            var (lowD, highD) = Vector512.Widen(Vector512.Create(d.Slice(i, V.Count)));
            var (lowM, highM) = Vector512.Widen(Vector512.Create(m.Slice(i, V.Count)));
            Fit(lowQ, lowQQ, lowXQ, ref lowD, ref lowM).CopyTo(gains[i..]);
            Fit(highQ, highQQ, highXQ, ref highD, ref highM).CopyTo(gains[(i + V.Count / 2)..]);
            Vector512.Narrow(lowD, highD).CopyTo(d[i..]);
            Vector512.Narrow(lowM, highM).CopyTo(m[i..]);
        }

        Vector512<double> Fit(
            Vector512<double> q, Vector512<double> qq, Vector512<double> xq, ref Vector512<double> d, ref Vector512<double> m)
        {
            var spread = n * qq - q * q;
            var none = Vector512.LessThanOrEqual(spread, Vector512<double>.Zero);
            var slope = (n * xq - all * q) / spread;
            var minimum = (all - slope * q) / n;
            if (form.Minima > 1)
            {
                var above = Vector512.GreaterThan(minimum, Vector512<double>.Zero);
                slope = Vector512.ConditionalSelect(above, xq / qq, slope);
                minimum = Vector512.AndNot(minimum, above);
            }
            (d, m) = (Vector512.ConditionalSelect(none, d, slope), Vector512.ConditionalSelect(none, m, minimum));
            return Vector512.AndNot(slope * xq + minimum * all, none);
        }
    }

    /// <summary>Sums over a group, with q as scale d and minimum m round x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (float X, float Q, float QQ, float XQ) Moments(QuantForm form, ReadOnlySpan<float> x, float d, float m)
    {
        V sx = default, sq = default, sqq = default, sxq = default, inverse = V.One * Inverse(d), least = V.One * m;
        for (var i = 0; i < x.Length; i += V.Count)
        {
            var v = Vector512.Create(x.Slice(i, V.Count));
            var q = form.Nearest((v - least) * inverse);
            sx += v;
            sq += q;
            sqq += q * q;
            sxq += v * q;
        }
        var sums = Sums(sx, sq, sqq, sxq);
        return (sums[0], sums[1], sums[2], sums[3]);
    }

    /// <summary>Σ(x − d·q − m)², for four scales and minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector128<float> Errors(QuantForm form, ReadOnlySpan<float> x, ReadOnlySpan<float> d, ReadOnlySpan<float> m)
    {
        V a = default, b = default, c = default, e = default;
        V scaleA = V.One * d[0], scaleB = V.One * d[1], scaleC = V.One * d[2], scaleE = V.One * d[3];
        V inverseA = V.One * Inverse(d[0]), inverseB = V.One * Inverse(d[1]);
        V inverseC = V.One * Inverse(d[2]), inverseE = V.One * Inverse(d[3]);
        V leastA = V.One * m[0], leastB = V.One * m[1], leastC = V.One * m[2], leastE = V.One * m[3];
        for (var i = 0; i < x.Length; i += V.Count)
        {
            var v = Vector512.Create(x.Slice(i, V.Count));
            a += Squared(v - leastA, scaleA, inverseA);
            b += Squared(v - leastB, scaleB, inverseB);
            c += Squared(v - leastC, scaleC, inverseC);
            e += Squared(v - leastE, scaleE, inverseE);
        }
        return Sums(a, b, c, e);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V Squared(V v, V scale, V inverse)
        {
            var rest = v - scale * form.Nearest(v * inverse);
            return rest * rest;
        }
    }

    /// <summary>The integers, as the scales and minima round x.</summary>
    internal static void Round(QuantForm form, ReadOnlySpan<float> x, ref QuantParts parts)
    {
        for (var i = 0; i < x.Length; i += V.Count)
        {
            var g = i / form.Group;
            V inverse = V.One * Inverse(parts.Scale * parts.Scales[g]), least = V.One * (parts.Minimum * parts.Minima[g]);
            var q = Vector512.ConvertToInt32(form.Nearest((Vector512.Create(x.Slice(i, V.Count)) - least) * inverse));
            for (var j = 0; j < V.Count; j++) parts.Integers[i + j] = (sbyte)q[j];
        }
    }

    static float Inverse(float d) => d == 0 ? 0 : 1 / d;
}
