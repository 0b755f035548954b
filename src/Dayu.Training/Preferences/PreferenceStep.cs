using Dayu.Models;

namespace Dayu.Training;

/// <summary>What a model makes of pairs of answers, all together.</summary>
/// <param name="Pairs">How many.</param>
/// <param name="Loss">Sum over them.</param>
/// <param name="Won">Those of which the margin is above 0: it prefers what was preferred more than the model that it started as.</param>
public readonly record struct PairSums(long Pairs, double Loss, long Won)
{
    /// <summary>Mean loss; NaN: there is no pair.</summary>
    public double Mean => Pairs == 0 ? double.NaN : Loss / Pairs;

    /// <summary>Share of the pairs that are won.</summary>
    public double Accuracy => Pairs == 0 ? double.NaN : (double)Won / Pairs;

    /// <summary>Of both.</summary>
    public static PairSums operator +(PairSums a, PairSums b) => new(a.Pairs + b.Pairs, a.Loss + b.Loss, a.Won + b.Won);
}

/// <summary>Weighs the tokens of a batch of pairs by what the model makes of them now.</summary>
/// <param name="lm">Who learns.</param>
/// <param name="loss">How a pair is measured.</param>
sealed class PreferenceStep(ICausalLm lm, PreferenceLoss loss)
{
    /// <summary>The losses of a batch, and targets that have their gradients.</summary>
    /// <param name="pass">Reads it; nothing is recorded. Whoever wants gradients reads once more, dropping the same.</param>
    /// <param name="batch">Pairs, with their reference.</param>
    /// <param name="all">Pairs of the whole step.</param>
    public (PairSums Sums, Targets Targets) Of(Pass pass, Batch batch, long all)
    {
        var pairs = new PreferenceBatch(batch, [.. batch.Reference]);
        var scores = pairs.Scores(SequenceScores.Of(lm, pass, batch));
        PairLoss[] losses = [.. scores.Select(loss.Of)];
        return (new(pairs.Pairs, losses.Sum(l => l.Loss), scores.Count(s => s.Margin > 0)), pairs.Weighed(losses, all));
    }
}
