using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(Tensor loss, Tensor lse, Tensor logits, Tensor targets, int ignore)
    {
        var target = Ints(targets);
        var (sum, count) = (0.0, 0);
        for (var t = 0; t < logits.Rows; t++)
        {
            var row = Read(logits, t);
            var logSumExp = LogSumExp(row);
            Row(lse, 0)[t] = (float)logSumExp;
            if (target[t] == ignore) continue;
            InRange("cross-entropy", "target", target[t], t, logits.Width);
            sum += logSumExp - row[target[t]];
            count++;
        }
        Row(loss, 0)[0] = count == 0 ? 0 : (float)(sum / count);
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor logits, Tensor lse, Tensor targets, int ignore)
    {
        var target = Ints(targets);
        var count = 0;
        foreach (var v in target) if (v != ignore) count++;
        for (var t = 0; t < logits.Rows; t++)
        {
            if (target[t] == ignore) continue;
            for (var v = 0; v < logits.Width; v++)
            {
                var p = Math.Exp((double)Read(logits, t)[v] - Read(lse, 0)[t]);
                Row(dlogits, t)[v] += (float)(Read(dloss, 0)[0] / count * (p - (v == target[t] ? 1 : 0)));
            }
        }
    }

    /// <summary>log Σ eˣ, with the largest x subtracted first so that nothing overflows.</summary>
    static double LogSumExp(ReadOnlySpan<float> x)
    {
        double max = Max(x), sum = 0;
        foreach (var v in x) sum += Math.Exp(v - max);
        return max + Math.Log(sum);
    }
}
