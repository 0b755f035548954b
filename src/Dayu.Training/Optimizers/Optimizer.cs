using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Changes parameters by their gradients. A formula a file.</summary>
/// <param name="parameters">What is changed.</param>
public abstract class Optimizer(Parameters parameters) : IDisposable
{
    /// <summary>What is changed.</summary>
    public Parameters Parameters => parameters;

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>What it remembers between steps, by name: what a checkpoint keeps.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> Moments { get; }

    /// <summary>Follows the parameters; null: they are not averaged.</summary>
    public WeightAverage? Average { get; set; }

    /// <summary>Changes the parameters by their gradients.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">Factor on the gradients: clipping.</param>
    public void Step(float rate, float scale = 1)
    {
        Steps++;
        Update(rate, scale);
        Average?.Add(Steps);
    }

    /// <summary>Frees what it works in; its moments belong to the parameters.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The formula; <see cref="Steps"/> counts this step already.</summary>
    protected abstract void Update(float rate, float scale);
}
