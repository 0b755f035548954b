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
    /// nothing of the pass but the loss may be used afterwards.
    /// </summary>
    /// <param name="loss">One value, computed on this tape.</param>
    internal void Unwind(Tensor loss)
    {
        loss.On.Fill(loss.Grad, 1);
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var (output, backward, _) = steps[i];
            if (output.HasGrad) backward(output.Grad);                 // a result that the loss does not depend on has none
            if (i > 0) loss.Arena.Recycle(steps[i - 1].Mark, keep: loss);
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
        if (!loss.NeedsGrad) throw new ShapeException("backward: nothing this loss was computed from needs a gradient; set NeedsGrad on the parameters before the forward pass");
        loss.Arena.Tape.Unwind(loss);
    }
}
