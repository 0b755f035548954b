using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
/// <param name="Beta1">Share of the first moment that stays.</param>
/// <param name="Beta2">Share of the second moment that stays.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Decay">Weight decay of matrices.</param>
public sealed record AdamWSettings(float Beta1 = 0.9f, float Beta2 = 0.95f, float Epsilon = 1e-8f, float Decay = 0.1f);

/// <summary>
/// Adam with decoupled weight decay. Kingma &amp; Ba 2014, arXiv:1412.6980; Loshchilov &amp; Hutter 2017, arXiv:1711.05101.
/// </summary>
/// <param name="parameters">What is changed.</param>
/// <param name="settings">How.</param>
public sealed class AdamW(Parameters parameters, AdamWSettings settings) : Optimizer(parameters)
{
    readonly Tensor m = parameters.Like(), v = parameters.Like();
    (Tensor Values, Tensor First, Tensor Second, Tensor Gradients)? matrices, vectors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Moments => new Dictionary<string, Tensor> { ["m"] = m, ["v"] = v };

    /// <inheritdoc/>
    protected override void Update(float rate, float scale)
    {
        var step = new AdamWStep(rate, settings.Beta1, settings.Beta2, settings.Epsilon, settings.Decay, scale, Steps);
        Change(matrices ??= Of(t => Parameters.Parts(t).Matrices), step);
        Change(vectors ??= Of(t => Parameters.Parts(t).Vectors), step with { Decay = 0 });
    }

    (Tensor, Tensor, Tensor, Tensor) Of(Func<Tensor, Tensor> part) =>
        (part(Parameters.Values), part(m), part(v), part(Parameters.Gradients));

    static void Change((Tensor Values, Tensor First, Tensor Second, Tensor Gradients) part, AdamWStep step) =>
        part.Values.On.AdamW(part.Values, part.First, part.Second, part.Gradients, step);
}
