namespace Dayu.Inference;

/// <summary>
/// A model computed no numbers: nothing can be chosen among them. Its weights are damaged, or their format holds too
/// little.
/// </summary>
/// <param name="token">The first token without a number.</param>
/// <param name="value">What it has instead.</param>
public sealed class NonFiniteLogitsException(int token, float value)
    : Exception($"the model's logits are no numbers (token {token}: {value}): its weights are damaged, "
        + "or a value was too large for its number format")
{
    /// <summary>The first token without a number.</summary>
    public int Token => token;

    /// <summary>What it has instead of a number.</summary>
    public float Value => value;

    /// <summary>Checks a row of logits. Minus infinity is one: a token that never comes; but not all of them.</summary>
    /// <param name="logits">[V]</param>
    public static void ThrowIf(ReadOnlySpan<float> logits)
    {
        if (float.IsFinite(Candidates.Largest(logits))) return;
        var first = 0;
        while (first < logits.Length - 1 && !float.IsNaN(logits[first]) && logits[first] != float.PositiveInfinity) first++;
        throw new NonFiniteLogitsException(first, logits[first]);
    }
}
