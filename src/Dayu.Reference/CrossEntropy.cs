using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(Tensor loss, Tensor lse, in CrossEntropyOf of)
    {
        var target = Ints(of.Targets);
        var (width, sum) = (of.Logits.Width, 0.0);
        for (var t = 0; t < of.Logits.Rows; t++)
        {
            var row = Read(of.Logits, t);
            var logSumExp = LogSumExp(row);
            Row(lse, 0)[t] = (float)logSumExp;
            if (target[t] == of.Ignore) continue;
            InRange("cross-entropy", "target", target[t], t, width);
            var mean = 0.0;
            foreach (var v in row[..of.Classes]) mean += v / (double)of.Classes;
            sum += WeightOf(t, of) * (logSumExp - (1 - of.Smoothing) * row[target[t]] - of.Smoothing * mean);
        }
        Row(loss, 0)[0] = (float)sum;
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor lse, in CrossEntropyOf of)
    {
        var target = Ints(of.Targets);
        var width = of.Logits.Width;
        for (var t = 0; t < of.Logits.Rows; t++)
        {
            if (target[t] == of.Ignore) continue;
            var factor = Read(dloss, 0)[0] * WeightOf(t, of);
            for (var v = 0; v < width; v++)
            {
                var p = Math.Exp((double)Read(of.Logits, t)[v] - Read(lse, 0)[t]);
                var expected = (v == target[t] ? 1.0 - of.Smoothing : 0) + (v < of.Classes ? of.Smoothing / (double)of.Classes : 0);
                Row(dlogits, t)[v] += (float)(factor * (p - expected));
            }
        }
    }

    static double WeightOf(int t, in CrossEntropyOf of)
    {
        if (of.Weights is { } weights) return Read(weights, 0)[t];
        var count = 0;
        foreach (var v in Ints(of.Targets)) if (v != of.Ignore) count++;
        return 1.0 / count;
    }

    /// <summary>log Σ eˣ, with the largest x subtracted first so that nothing overflows.</summary>
    static double LogSumExp(ReadOnlySpan<float> x)
    {
        double max = Max(x), sum = 0;
        foreach (var v in x) sum += Math.Exp(v - max);
        return max + Math.Log(sum);
    }
}
