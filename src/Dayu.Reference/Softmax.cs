using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Softmax(Tensor y, Tensor x)
    {
        for (var t = 0; t < x.Rows; t++)
        {
            ReadOnlySpan<float> xt = Read(x, t);
            Span<float> yt = Row(y, t);
            double max = Max(xt), sum = 0;
            if (double.IsNegativeInfinity(max)) { yt.Clear(); continue; }
            foreach (var v in xt) sum += Math.Exp(v - max);
            for (var c = 0; c < xt.Length; c++) yt[c] = (float)(Math.Exp(xt[c] - max) / sum);
        }
    }

    /// <inheritdoc/>
    public override void SoftmaxBackward(Tensor dx, Tensor dy, Tensor y)
    {
        for (var t = 0; t < y.Rows; t++)
        {
            ReadOnlySpan<float> d = Read(dy, t), yt = Read(y, t);
            var mean = Dot(d, yt);                                  // of dy under the distribution y
            for (var c = 0; c < yt.Length; c++) Row(dx, t)[c] += (float)(yt[c] * (d[c] - mean));
        }
    }

    /// <summary>The largest; a NaN counts as that.</summary>
    static float Max(ReadOnlySpan<float> x)
    {
        var max = float.NegativeInfinity;
        foreach (var v in x) max = MathF.Max(max, v);
        return max;
    }
}
