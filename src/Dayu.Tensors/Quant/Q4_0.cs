using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 four-bit numbers and one half scale: x ≈ d·(q − 8). 18 bytes (ggml's <c>block_q4_0</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q4_0 : INumberFormat<Q4_0>
{
    Half d;
    Nibbles q;

    /// <inheritdoc/>
    public static string Name => "q4_0";

    /// <inheritdoc/>
    public static int GgufId => 2;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static void Decode(in Q4_0 block, Span<float> x)
    {
        var d = (float)block.d;
        for (var i = 0; i < 32; i++) x[i] = d * (block.q.At(i) - 8);
    }

    /// <summary>
    /// Tries scales around largest / −8 (which spends the one extra negative step on the largest value), takes for each the scale
    /// that fits its rounding best in the least-squares sense, and keeps the one with the least squared error.
    /// </summary>
    public static void Encode(ReadOnlySpan<float> x, out Q4_0 block)
    {
        var largest = 0f;
        foreach (var v in x) if (MathF.Abs(v) > MathF.Abs(largest)) largest = v;
        block = default;
        block.d = Half.NaN;                                         // stays where no scale fits (a NaN, an infinity, beyond what a half can scale): read back, it shows
        var best = float.PositiveInfinity;
        for (var step = -12; step <= 12; step++)
        {
            var d = (Half)Fitted(x, largest / (-8 + 0.1f * step));
            var error = Error(x, (float)d);
            if (error < best) (best, block.d) = (error, d);
        }
        for (var i = 0; i < 32; i++) block.q.Set(i, Round(x[i], (float)block.d) + 8);
    }

    static int Round(float x, float d) => d == 0 ? 0 : (int)Math.Clamp(MathF.Round(x / d), -8, 7);

    /// <summary>argmin over d of Σ(x − d·q)², with q as <paramref name="d"/> rounds them.</summary>
    static float Fitted(ReadOnlySpan<float> x, float d)
    {
        float xq = 0, qq = 0;
        foreach (var v in x)
        {
            var q = Round(v, d);
            xq += v * q;
            qq += q * q;
        }
        return qq == 0 ? d : xq / qq;
    }

    static float Error(ReadOnlySpan<float> x, float d)
    {
        var sum = 0f;
        foreach (var v in x)
        {
            var e = v - d * Round(v, d);
            sum += e * e;
        }
        return sum;
    }
}
