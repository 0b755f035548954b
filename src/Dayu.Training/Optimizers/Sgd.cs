using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Settings of <see cref="Sgd"/>.</summary>
/// <param name="Momentum">Share of the last change that stays, 0 … below 1.</param>
/// <param name="Nesterov">Looks ahead along the momentum.</param>
/// <param name="Decay">Weight decay of matrices, as part of the gradient.</param>
public sealed record SgdSettings(float Momentum = 0.9f, bool Nesterov = false, float Decay = 0);

/// <summary>
/// Stochastic gradient descent with momentum. Robbins &amp; Monro 1951; Polyak 1964; Nesterov 1983 as Sutskever et al. 2013
/// write it.
/// </summary>
/// <param name="parameters">What is changed.</param>
/// <param name="settings">How.</param>
public sealed class Sgd(Parameters parameters, SgdSettings settings) : Optimizer(parameters)
{
    readonly Tensor velocity = parameters.Like(), change = parameters.Like();
    (Tensor Change, Tensor Values)? decayed;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Moments => new Dictionary<string, Tensor> { ["velocity"] = velocity };

    /// <inheritdoc/>
    protected override void Update(float rate, float scale)
    {
        var on = velocity.On;
        on.Scale(change, Parameters.Gradients, scale);
        if (settings.Decay != 0)
        {
            decayed ??= (Parameters.Parts(change).Matrices, Parameters.Parts(Parameters.Values).Matrices);
            on.AccumulateScaled(decayed.Value.Change, decayed.Value.Values, settings.Decay);
        }
        on.Scale(velocity, velocity, settings.Momentum);
        on.Accumulate(velocity, change);
        if (settings.Nesterov) on.AccumulateScaled(change, velocity, settings.Momentum);
        on.AccumulateScaled(Parameters.Values, settings.Nesterov ? change : velocity, -rate);
    }
}
