namespace Dayu.Tensors;

/// <summary>Reverse-mode differentiation: what was computed, in order; unwound backwards. Linnainmaa 1970; the order of recording is already topological.</summary>
public sealed class Tape
{
    readonly record struct Step(Tensor Output, Action<Tensor> Backward, int Mark);

    readonly List<Step> steps = [];

    /// <summary>Steps recorded.</summary>
    public int Count => steps.Count;

    internal void Add(Tensor output, Action<Tensor> backward) => steps.Add(new(output, backward, output.Arena.Mark()));

    internal void Clear() => steps.Clear();

    /// <summary>
    /// Adds ∂loss/∂p to the gradient of every parameter p. As the tape unwinds, each activation and its gradient go back to the arena:
    /// nothing of the pass but the result may be used afterwards.
    /// </summary>
    /// <param name="result">Computed on this tape; its gradient is set.</param>
    internal void Unwind(Tensor result)
    {
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var (output, backward, _) = steps[i];
            if (output.HasGrad) backward(output.Grad);                 // a result that the loss does not depend on has none
            if (i > 0) result.Arena.Recycle(steps[i - 1].Mark, keep: result);
        }
        steps.Clear();
    }
}

/// <summary>Recording and unwinding.</summary>
public static class Differentiation
{
    /// <summary>Remembers how to push this result's gradient back to its inputs. Call it only when one of them needs a gradient: inference must make no closures.</summary>
    public static Tensor Records(this Tensor output, Action<Tensor> backward)
    {
        output.NeedsGrad = true;
        output.Arena.Tape.Add(output, backward);
        return output;
    }

    /// <summary>Adds the gradient of this one value to every parameter it was computed from; the pass's activations are given back on the way.</summary>
    /// <exception cref="ShapeException">Not one value, or computed from nothing that needs a gradient.</exception>
    public static void Backward(this Tensor loss)
    {
        if (loss.Shape.Count != 1) throw new ShapeException($"backward starts from one value, not from {loss}; sum or average it first");
        loss.Backward([1]);
    }

    /// <summary>The same from any output whose own gradient is known: the second half of a pass that was cut in two, or ∂(Σ gradient · output).</summary>
    /// <param name="output">What was computed.</param>
    /// <param name="gradient">∂loss/∂output, one number for each of its values.</param>
    /// <exception cref="ShapeException">Not as many numbers as values, or computed from nothing that needs a gradient.</exception>
    public static void Backward(this Tensor output, ReadOnlySpan<float> gradient)
    {
        if (!output.NeedsGrad) throw new ShapeException($"backward: nothing that {output} was computed from needs a gradient; set NeedsGrad on the parameters before the forward pass");
        output.Grad.Set(gradient);
        output.Arena.Tape.Unwind(output);
    }
}
