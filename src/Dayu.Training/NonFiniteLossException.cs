namespace Dayu.Training;

/// <summary>A step's loss or gradient is not a number: its parameters were left as they were.</summary>
/// <param name="step">Which, from 1.</param>
/// <param name="loss">Of the step.</param>
/// <param name="norm">Of its gradient.</param>
/// <param name="places">Where what it read was found.</param>
public sealed class NonFiniteLossException(long step, double loss, double norm, IReadOnlyList<string> places) : ArithmeticException(
    $"step {step}: the loss is {loss}, the norm of the gradient {norm}; nothing was changed. "
    + $"A lower learning rate or a longer warm-up usually helps{Read(places)}")
{
    const int Named = 8;

    /// <summary>Which step, from 1.</summary>
    public long Step => step;

    /// <summary>Where what the step read was found.</summary>
    public IReadOnlyList<string> Places => places;

    internal static void ThrowIf(long step, double loss, double norm, Batch[] batches)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new NonFiniteLossException(step, loss, norm, [.. batches.SelectMany(b => b.Places)]);
    }

    static string Read(IReadOnlyList<string> places) => places.Count == 0 ? ""
        : $". It read {string.Join(", ", places.Take(Named))}" + (places.Count > Named ? $" and {places.Count - Named} more" : "");
}
