namespace Dayu.Training;

/// <summary>What policy and reference make of an answer that was preferred and of one that was not.</summary>
/// <param name="Chosen">log p of the preferred answer's tokens, summed, by the model that is trained.</param>
/// <param name="Rejected">The same of the other answer.</param>
/// <param name="ReferenceChosen">By the model that it started as.</param>
/// <param name="ReferenceRejected">The same of the other answer.</param>
/// <param name="ChosenTokens">Tokens of the preferred answer.</param>
/// <param name="RejectedTokens">Of the other.</param>
public readonly record struct PairScores(
    double Chosen, double Rejected, double ReferenceChosen, double ReferenceRejected, int ChosenTokens, int RejectedTokens)
{
    /// <summary>By how much more than the reference the policy prefers what was preferred, in nats.</summary>
    public double Margin => Chosen - ReferenceChosen - (Rejected - ReferenceRejected);
}

/// <summary>The loss of a pair of answers, and how it changes with the log-probability of each.</summary>
/// <param name="Loss">Of the pair.</param>
/// <param name="ByChosen">∂loss / ∂log p of the preferred answer.</param>
/// <param name="ByRejected">∂loss / ∂log p of the other.</param>
public readonly record struct PairLoss(double Loss, double ByChosen, double ByRejected);

/// <summary>How a model is taught which of two answers is preferred.</summary>
/// <param name="Beta">How dear it is to leave the reference: above 0; 0.1 is usual.</param>
public abstract record PreferenceLoss(double Beta)
{
    /// <summary>The loss of a pair.</summary>
    public abstract PairLoss Of(PairScores pair);
}

/// <summary>Direct preference optimisation: −log σ(β · margin). Rafailov et al. 2023, arXiv:2305.18290, equation 7.</summary>
/// <inheritdoc/>
public sealed record Dpo(double Beta = 0.1) : PreferenceLoss(Beta)
{
    /// <inheritdoc/>
    public override PairLoss Of(PairScores pair)
    {
        var x = Beta * pair.Margin;
        var loss = Math.Max(0, -x) + Math.Log(1 + Math.Exp(-Math.Abs(x)));               // −log σ(x), whatever its size
        var slope = -Beta / (1 + Math.Exp(x));
        return new(loss, slope, -slope);
    }
}

/// <summary>
/// Identity preference optimisation: (margin − 1 / 2β)², of means over each answer's tokens, which does not grow without bound where a
/// preference is certain. Azar et al. 2023, arXiv:2310.12036, equation 17.
/// </summary>
/// <inheritdoc/>
public sealed record Ipo(double Beta = 0.1) : PreferenceLoss(Beta)
{
    /// <inheritdoc/>
    public override PairLoss Of(PairScores pair)
    {
        var (chosen, rejected) = (Math.Max(1, pair.ChosenTokens), Math.Max(1, pair.RejectedTokens));
        var margin = (pair.Chosen - pair.ReferenceChosen) / chosen - (pair.Rejected - pair.ReferenceRejected) / rejected;
        var off = margin - 1 / (2 * Beta);
        return new(off * off, 2 * off / chosen, -2 * off / rejected);
    }
}
