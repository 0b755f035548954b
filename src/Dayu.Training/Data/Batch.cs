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

    /// <summary>Which states the sequences go on from, where they are parts of longer texts; null: each begins anew.</summary>
    public StateRows? States { get; init; }

    /// <summary>[S]: of pairs of answers, log p of each by the model that the training started as; none: they are texts.</summary>
    public IReadOnlyList<double> Reference { get; init; } = [];

    /// <summary>[S]: where each sequence was read, for a person; none: that is not known.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>The targets, each weighing its part of a step's mean.</summary>
    /// <param name="all">Targets that count in the whole step.</param>
    /// <param name="smoothing">Label smoothing.</param>
    /// <param name="vocabulary">Tokens that smoothing spreads over; null: all that the model has a row for.</param>
    public Targets Weighed(long all, float smoothing = 0, int? vocabulary = null)
    {
        var weights = new float[Targets.Length];
        Array.Fill(weights, 1f / Math.Max(1, all));
        return new(Targets, Weights: weights, Smoothing: smoothing, Vocabulary: vocabulary);
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
