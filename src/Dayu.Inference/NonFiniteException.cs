namespace Dayu.Inference;

/// <summary>
/// A model computed no numbers: its weights are damaged, or a value was too large for its number format. Nothing that
/// is made of them would mean anything.
/// </summary>
public abstract class NonFiniteException : Exception
{
    private protected NonFiniteException(string what, float value)
        : base($"{what}: the weights are damaged, or a value was too large for its number format") => Value = value;

    /// <summary>What was computed instead of a number.</summary>
    public float Value { get; }
}
