using System.Runtime.Intrinsics;

namespace Dayu.Cpu;

/// <summary>Quantises x for the integer kernels: per 32 values a scale max|x| / 127 and bytes rounded to nearest, ties to even, as ggml's Q8_0 does
/// (but the scale stays float32). Written in the order a tile reads. A chunk is a tile.</summary>
internal readonly unsafe struct QuantizeRows(Strided x, int rows, int depth, byte* to, int tileRows) : IJob
{
    public void Run(int chunk)
    {
        int first = chunk * tileRows, count = Math.Min(tileRows, rows - first);
        nint blocks = (depth + QuantPanel.Step - 1) / QuantPanel.Step * 2;
        var tile = to + first * blocks * QuantPanel.RowBlockBytes;
        for (var row = 0; row < count; row++)
            for (nint block = 0; block < blocks; block++)
                Block(x.Data + (first + row) * x.RowStride + block * QuantPanel.Block, depth - (int)block * QuantPanel.Block, tile + block * count * QuantPanel.RowBlockBytes, row, count);
    }

    static void Block(float* x, int left, byte* tile, int row, int rows)
    {
        if (left < QuantPanel.Block)
        {
            var padded = stackalloc float[QuantPanel.Block];
            new Span<float>(padded, QuantPanel.Block).Clear();
            if (left > 0) new Span<float>(x, left).CopyTo(new(padded, left));
            x = padded;
        }
        Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16), d = Vector256.Load(x + 24);
        var most = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        var half = Vector128.Max(most.GetLower(), most.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        var max = MathF.Max(half[0], half[1]);
        var scale = max / 127;
        if (scale < 1e-37f) scale = 0;                                        // its inverse would overflow
        var inverse = Vector256.Create(scale == 0 ? 0 : 1 / scale);
        Vector256<int> i = Round(a * inverse), j = Round(b * inverse), k = Round(c * inverse), l = Round(d * inverse);
        var sum = Vector256.Sum(i + j + k + l);
        var bytes = Vector256.Narrow(Vector256.Narrow(i, j), Vector256.Narrow(k, l)).AsInt32();
        var to = (int*)tile + row;
        for (var group = 0; group < 8; group++) to[group * rows] = bytes[group];
        ((float*)to)[8 * rows] = scale;
        to[9 * rows] = -8 * sum;
        ((float*)to)[10 * rows] = scale * sum;
    }

    static Vector256<int> Round(Vector256<float> v) => Vector256.ConvertToInt32(Vector256.Round(v));
}
