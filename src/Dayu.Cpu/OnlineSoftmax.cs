using System.Runtime.Intrinsics;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// What a row has folded of some keys: weighted values [width], behind them the largest score (of 2, not of e), and the sum of weights relative to it; records of neighbouring keys
/// merge to one (Milakov &amp; Gimelshein 2018, arXiv:1805.02867).
/// </summary>
internal static unsafe class OnlineSoftmax
{
    /// <summary>Floats of a record.</summary>
    public static nint Size(nint width) => width + 16;

    /// <summary>No key yet.</summary>
    public static void Clear(float* record, nint width)
    {
        for (nint i = 0; i < width; i += 16) V.Zero.Store(record + i);
        (record[width], record[width + 1]) = (float.NegativeInfinity, 0);
    }

    /// <summary>Adds the keys that come next, given as weighted values (to be multiplied by a power of 2), largest score and sum of weights.</summary>
    public static void Merge(float* record, float* values, float factor, float max, float sum, nint width)
    {
        if (float.IsNegativeInfinity(max)) return;
        var before = record[width];
        if (float.IsNegativeInfinity(before))                            // nothing yet
        {
            for (nint i = 0; i < width; i += 16) (Vector512.Load(values + i) * factor).Store(record + i);
            (record[width], record[width + 1]) = (max, sum);
            return;
        }
        var now = MathF.Max(before, max);
        V scales = Exp2(Vector512.Create(before, max, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) - Vector512.Create(now)), old = Vector512.Create(scales[0]), added = Vector512.Create(scales[1] * factor);
        for (nint i = 0; i < width; i += 16) Fma(Vector512.Load(values + i), added, Vector512.Load(record + i) * old).Store(record + i);
        (record[width], record[width + 1]) = (now, MathF.FusedMultiplyAdd(sum, scales[1], record[width + 1] * scales[0]));
    }

    /// <summary>Writes the n values divided by the sum of weights; a row that saw no key becomes zeros.</summary>
    /// <returns>log Σ eˢᶜᵒʳᵉ</returns>
    public static float Finish(float* record, float* y, int n, nint width)
    {
        var (max, sum) = (record[width], record[width + 1]);
        var factor = sum == 0 ? 0 : 1 / sum;
        for (nint i = 0; i < n; i += 16) Store(Vector512.Load(record + i) * factor, y + i, n - i);
        return sum == 0 ? float.NegativeInfinity : (max + MathF.Log2(sum)) / MathF.Log2(MathF.E);
    }
}
