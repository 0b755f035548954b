namespace Dayu.Training;

/// <summary>A step's loss or gradient is not a number: its parameters were left as they were.</summary>
/// <param name="step">Which, from 1.</param>
/// <param name="loss">Of the step.</param>
/// <param name="norm">Of its gradient.</param>
public sealed class NonFiniteLossException(long step, double loss, double norm) : ArithmeticException(
    $"step {step}: the loss is {loss}, the norm of the gradient {norm}; nothing was changed. "
    + "A lower learning rate or a longer warm-up usually helps")
{
    /// <summary>Which step, from 1.</summary>
    public long Step => step;

    internal static void ThrowIf(long step, double loss, double norm)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm)) throw new NonFiniteLossException(step, loss, norm);
    }
}
