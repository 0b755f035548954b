namespace Dayu.Inference;

/// <summary>Logits that are no numbers: nothing can be chosen among them, and no probability be told.</summary>
/// <param name="token">The first token without a number.</param>
/// <param name="value">What it has instead.</param>
public sealed class NonFiniteLogitsException(int token, float value)
    : NonFiniteException($"the model's logits are no numbers (token {token}: {value})", value)
{
    /// <summary>The first token without a number.</summary>
    public int Token => token;

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
