using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(Tensor y, Tensor x) => Rows(new SoftmaxRow(Out(y), Floats(x), x.Width), x.Rows, 4L * x.Width);

    /// <inheritdoc/>
    public override void SoftmaxBackward(Tensor dx, Tensor dy, Tensor y) =>
        Rows(new SoftmaxBackwardRow(Out(dx), Floats(dy), Floats(y), y.Width), y.Rows, 2L * y.Width);

    /// <summary>The largest value of a row.</summary>
    static float MaxOf(float* x, int n)
    {
        var max = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < n; i += 16) max = Vector512.Max(max, Load(x + i, n - i, float.NegativeInfinity));
        return Max(max);
    }

    readonly struct SoftmaxRow(float* y, float* x, int width) : IRow
    {
        public void At(int r)
        {
            float* own = x + (long)r * width, to = y + (long)r * width;
            var max = MaxOf(own, width);
            var shift = Vector512.Create(float.IsNegativeInfinity(max) ? 0 : max);    // nothing but −∞: zeros, not NaN
            var sum = V.Zero;
            for (var i = 0; i < width; i += 16)
            {
                var e = Exp(Load(own + i, width - i, float.NegativeInfinity) - shift);
                sum += e;
                Store(e, to + i, width - i);
            }
            var total = Sum(sum);
            var factor = Vector512.Create(total == 0 ? 0 : 1 / total);
            for (var i = 0; i < width; i += 16) Store(Load(to + i, width - i) * factor, to + i, width - i);
        }
    }

    readonly struct SoftmaxBackwardRow(float* dx, float* dy, float* y, int width) : IRow
    {
        public void At(int r)
        {
            var at = (long)r * width;
            float* own = y + at, grad = dy + at, to = dx + at;
            var dot = Vector512.Create(Dot(grad, own, width));
            for (var i = 0; i < width; i += 16)
                Store(Fma(Load(own + i, width - i), Load(grad + i, width - i) - dot, Load(to + i, width - i)), to + i, width - i);
        }
    }
}
