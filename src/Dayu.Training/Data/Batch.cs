using Dayu.Models;

namespace Dayu.Training;

/// <summary>What is read at once: sequences, packed, and what each token should be followed by.</summary>
/// <param name="Ids">[T], token ids of all sequences, one after another.</param>
/// <param name="Starts">[S + 1]: where each sequence begins, and the end.</param>
/// <param name="Targets">[T]; −100 where none counts.</param>
public sealed record Batch(int[] Ids, int[] Starts, int[] Targets)
{
    /// <summary>Targets that count.</summary>
    public int Counted => Targets.Count(t => t != Tensors.Op.Ignored);

    /// <summary>The targets, each weighing its part of a step's mean.</summary>
    /// <param name="all">Targets that count in the whole step.</param>
    /// <param name="smoothing">Label smoothing.</param>
    public Targets Weighed(long all, float smoothing = 0)
    {
        var weights = new float[Targets.Length];
        Array.Fill(weights, 1f / Math.Max(1, all));
        return new(Targets, Weights: weights, Smoothing: smoothing);
    }
}

/// <summary>
/// Where batches come from. A batch is a function of its number alone: whoever goes on from a checkpoint only needs to know how
/// many were read.
/// </summary>
public interface IBatchSource
{
    /// <summary>The batch of that number, from 0.</summary>
    Batch At(long number);
}
