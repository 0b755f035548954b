namespace Dayu.Tensors;

/// <summary>
/// One step of AdamW. Kingma &amp; Ba 2014, arXiv:1412.6980; weight decay apart from the gradient: Loshchilov &amp; Hutter
/// 2017, arXiv:1711.05101.
/// </summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Beta1">Share of the first moment that stays, 0 … below 1.</param>
/// <param name="Beta2">Share of the second moment that stays, 0 … below 1.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Decay">Weight decay: a parameter loses Rate · Decay of itself.</param>
/// <param name="Scale">Factor on the gradient: clipping.</param>
/// <param name="Number">Steps done with this one, from 1: corrects the moments, which began at 0.</param>
public readonly record struct AdamWStep(
    float Rate, float Beta1, float Beta2, float Epsilon, float Decay, float Scale, long Number)
{
    /// <summary>Rate / (1 − β₁ᵗ).</summary>
    public float StepSize => (float)(Rate / (1 - Math.Pow(Beta1, Number)));

    /// <summary>√(1 − β₂ᵗ).</summary>
    public float RootOfBias2 => (float)Math.Sqrt(1 - Math.Pow(Beta2, Number));
}

public abstract partial class Backend
{
    /// <summary>
    /// m = β₁·m + (1 − β₁)·g, v = β₂·v + (1 − β₂)·g² with g = Scale·dx; x = x·(1 − Rate·Decay) − StepSize · m / (√v / RootOfBias2 +
    /// ε).
    /// </summary>
    /// <param name="x">Parameters.</param>
    /// <param name="m">First moment, of as many values.</param>
    /// <param name="v">Second moment, of as many values.</param>
    /// <param name="dx">Gradient, of as many values; left as it is.</param>
    /// <param name="step">The rest.</param>
    public abstract void AdamW(Tensor x, Tensor m, Tensor v, Tensor dx, AdamWStep step);

    /// <summary>y += factor · x, of as many values.</summary>
    public abstract void AccumulateScaled(Tensor y, Tensor x, float factor);

    /// <summary>y += share · (x − y), of as many values: linear interpolation towards x.</summary>
    /// <param name="y">Where share is 0; receives the result.</param>
    /// <param name="x">Where share is 1.</param>
    /// <param name="share">0 … 1.</param>
    public abstract void Lerp(Tensor y, Tensor x, float share);

    /// <summary>Each has the other's values, of as many.</summary>
    public abstract void Exchange(Tensor x, Tensor y);

    /// <summary>Σ x², in float64 and in one order, whatever the number of threads.</summary>
    public abstract double SumOfSquares(Tensor x);
}
