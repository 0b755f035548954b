using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 four-bit numbers, a half scale and a half minimum: x ≈ d·q + m. 20 bytes (ggml's <c>block_q4_1</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q4_1 : INumberFormat<Q4_1>
{
    Half d, m;
    Nibbles q;

    /// <inheritdoc/>
    public static string Name => "q4_1";

    /// <inheritdoc/>
    public static int GgufId => 3;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static void Decode(in Q4_1 block, Span<float> x)
    {
        var (d, m) = ((float)block.d, (float)block.m);
        for (var i = 0; i < 32; i++) x[i] = d * block.q.At(i) + m;
    }

    /// <summary>Tries ranges that reach a little beyond, or fall short of, minimum and maximum; fits scale and minimum to each rounding by least squares, twice; keeps the least squared error.</summary>
    public static void Encode(ReadOnlySpan<float> x, out Q4_1 block)
    {
        float low = x[0], high = x[0];
        foreach (var v in x) (low, high) = (MathF.Min(low, v), MathF.Max(high, v));
        block = default;
        block.d = Half.NaN;                                         // stays where no scale fits (a NaN, an infinity, beyond what a half can scale): read back, it shows
        var best = float.PositiveInfinity;
        for (var cut = 0; cut < 36; cut++)
        {
            var step = (high - low) / 15;
            var (from, to) = (low + step * (cut / 6 - 1) / 3, high - step * (cut % 6 - 1) / 3);
            var (d, m) = Fitted(x, (to - from) / 15, from);
            (d, m) = Fitted(x, d, m);
            var error = Error(x, (float)(Half)d, (float)(Half)m);
            if (error < best) (best, block.d, block.m) = (error, (Half)d, (Half)m);
        }
        for (var i = 0; i < 32; i++) block.q.Set(i, Round(x[i], (float)block.d, (float)block.m));
    }

    static int Round(float x, float d, float m) => d == 0 ? 0 : (int)Math.Clamp(MathF.Round((x - m) / d), 0, 15);

    /// <summary>argmin over (d, m) of Σ(x − d·q − m)², with q as the given pair rounds them.</summary>
    static (float D, float M) Fitted(ReadOnlySpan<float> x, float d, float m)
    {
        float sx = 0, sq = 0, sqq = 0, sxq = 0;
        foreach (var v in x)
        {
            var q = Round(v, d, m);
            sx += v;
            sq += q;
            sqq += q * q;
            sxq += v * q;
        }
        var spread = x.Length * sqq - sq * sq;
        if (spread <= 0) return (d, m);
        var slope = (x.Length * sxq - sx * sq) / spread;
        return (slope, (sx - slope * sq) / x.Length);
    }

    static float Error(ReadOnlySpan<float> x, float d, float m)
    {
        var sum = 0f;
        foreach (var v in x)
        {
            var e = v - d * Round(v, d, m) - m;
            sum += e * e;
        }
        return sum;
    }
}
