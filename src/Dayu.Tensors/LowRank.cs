namespace Dayu.Tensors;

/// <summary>
/// What a weight is adapted by: W + scale · B·A, of which training changes A and B alone. Hu et al. 2021, arXiv:2106.09685.
/// </summary>
/// <param name="A">[r, In]</param>
/// <param name="B">[Out, r]</param>
/// <param name="Scale">α / r, or α / √r (Kalajdzievski 2023, arXiv:2312.03732).</param>
public sealed record LowRank(Weight A, Weight B, float Scale)
{
    /// <summary>Its rank, r.</summary>
    public int Rank => A.Out;

    /// <summary>scale · Bᵀ, [r, Out].</summary>
    internal Tensor ScaledColumns()
    {
        var (b, turned) = (B.Tensor.ToArray(), new float[(long)Rank * B.Out]);
        for (var o = 0; o < B.Out; o++)
            for (var r = 0; r < Rank; r++) turned[r * B.Out + o] = Scale * b[o * Rank + r];
        return B.Tensor.Arena.New(Rank, B.Out).Set(turned);
    }
}
