using System.Runtime.Intrinsics;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The state of a row's softmax over some keys: weighted values [width], then the largest score (an exponent of 2, not of e), then the
/// sum of weights relative to it. States of neighbouring keys merge into one (Milakov &amp; Gimelshein 2018, arXiv:1805.02867).
/// </summary>
internal static unsafe class OnlineSoftmax
{
    /// <summary>Floats of a state.</summary>
    public static nint Size(nint width) => width + 16;

    /// <summary>Sets the state of no keys.</summary>
    public static void Clear(float* state, nint width)
    {
        for (nint i = 0; i < width; i += 16) V.Zero.Store(state + i);
        (state[width], state[width + 1]) = (float.NegativeInfinity, 0);
    }

    /// <summary>Merges the state of the next keys.</summary>
    /// <param name="state">The state of the keys so far.</param>
    /// <param name="values">Weighted values of the next keys.</param>
    /// <param name="factor">A power of 2 that these still have to be multiplied by.</param>
    /// <param name="max">Their largest score.</param>
    /// <param name="sum">Their sum of weights.</param>
    /// <param name="width">Number of values, a multiple of 16.</param>
    public static void Merge(float* state, float* values, float factor, float max, float sum, nint width)
    {
        if (float.IsNegativeInfinity(max)) return;
        var before = state[width];
        if (float.IsNegativeInfinity(before))                            // no key yet
        {
            for (nint i = 0; i < width; i += 16) (Vector512.Load(values + i) * factor).Store(state + i);
            (state[width], state[width + 1]) = (max, sum);
            return;
        }
        var now = MathF.Max(before, max);
        V scales = Exp2(Vector512.Create(before, max, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) - Vector512.Create(now));
        V old = Vector512.Create(scales[0]), added = Vector512.Create(scales[1] * factor);
        for (nint i = 0; i < width; i += 16)
            Fma(Vector512.Load(values + i), added, Vector512.Load(state + i) * old).Store(state + i);
        (state[width], state[width + 1]) = (now, MathF.FusedMultiplyAdd(sum, scales[1], state[width + 1] * scales[0]));
    }

    /// <summary>Writes n values divided by the sum of weights; zeros for a row that saw no key.</summary>
    /// <returns>log Σ exp(score).</returns>
    public static float Finish(float* state, float* y, int n, nint width)
    {
        var (max, sum) = (state[width], state[width + 1]);
        var factor = sum == 0 ? 0 : 1 / sum;
        for (nint i = 0; i < n; i += 16) Store(Vector512.Load(state + i) * factor, y + i, n - i);
        return sum == 0 ? float.NegativeInfinity : (max + MathF.Log2(sum)) / MathF.Log2(MathF.E);
    }
}
