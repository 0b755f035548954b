using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(Tensor loss, Tensor lse, Tensor logits, Tensor targets, int ignore)
    {
        var target = Ints(targets);
        var width = logits.Width;
        InRange("cross-entropy", "target", target, targets.Shape.Count, width, except: ignore);
        Rows(new LogSumExpRow(Out(lse), Floats(logits), width), logits.Rows, 3L * width);
        var (sum, count) = (0.0, 0);
        for (var t = 0; t < logits.Rows; t++)
        {
            if (target[t] == ignore) continue;
            sum += (double)Floats(lse)[t] - Floats(logits)[(long)t * width + target[t]];
            count++;
        }
        Out(loss)[0] = count == 0 ? 0 : (float)(sum / count);
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor logits, Tensor lse, Tensor targets, int ignore)
    {
        var target = Ints(targets);
        var count = 0;
        for (var t = 0; t < logits.Rows; t++)
            if (target[t] != ignore) count++;
        var factor = Floats(dloss)[0] / Math.Max(count, 1);
        var row = new CrossEntropyBackwardRow(Out(dlogits), Floats(logits), Floats(lse), target, logits.Width, ignore, factor);
        Rows(row, logits.Rows, 3L * logits.Width);
    }

    readonly struct LogSumExpRow(float* lse, float* x, int width) : IRow
    {
        public void At(int r)
        {
            var own = x + (long)r * width;
            var max = MaxOf(own, width);
            var sum = V.Zero;
            for (var i = 0; i < width; i += 16) sum += Exp(Load(own + i, width - i, float.NegativeInfinity) - Vector512.Create(max));
            lse[r] = (float)(max + Math.Log(Sum(sum)));
        }
    }

    readonly struct CrossEntropyBackwardRow(float* dx, float* x, float* lse, int* target, int width, int ignore, float factor) : IRow
    {
        public void At(int r)
        {
            if (target[r] == ignore) return;
            float* own = x + (long)r * width, to = dx + (long)r * width;
            for (var i = 0; i < width; i += 16)
            {
                var probability = Exp(Load(own + i, width - i) - Vector512.Create(lse[r]));
                Store(Fma(probability, Vector512.Create(factor), Load(to + i, width - i)), to + i, width - i);
            }
            to[target[r]] -= factor;
        }
    }
}
