namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>The target of a position without a loss, as in PyTorch.</summary>
    public const int Ignored = -100;

    /// <summary>
    /// Σ weight · −log softmax(logits)[target]. With smoothing ε the target is (1 − ε) of itself and ε spread over the
    /// classes there are (Szegedy et al. 2015, arXiv:1512.00567).
    /// </summary>
    /// <param name="logits">[T, V]</param>
    /// <param name="targets">I32 [T], each 0 … V − 1 or <paramref name="ignore"/>.</param>
    /// <param name="weights">[T], float32: factor on each position's loss; null: 1 / the number of targets that count, the mean.</param>
    /// <param name="smoothing">ε, 0 … below 1.</param>
    /// <param name="ignore">Marks positions without a loss (PyTorch's −100).</param>
    /// <param name="classes">K, 1 … V: smoothing spreads over the first K classes; the others only fill V up. null: all V.</param>
    /// <returns>[1], in nats; 0 where no target counts.</returns>
    public static Tensor CrossEntropy(
        Tensor logits, Tensor targets, Tensor? weights = null, float smoothing = 0, int ignore = Ignored, int? classes = null)
    {
        Check.Ints("cross-entropy", targets);
        Check.Floats("cross-entropy", logits);
        Check.Width("cross-entropy", targets, logits.Rows);
        Check.That(smoothing is >= 0 and < 1, "cross-entropy", $"smoothing is {smoothing}, expected 0 … below 1");
        var spread = classes ?? logits.Width;
        Check.That(spread >= 1 && spread <= logits.Width, "cross-entropy", $"{spread} classes, expected 1 … {logits.Width}");
        if (weights is not null) Check.Width("cross-entropy", weights, logits.Rows);
        var (loss, lse) = (logits.Arena.New(1), logits.Arena.New(logits.Rows));   // lse [T]: kept for the backward pass
        var of = new CrossEntropyOf(logits, targets, weights, smoothing, ignore, spread);
        logits.On.CrossEntropy(loss, lse, of);
        return loss.Follows(logits) ? loss.Records(CrossEntropyBackward(of, lse)) : loss;
    }

    static Action<Tensor> CrossEntropyBackward(CrossEntropyOf of, Tensor lse) => dloss =>
        dloss.On.CrossEntropyBackward(of.Logits.Grad, dloss, lse, of);
}

/// <summary>What cross-entropy is computed of; see <see cref="Op.CrossEntropy"/>.</summary>
/// <param name="Logits">[T, V]</param>
/// <param name="Targets">I32 [T]</param>
/// <param name="Weights">[T]; null: the mean.</param>
/// <param name="Smoothing">ε.</param>
/// <param name="Ignore">The target that counts for nothing.</param>
/// <param name="Classes">K: smoothing spreads over the first K of V.</param>
public readonly record struct CrossEntropyOf(
    Tensor Logits, Tensor Targets, Tensor? Weights, float Smoothing, int Ignore, int Classes);

public abstract partial class Backend
{
    /// <summary>
    /// lse[t] = log Σ exp(logits[t]); loss = Σ weight · (lse[t] − (1 − ε)·logits[t, target] − ε·mean(logits[t, :K])) where the
    /// target counts, t ascending.
    /// </summary>
    public abstract void CrossEntropy(Tensor loss, Tensor lse, in CrossEntropyOf of);

    /// <summary>dlogits += dloss · weight · (softmax − (1 − ε)·onehot − ε / K, that in the first K) in the rows that count.</summary>
    public abstract void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor lse, in CrossEntropyOf of);
}
