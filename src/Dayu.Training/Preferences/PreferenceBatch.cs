using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Pairs of answers, the preferred one first, as sequences of a batch. How a preference changes the model follows from what it makes of
/// both answers now: that gives each answer's tokens their weight, and the rest is cross-entropy as ever.
/// </summary>
/// <param name="Batch">Sequences 2 i and 2 i + 1 are pair i; the targets are the answers' tokens alone.</param>
/// <param name="Reference">[S]: log p of each by the model that the training started as.</param>
public sealed record PreferenceBatch(Batch Batch, double[] Reference)
{
    /// <summary>Pairs.</summary>
    public int Pairs => Reference.Length / 2;

    /// <summary>The loss of each pair.</summary>
    /// <param name="loss">What it is measured by.</param>
    /// <param name="policy">[S]: log p of each sequence by the model as it is.</param>
    public PairLoss[] Losses(PreferenceLoss loss, double[] policy) => [.. Scores(policy).Select(loss.Of)];

    /// <summary>What both models make of each pair.</summary>
    /// <param name="policy">[S]: log p of each sequence by the model as it is.</param>
    public PairScores[] Scores(double[] policy) => [.. Enumerable.Range(0, Pairs).Select(i => new PairScores(
        policy[2 * i], policy[2 * i + 1], Reference[2 * i], Reference[2 * i + 1], CountedOf(2 * i), CountedOf(2 * i + 1)))];

    /// <summary>Targets whose cross-entropy has the gradient of these losses' mean.</summary>
    /// <param name="losses">Of each pair.</param>
    /// <param name="all">Pairs of the whole step.</param>
    public Targets Weighed(PairLoss[] losses, long all)
    {
        var weights = new float[Batch.Targets.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            Rows(2 * i, weights).Fill((float)(-losses[i].ByChosen / all));               // cross-entropy is −log p
            Rows(2 * i + 1, weights).Fill((float)(-losses[i].ByRejected / all));
        }
        return new(Batch.Targets, Weights: weights);
    }

    int CountedOf(int sequence) => Rows(sequence, Batch.Targets).Length - Rows(sequence, Batch.Targets).Count(Op.Ignored);

    Span<T> Rows<T>(int sequence, T[] of) => of.AsSpan(Batch.Starts[sequence]..Batch.Starts[sequence + 1]);
}
