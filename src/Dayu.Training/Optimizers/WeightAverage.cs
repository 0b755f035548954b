using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// The exponential moving average of the weights while they are trained: it lies nearer to what steps of a high rate circle around
/// than any of them. Averaging: Polyak &amp; Juditsky 1992, Acceleration of stochastic approximation by averaging. It begins as the
/// weights are, and its decay rises with the steps, as TensorFlow's ExponentialMovingAverage has it: weights drawn at random are
/// soon forgotten. The training itself is the same with it and without.
/// </summary>
/// <param name="parameters">What is averaged, as it is now; a loaded checkpoint's weights are the averaged ones.</param>
/// <param name="decay">Share of the average that stays in a late step, 0 … below 1.</param>
public sealed class WeightAverage(Parameters parameters, float decay)
{
    /// <summary>[N]: the averages, in the order of the parameters.</summary>
    public Tensor Values { get; } = Copy(parameters);

    /// <summary>Takes the weights of a step in.</summary>
    /// <param name="step">Its number, from 1.</param>
    public void Add(long step) => Values.On.Lerp(Values, parameters.Values, 1 - DecayAt(step));

    /// <summary>min(decay, (1 + t) / (10 + t)).</summary>
    internal float DecayAt(long step) => Math.Min(decay, (1f + step) / (10f + step));

    /// <summary>Gives the model the averages, to be measured, sampled or saved, until the result is disposed.</summary>
    public IDisposable Applied() => new Application(parameters.Values, Values);

    static Tensor Copy(Parameters parameters)
    {
        var copy = parameters.Like();
        copy.On.Scale(copy, parameters.Values, 1);
        return copy;
    }

    sealed class Application : IDisposable
    {
        readonly Tensor weights, averages;

        public Application(Tensor weights, Tensor averages)
        {
            (this.weights, this.averages) = (weights, averages);
            Dispose();
        }

        /// <summary>Twice the same is as before.</summary>
        public void Dispose() => weights.On.Exchange(weights, averages);
    }
}
