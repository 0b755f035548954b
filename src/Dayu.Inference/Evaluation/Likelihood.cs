namespace Dayu.Inference;

/// <summary>What a row of logits says of a token.</summary>
static class Likelihood
{
    /// <summary>
    /// Natural logarithm of the token's probability, and whether it is the most likely one (of equal ones the lowest id
    /// is).
    /// </summary>
    /// <param name="logits">[V]</param>
    /// <param name="id">The token that came.</param>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public static (double LogProb, bool IsBest) Of(ReadOnlySpan<float> logits, int id)
    {
        NonFiniteLogitsException.ThrowIf(logits);
        var best = 0;
        for (var i = 1; i < logits.Length; i++) if (logits[i] > logits[best]) best = i;
        var (max, sum) = (logits[best], 0.0);
        foreach (var v in logits) sum += MathF.Exp(v - max);
        return (logits[id] - max - Math.Log(sum), best == id);
    }
}
