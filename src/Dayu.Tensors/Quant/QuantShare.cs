using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// What the groups of a block have in common: one scale d for their scales and one for their minima, all small integers
/// of it.
/// </summary>
static class QuantShare
{
    const int Candidates = 12;                                       // three scales by three minima, and room for four at once

    /// <summary>
    /// From the scales (and minima) that each group would like best: d such that the greatest is the greatest integer;
    /// for each group the integers next to its wish with the least error; then the d that fits these by least squares,
    /// and again. Keeps the best of the rounds.
    /// </summary>
    [SkipLocalsInit]
    public static void Fit(
        QuantForm form, ReadOnlySpan<float> x,
        scoped ReadOnlySpan<float> scales, scoped ReadOnlySpan<float> minima, ref QuantParts parts)
    {
        var groups = scales.Length;
        float largest = 0, deepest = 0;
        for (var g = 0; g < groups; g++)
        {
            if (MathF.Abs(scales[g]) > MathF.Abs(largest)) largest = scales[g];
            deepest = MathF.Max(deepest, -minima[g]);
        }
        var d = largest / (form.Scales.Least < 0 ? form.Scales.Least : form.Scales.Most);
        var m = form.Minima == 0 ? 0 : deepest / form.Minima;
        Span<sbyte> tryScales = stackalloc sbyte[groups], tryMinima = stackalloc sbyte[groups];
        var best = float.PositiveInfinity;
        for (var round = 0; round < 4; round++)
        {
            (d, m) = ((float)(Half)d, (float)(Half)m);
            var error = 0f;
            for (var g = 0; g < groups; g++)
            {
                var values = x.Slice(g * form.Group, form.Group);
                error += Group(form, values, scales[g], minima[g], d, m, out tryScales[g], out tryMinima[g]);
            }
            if (error >= best || float.IsNaN(error)) return;
            (best, parts.Scale, parts.Minimum) = (error, d, -m);
            tryScales.CopyTo(parts.Scales);
            tryMinima.CopyTo(parts.Minima);
            (d, m) = Refit(form, x, parts);
        }
    }

    /// <summary>The integers of a group, and its squared error.</summary>
    static float Group(
        QuantForm form, ReadOnlySpan<float> x, float scale, float minimum, float d, float m,
        out sbyte bestScale, out sbyte bestMinimum)
    {
        int Near(float wish, float unit, int least, int most) =>
            unit == 0 ? Math.Clamp(0, least, most) : (int)Math.Clamp(MathF.Round(wish / unit), least, most);
        var (s, n) = (Near(scale, d, form.Scales.Least, form.Scales.Most), Near(-minimum, m, 0, form.Minima));
        Span<float> scales = stackalloc float[Candidates], minima = stackalloc float[Candidates], errors = stackalloc float[Candidates];
        Span<(sbyte, sbyte)> candidates = stackalloc (sbyte, sbyte)[Candidates];
        var count = 0;
        for (var i = Math.Max(s - 1, form.Scales.Least); i <= Math.Min(s + 1, form.Scales.Most); i++)
            for (var j = Math.Max(n - 1, 0); j <= Math.Min(n + 1, form.Minima); j++, count++)
                (scales[count], minima[count], candidates[count]) = (d * i, -m * j, ((sbyte)i, (sbyte)j));
        for (var i = 0; i < count; i += 4) QuantSearch.Errors(form, x, scales[i..], minima[i..]).CopyTo(errors[i..]);
        var best = float.PositiveInfinity;
        (bestScale, bestMinimum) = (0, 0);
        for (var i = 0; i < count; i++)
            if (errors[i] < best) (best, (bestScale, bestMinimum)) = (errors[i], candidates[i]);
        return best;
    }

    /// <summary>
    /// argmin over (d, m) of Σ(x − d·s·q + m·n)², with the integers s and n of the groups and q as they round.
    /// </summary>
    static (float D, float M) Refit(QuantForm form, ReadOnlySpan<float> x, in QuantParts parts)
    {
        double ss = 0, sn = 0, nn = 0, xs = 0, xn = 0;
        for (var g = 0; g < parts.Scales.Length; g++)
        {
            var (s, n) = ((int)parts.Scales[g], (int)parts.Minima[g]);
            var sums = QuantSearch.Moments(form, x.Slice(g * form.Group, form.Group), parts.Scale * s, parts.Minimum * n);
            ss += (double)s * s * sums.QQ;
            sn -= (double)s * n * sums.Q;
            nn += (double)n * n * form.Group;
            xs += (double)s * sums.XQ;
            xn -= (double)n * sums.X;
        }
        if (nn == 0) return ss == 0 ? (parts.Scale, 0) : ((float)(xs / ss), 0);
        var spread = ss * nn - sn * sn;
        return spread <= 0 ? (parts.Scale, -parts.Minimum) : ((float)((xs * nn - xn * sn) / spread), (float)((xn * ss - xs * sn) / spread));
    }
}
