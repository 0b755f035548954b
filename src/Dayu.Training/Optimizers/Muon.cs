using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Settings of <see cref="Muon"/>.</summary>
/// <param name="Momentum">Share of the momentum that stays, 0 … below 1.</param>
/// <param name="Nesterov">Looks ahead along the momentum.</param>
/// <param name="Decay">Weight decay of the matrices, apart from the gradient.</param>
/// <param name="Iterations">Newton–Schulz iterations.</param>
public sealed record MuonSettings(float Momentum = 0.95f, bool Nesterov = true, float Decay = 0.1f, int Iterations = 5);

/// <summary>
/// Momentum whose change of a matrix is made orthogonal: all its directions are equally strong. Jordan et al. 2024,
/// kellerjordan.github.io/posts/muon. For the matrices between embedding and head; everything else goes to another optimizer.
/// </summary>
/// <param name="parameters">What is changed.</param>
/// <param name="isHidden">Which weights are matrices of the hidden layers.</param>
/// <param name="settings">How.</param>
/// <param name="others">Changes the other weights, at its own share of the rate.</param>
/// <param name="othersShare">The others' rate over that of the matrices.</param>
public sealed class Muon(
    Parameters parameters, Func<Weight, bool> isHidden, MuonSettings settings, AdamWSettings others, float othersShare)
    : Optimizer(parameters)
{
    const float Epsilon = 1e-7f;

    readonly Arena scratch = new(parameters.Values.On);
    readonly Tensor momentum = parameters.Like(), v = parameters.Like();
    List<(Weight Weight, Tensor Momentum)>? hidden;
    List<(Weight Weight, Tensor Momentum, Tensor Second)>? rest;

    /// <summary>Whether a weight of a model is a matrix of its hidden layers: multiplied by, and not the head.</summary>
    public static Func<Weight, bool> HiddenOf(LoadedModel model)
    {
        var head = (model.Net as ICausalLm)?.Head.Weight;
        return w => w.IsMultiplied && w != head;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Moments =>
        new Dictionary<string, Tensor> { ["m"] = momentum, ["v"] = v };

    /// <inheritdoc/>
    protected override void Update(float rate, float scale)
    {
        hidden ??= [.. Parameters.All.Where(IsHidden).Select(w => (w, Parameters.PartOf(momentum, w)))];
        rest ??= [.. Parameters.All.Where(w => !IsHidden(w)).Select(w => (w, Parameters.PartOf(momentum, w), Parameters.PartOf(v, w)))];
        foreach (var (w, m) in hidden)
        {
            Change(w, m, rate, scale);
            scratch.Reset();
        }
        var step = new AdamWStep(
            rate * othersShare, others.Beta1, others.Beta2, others.Epsilon, others.Decay, scale, Steps);
        foreach (var (w, m, second) in rest)
            w.Tensor.On.AdamW(w.Tensor, m, second, w.Tensor.Grad, w.Tensor.Shape.Rank < 2 ? step with { Decay = 0 } : step);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        scratch.Dispose();
        base.Dispose();
    }

    bool IsHidden(Weight w) => w.Tensor.Shape.Rank == 2 && isHidden(w);

    void Change(Weight w, Tensor m, float rate, float scale)
    {
        var (on, update) = (scratch.On, scratch.New(w.Tensor.Shape));
        on.Scale(m, m, settings.Momentum);
        on.AccumulateScaled(m, w.Tensor.Grad, scale * (1 - settings.Momentum));
        if (settings.Nesterov)
        {
            on.Scale(update, w.Tensor.Grad, scale * (1 - settings.Momentum));
            on.AccumulateScaled(update, m, settings.Momentum);
        }
        else on.Scale(update, m, 1);
        update = Orthogonal(update, settings.Iterations);
        on.Scale(w.Tensor, w.Tensor, 1 - rate * settings.Decay);
        on.AccumulateScaled(w.Tensor, update, -rate * MathF.Sqrt(Math.Max(1, (float)w.Out / w.In)));
    }

    /// <summary>
    /// Newton–Schulz iteration towards U·Vᵀ of the singular value decomposition: x ← a·x + b·(x·xᵀ)·x + c·(x·xᵀ)²·x, whose
    /// coefficients grow small singular values fast and leave all between 0.7 and 1.2.
    /// </summary>
    /// <param name="x">[m, n]; used up.</param>
    /// <param name="iterations">Five are enough.</param>
    internal static Tensor Orthogonal(Tensor x, int iterations)
    {
        const float A = 3.4445f, B = -4.7750f, C = 2.0315f;
        var (arena, on, isWide) = (x.Arena, x.On, x.Rows <= x.Width);
        on.Scale(x, x, (float)(1 / Math.Max(Math.Sqrt(on.SumOfSquares(x)), Epsilon)));
        var side = Math.Min(x.Rows, x.Width);
        Tensor gram = arena.New(side, side), poly = arena.New(side, side), next = x.Like();
        for (var i = 0; i < iterations; i++)
        {
            on.Fill(gram, 0);
            if (isWide) MultiplyByTransposed(gram, x);               // x·xᵀ
            else on.MatMulDw(gram, x, x);                            // xᵀ·x
            on.Scale(poly, gram, B);
            on.MatMulDx(poly, Scaled(gram, C), new("gram", gram), add: true);   // b·gram + c·gram²
            on.Scale(next, x, A);
            if (isWide) on.MatMulDx(next, poly, new("x", x), add: true);
            else on.MatMulDx(next, x, new("poly", poly), add: true);
            (x, next) = (next, x);
        }
        return x;
    }

    static void MultiplyByTransposed(Tensor y, Tensor x)
    {
        var w = new Weight("x", x);
        y.On.MatMul(y, x, w);
        w.DropPacked();
    }

    static Tensor Scaled(Tensor x, float factor)
    {
        var y = x.Like();
        x.On.Scale(y, x, factor);
        return y;
    }
}
