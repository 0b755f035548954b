using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Where x is rounded to bytes, what is lost is rounded to bytes and multiplied too: 15 bits of x for one reading of the weights.</summary>
    public override void Logits(Tensor y, Tensor x, Weight w)
    {
        var kernel = machine[Packed(w).Format];
        if (exact || !kernel.Quantizes)
        {
            MatMul(y, x, w);
            return;
        }
        var parts = x.Arena.New(2 * x.Rows, x.Width);
        var products = x.Arena.New(2 * y.Rows, y.Width);
        Rows(new PartRow(Floats(parts), Floats(x), x.Width, kernel.ScaleValues), x.Rows, x.Width);
        MatMul(products, parts, w);
        Rows(new SumOfPartsRow(Floats(y), Floats(products), y.Width), y.Rows, y.Width);
    }

    /// <summary>x → what bytes say of it, and in the next row the rest.</summary>
    readonly struct PartRow(float* parts, float* x, int width, int scaleValues) : IRow
    {
        public void At(int r)
        {
            float* from = x + (long)r * width, rounded = parts + 2L * r * width;
            for (var i = 0; i < width; i += scaleValues)
            {
                var n = Math.Min(scaleValues, width - i);
                var largest = 0f;
                for (var j = i; j < i + n; j += 16) largest = MathF.Max(largest, Max(Vector512.Abs(Load(from + j, i + n - j))));
                var scale = largest / 127;
                var inverse = scale < 1e-37f ? 0 : 1 / scale;
                for (var j = i; j < i + n; j += 16)
                {
                    var (value, left) = (Load(from + j, i + n - j), i + n - j);
                    var near = Vector512.Round(value * inverse) * scale;
                    Store(near, rounded + j, left);
                    Store(value - near, rounded + width + j, left);
                }
            }
        }
    }

    readonly struct SumOfPartsRow(float* y, float* products, int width) : IRow
    {
        public void At(int r)
        {
            float* to = y + (long)r * width, a = products + 2L * r * width;
            for (var i = 0; i < width; i += 16) Store(Load(a + i, width - i) + Load(a + width + i, width - i), to + i, width - i);
        }
    }
}
