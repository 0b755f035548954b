using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// What training changes: the weights of a model that want a gradient, in one flat buffer, their gradients in another of the
/// same order. Zeroing, the norm and an optimizer's step are then one parallel-for each, and a checkpoint of moments is one
/// blob. Matrices come first: weight decay is for them alone. The model's weights are views of it and live as long.
/// </summary>
public sealed class Parameters : IDisposable
{
    /// <summary>Values to whose multiples each weight is aligned: a cache line.</summary>
    const int Alignment = 16;

    readonly Arena arena;
    readonly Dictionary<Weight, long> places = [];

    /// <summary>Moves the weights of a model that want a gradient.</summary>
    /// <exception cref="ArgumentException">None of them does.</exception>
    public Parameters(LoadedModel model) : this(model.Trained) { }

    /// <summary>Moves some weights.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public Parameters(IEnumerable<Weight> weights)
    {
        All = [.. weights.OrderBy(w => w.Tensor.Shape.Rank < 2).ThenBy(w => w.Path, StringComparer.Ordinal)];
        if (All.Count == 0) throw new ArgumentException("no weight of this model wants a gradient; load or create it to be trained");
        var count = 0L;
        foreach (var w in All)
        {
            places[w] = count;
            count += (w.Tensor.Shape.Count + Alignment - 1) / Alignment * Alignment;
            if (w.Tensor.Shape.Rank >= 2) MatrixValues = count;
        }
        arena = new(All[0].Tensor.On);
        (Values, Gradients) = (Zeros(count), Zeros(count));
        foreach (var w in All)
        {
            w.DropPacked();
            w.Tensor.MoveTo(Values, places[w]);
            w.Tensor.PlaceGrad(Gradients, places[w]);
        }
    }

    /// <summary>The weights, in their order here: matrices, then vectors, each by path.</summary>
    public IReadOnlyList<Weight> All { get; }

    /// <summary>[N]: all values, and between weights what aligns them, 0.</summary>
    public Tensor Values { get; }

    /// <summary>[N]: ∂loss/∂value.</summary>
    public Tensor Gradients { get; }

    /// <summary>The first values of N, which are those of matrices.</summary>
    public long MatrixValues { get; }

    /// <summary>A buffer of the same order, zeros: moments.</summary>
    public Tensor Like() => Zeros(Values.Shape.Count);

    Tensor Zeros(long count)
    {
        var t = arena.New(count);
        t.On.Fill(t, 0);
        return t;
    }

    /// <summary>The part of such a buffer that belongs to matrices, and the rest.</summary>
    public (Tensor Matrices, Tensor Vectors) Parts(Tensor flat) =>
        (flat.View(0, new(MatrixValues)), flat.View(MatrixValues, new(flat.Shape.Count - MatrixValues)));

    /// <summary>The part of such a buffer that belongs to a weight, in its shape.</summary>
    public Tensor PartOf(Tensor flat, Weight w) => flat.View(places[w], w.Tensor.Shape);

    /// <summary>Before the first gradient of a step.</summary>
    public void ZeroGradients() => Gradients.On.Fill(Gradients, 0);

    /// <summary>√Σ g², over all weights.</summary>
    public double GradientNorm() => Math.Sqrt(Gradients.On.SumOfSquares(Gradients));

    /// <summary>Frees all of it: the model has no weights any more.</summary>
    public void Dispose() => arena.Dispose();
}
