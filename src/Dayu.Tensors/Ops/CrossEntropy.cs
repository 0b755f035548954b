namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>−log softmax(logits)[target], averaged over the targets that count; 0 where none does.</summary>
    /// <param name="logits">[T, V]</param>
    /// <param name="targets">I32 [T], each 0 … V − 1 or <paramref name="ignore"/>.</param>
    /// <param name="ignore">Marks positions without a loss (PyTorch's −100).</param>
    /// <returns>[1], in nats.</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets, int ignore = -100)
    {
        Check.Ints("cross-entropy", targets);
        Check.Floats("cross-entropy", logits);
        Check.Width("cross-entropy", targets, logits.Rows);
        var (loss, lse) = (logits.Arena.New(1), logits.Arena.New(logits.Rows));   // lse [T]: kept for the backward pass
        logits.On.CrossEntropy(loss, lse, logits, targets, ignore);
        return loss.Follows(logits) ? loss.Records(CrossEntropyBackward(logits, lse, targets, ignore)) : loss;
    }

    static Action<Tensor> CrossEntropyBackward(Tensor logits, Tensor lse, Tensor targets, int ignore) => dloss =>
        dloss.On.CrossEntropyBackward(logits.Grad, dloss, logits, lse, targets, ignore);
}

public abstract partial class Backend
{
    /// <summary>
    /// lse[t] = log Σ exp(logits[t]); loss = mean of lse[t] − logits[t, target] where the target counts, t ascending.
    /// </summary>
    public abstract void CrossEntropy(Tensor loss, Tensor lse, Tensor logits, Tensor targets, int ignore);

    /// <summary>dlogits += dloss / count · (softmax − onehot) in the rows that count.</summary>
    public abstract void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor logits, Tensor lse, Tensor targets, int ignore);
}
