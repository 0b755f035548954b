using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(Tensor loss, Tensor lse, in CrossEntropyOf of)
    {
        float* logits = Floats(of.Logits);
        var target = Ints(of.Targets);
        var width = of.Logits.Width;
        InRange("cross-entropy", "target", target, of.Targets.Shape.Count, width, except: of.Ignore);
        Rows(new LogSumExpRow(Out(lse), logits, width), of.Logits.Rows, 3L * width);
        var (sum, mean) = (0.0, MeanWeight(of));
        for (var t = 0; t < of.Logits.Rows; t++)
        {
            if (target[t] == of.Ignore) continue;
            var own = logits + (long)t * width;
            var expected = (1 - (double)of.Smoothing) * own[target[t]];
            if (of.Smoothing > 0) expected += of.Smoothing * (double)SumOf(own, of.Classes) / of.Classes;
            sum += (of.Weights is { } w ? Floats(w)[t] : mean) * (Floats(lse)[t] - expected);
        }
        Out(loss)[0] = (float)sum;
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor lse, in CrossEntropyOf of)
    {
        var gradient = Floats(dloss)[0];
        var weights = of.Weights is { } w ? Floats(w) : null;
        var row = new CrossEntropyBackwardRow(Out(dlogits), Floats(of.Logits), Floats(lse), Ints(of.Targets), weights,
            of.Logits.Width, of.Ignore, (float)(gradient * (weights == null ? MeanWeight(of) : 1)), of.Smoothing, of.Classes);
        Rows(row, of.Logits.Rows, 3L * of.Logits.Width);
    }

    /// <summary>What each target that counts weighs in the mean.</summary>
    static double MeanWeight(in CrossEntropyOf of)
    {
        var target = Ints(of.Targets);
        var count = 0;
        for (var t = 0; t < of.Logits.Rows; t++)
            if (target[t] != of.Ignore) count++;
        return 1.0 / Math.Max(count, 1);
    }

    static float SumOf(float* x, int n)
    {
        var sum = V.Zero;
        for (var i = 0; i < n; i += 16) sum += Load(x + i, n - i);
        return Sum(sum);
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

    readonly struct CrossEntropyBackwardRow(
        float* dx, float* x, float* lse, int* target, float* weights, int width, int ignore, float factor, float smoothing,
        int classes) : IRow
    {
        public void At(int r)
        {
            if (target[r] == ignore) return;
            float* own = x + (long)r * width, to = dx + (long)r * width;
            var scale = weights == null ? factor : factor * weights[r];
            var (f, spread) = (Vector512.Create(scale), Vector512.Create(smoothing / classes));
            for (var i = 0; i < width; i += 16)
            {
                var probability = Exp(Load(own + i, width - i) - Vector512.Create(lse[r]));
                if (i + 16 > classes && classes < width)             // ids that only fill the vocabulary up
                    spread = Vector512.ConditionalSelect(
                        Vector512.LessThan(V.Indices, Vector512.Create((float)(classes - i))), spread, V.Zero);
                Store(Fma(probability - spread, f, Load(to + i, width - i)), to + i, width - i);
            }
            to[target[r]] -= scale * (1 - smoothing);
        }
    }
}
