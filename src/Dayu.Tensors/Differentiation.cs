namespace Dayu.Tensors;

/// <summary>Recording what is computed, and unwinding it.</summary>
public static class Differentiation
{
    /// <summary>
    /// Whether the result of an op on these must be recorded: one of them needs a gradient, and the tape is not paused.
    /// </summary>
    public static bool Follows(this Tensor output, Tensor a, Tensor? b = null, Tensor? c = null) =>
        (a.NeedsGrad || b is { NeedsGrad: true } || c is { NeedsGrad: true }) && output.Arena.Tape.IsRecording;

    /// <summary>
    /// Remembers how to push this result's gradient back to its inputs. Call it only where <see cref="Follows"/>:
    /// inference must make no closures.
    /// </summary>
    public static Tensor Records(this Tensor output, Action<Tensor> backward)
    {
        output.NeedsGrad = true;
        output.Arena.Tape.Add(output, backward);
        return output;
    }

    /// <summary>
    /// Adds the gradient of this one value to every parameter it was computed from; the pass's activations are given
    /// back on the way.
    /// </summary>
    /// <exception cref="ShapeException">Not one value, or computed from nothing that needs a gradient.</exception>
    public static void Backward(this Tensor loss)
    {
        if (loss.Shape.Count != 1) throw new ShapeException($"backward starts from one value, not from {loss}; sum or average it first");
        loss.Backward([1]);
    }

    /// <summary>
    /// The same from any output whose own gradient is known: the second half of a pass that was cut in two, or ∂(Σ
    /// gradient · output).
    /// </summary>
    /// <param name="output">What was computed.</param>
    /// <param name="gradient">∂loss/∂output, one number for each of its values.</param>
    /// <exception cref="ShapeException">Not as many numbers as values, or computed from nothing that needs a
    /// gradient.</exception>
    public static void Backward(this Tensor output, ReadOnlySpan<float> gradient)
    {
        if (!output.NeedsGrad)
            throw new ShapeException($"backward: nothing that {output} was computed from needs a gradient; "
                + "set NeedsGrad on the parameters before the forward pass");
        output.Grad.Set(gradient);
        output.Arena.Tape.Unwind(new(0, null), keep: output);
    }

    /// <summary>
    /// Unwinds only what was recorded since a mark: a region that was computed once more in the middle of a backward
    /// pass.
    /// </summary>
    /// <param name="output">What the region computed; where it needs no gradient, nothing happens but that the region's
    /// tensors are given back.</param>
    /// <param name="gradient">∂loss/∂output, of its shape.</param>
    /// <param name="since">Where the region begins; what was made since is given back.</param>
    public static void Backward(this Tensor output, Tensor gradient, TapeMark since)
    {
        Check.Same("backward", output, gradient);
        if (output.NeedsGrad) output.On.Accumulate(output.Grad, gradient);
        output.Arena.Tape.Unwind(since, keep: null);
    }
}
