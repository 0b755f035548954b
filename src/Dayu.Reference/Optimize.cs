using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void AdamW(Tensor x, Tensor m, Tensor v, Tensor dx, AdamWStep step)
    {
        for (var r = 0; r < x.Rows; r++)
        {
            Span<float> values = Row(x, r), first = Row(m, r), second = Row(v, r);
            var gradients = Read(dx, r);
            for (var i = 0; i < values.Length; i++)
            {
                var g = (double)step.Scale * gradients[i];
                first[i] = (float)(step.Beta1 * (double)first[i] + (1.0 - step.Beta1) * g);
                second[i] = (float)(step.Beta2 * (double)second[i] + (1.0 - step.Beta2) * g * g);
                var change = step.StepSize * first[i] / (Math.Sqrt(second[i]) / step.RootOfBias2 + step.Epsilon);
                values[i] = (float)(values[i] * (1 - (double)step.Rate * step.Decay) - change);
            }
        }
    }

    /// <inheritdoc/>
    public override void AccumulateScaled(Tensor y, Tensor x, float factor)
    {
        for (var r = 0; r < y.Rows; r++)
        {
            var to = Row(y, r);
            var from = Read(x, r);
            for (var i = 0; i < to.Length; i++) to[i] += factor * from[i];
        }
    }

    /// <inheritdoc/>
    public override void Lerp(Tensor y, Tensor x, float share)
    {
        for (var r = 0; r < y.Rows; r++)
        {
            var to = Row(y, r);
            var from = Read(x, r);
            for (var i = 0; i < to.Length; i++) to[i] = (float)(to[i] + share * ((double)from[i] - to[i]));
        }
    }

    /// <inheritdoc/>
    public override void Exchange(Tensor x, Tensor y)
    {
        for (var r = 0; r < x.Rows; r++)
        {
            Span<float> one = Row(x, r), other = Row(y, r);
            for (var i = 0; i < one.Length; i++) (one[i], other[i]) = (other[i], one[i]);
        }
    }

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x)
    {
        var sum = 0.0;
        for (var r = 0; r < x.Rows; r++)
            foreach (var v in Read(x, r)) sum += (double)v * v;
        return sum;
    }
}
