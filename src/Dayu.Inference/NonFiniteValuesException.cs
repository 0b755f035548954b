namespace Dayu.Inference;

/// <summary>Vectors or weights of attention that are no numbers.</summary>
/// <param name="what">What they are.</param>
/// <param name="index">The first that is none.</param>
/// <param name="value">What it is instead.</param>
public sealed class NonFiniteValuesException(string what, int index, float value)
    : NonFiniteException($"{what} are no numbers (value {index}: {value})", value)
{
    /// <summary>Checks values.</summary>
    /// <param name="what">What they are, for people.</param>
    /// <param name="values">All must be finite.</param>
    public static void ThrowIf(string what, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new NonFiniteValuesException(what, i, values[i]);
    }
}
