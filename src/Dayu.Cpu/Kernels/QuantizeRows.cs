using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>
/// Quantises x for the integer kernels: per 32 values (16 for fine panels) a scale max|x| / 127, and bytes rounded to nearest,
/// ties to even, as in ggml's Q8_0 (but the scale stays float32). Written in the order a tile reads. A chunk is a tile.
/// If split, each row of x becomes two: its bytes, and the bytes of the rounding error they leave.
/// </summary>
internal readonly unsafe struct QuantizeRows(
    Strided x, int rows, int depth, byte* to, int tileRows, bool fine, bool split = false) : IJob
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        int first = chunk * tileRows, count = Math.Min(tileRows, rows - first);
        int blocks = (depth + QuantPanel.Step - 1) / QuantPanel.Step * 2, whole = depth / QuantPanel.Block;
        var blockBytes = QuantPanel.RowBlockBytes(fine);
        var tile = to + (nint)first * blocks * blockBytes;
        var copy = stackalloc float[QuantPanel.Block];
        for (var row = 0; row < count; row++)
        {
            var (half, at) = split ? ((first + row) & 1, (first + row) >> 1) : (0, first + row);
            var values = x.Data + at * x.RowStride;
            for (var block = 0; block < blocks; block++, values += QuantPanel.Block)
            {
                var from = values;
                if (block >= whole)                                           // x ends in this block: pad it with zeros
                {
                    for (var i = 0; i < QuantPanel.Block; i++) copy[i] = block * QuantPanel.Block + i < depth ? values[i] : 0;
                    from = copy;
                }
                if (half == 1)
                {
                    Error(from, copy, fine);
                    from = copy;
                }
                Block(from, tile + (nint)block * count * blockBytes, row, count, fine);
            }
        }
    }

    /// <summary>What quantising a block loses: the values minus what their bytes stand for.</summary>
    static void Error(float* x, float* error, bool fine)
    {
        Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16), d = Vector256.Load(x + 24);
        var (scale, other) = Scales(a, b, c, d, fine);
        (a - Quantised(a, scale)).Store(error);
        (b - Quantised(b, scale)).Store(error + 8);
        (c - Quantised(c, other)).Store(error + 16);
        (d - Quantised(d, other)).Store(error + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Quantised(Vector256<float> v, float scale) =>
        Vector256.ConvertToSingle(Round(v * Inverse(scale))) * scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Block(float* x, byte* tile, int row, int rows, bool fine)
    {
        Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16), d = Vector256.Load(x + 24);
        var (scale, other) = Scales(a, b, c, d, fine);
        Vector256<float> inverse = Inverse(scale), otherInverse = Inverse(other);
        Vector256<int> i = Round(a * inverse), j = Round(b * inverse), k = Round(c * otherInverse), l = Round(d * otherInverse);
        var bytes = Bytes(i, j, k, l);
        Vector128<int> low = bytes.GetLower(), high = bytes.GetUpper();
        nint two = 2 * (nint)rows, three = two + rows;
        int* to = (int*)tile + row, next = to + 2 * two;
        (to[0], to[rows], to[two], to[three]) = (low[0], low[1], low[2], low[3]);
        (next[0], next[rows], next[two], next[three]) = (high[0], high[1], high[2], high[3]);
        next += 2 * two;
        var factors = (float*)next;
        if (fine)
            (factors[0], factors[rows], factors[two], factors[three]) =
                (scale, other, scale * Vector256.Sum(i + j), other * Vector256.Sum(k + l));
        else
        {
            var sum = Vector256.Sum(i + j + k + l);
            (factors[0], next[rows], factors[two]) = (scale, -8 * sum, scale * sum);
        }
    }

    /// <summary>Packs 32 integers, each within a signed byte, into bytes: four to a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Bytes(Vector256<int> i, Vector256<int> j, Vector256<int> k, Vector256<int> l)
    {
        if (!Avx2.IsSupported) return Vector256.Narrow(Vector256.Narrow(i, j), Vector256.Narrow(k, l)).AsInt32();
        // Each pack works within the two 128-bit halves, so the permutation puts the groups back in order.
        var halves = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(i, j), Avx2.PackSignedSaturate(k, l)).AsInt32();
        return Avx2.PermuteVar8x32(halves, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7));
    }

    /// <summary>The scales of the first and the last 16 values, which are the same unless fine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (float First, float Second) Scales(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, bool fine)
    {
        Vector256<int> upper = Vector256.Max(Magnitude(a), Magnitude(b)), lower = Vector256.Max(Magnitude(c), Magnitude(d));
        if (fine) return (Scale(upper), Scale(lower));
        var scale = Scale(Vector256.Max(upper, lower));
        return (scale, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Inverse(float scale) => Vector256.Create(scale == 0 ? 0 : 1 / scale);

    /// <summary>Largest magnitude / 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Scale(Vector256<int> magnitudes)
    {
        var half = Vector128.Max(magnitudes.GetLower(), magnitudes.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2)));       // not MathF.Max: it branches
        var scale = half.AsSingle()[0] / 127;
        if (scale < 1e-37f) return 0;                                         // 1 / scale would overflow
        return float.IsFinite(scale) ? scale : float.NaN;                     // x has an infinity: no result is right
    }

    /// <summary>To the nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Round(Vector256<float> v) =>
        Avx.IsSupported ? Avx.ConvertToVector256Int32(v) : Vector256.ConvertToInt32Native(Vector256.Round(v));

    /// <summary>The bits of |v|. As integers they order like the floats, with NaN greatest, so that the maximum keeps it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Magnitude(Vector256<float> v) => Vector256.Abs(v).AsInt32();
}
