namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>y += Σ scale · (x·Aᵀ)·Bᵀ over the weight's low-rank pairs; y is x·wᵀ + b, not recorded yet.</summary>
    static Tensor AddLowRank(Tensor y, Tensor x, Weight w, Tensor? bias)
    {
        var (inner, follows) = (new Tensor[w.LowRank.Count], y.Follows(x, w.Tensor, bias));
        for (var i = 0; i < inner.Length; i++)
        {
            var (a, b, scale) = w.LowRank[i];
            inner[i] = Scale(MatMul(x, a), scale);                   // [T, r]
            follows |= y.Follows(inner[i], b.Tensor);
            var mark = y.Arena.Mark();
            var added = y.Like();
            y.On.MatMul(added, inner[i], b);
            y.On.Accumulate(y, added);
            y.Arena.Recycle(mark);
        }
        return follows ? y.Records(LowRankBackward(inner, w, MatMulBackward(x, w, bias))) : y;
    }

    static Action<Tensor> LowRankBackward(Tensor[] inner, Weight w, Action<Tensor> product) => dy =>
    {
        product(dy);
        for (var i = 0; i < inner.Length; i++) MatMulBackward(inner[i], w.LowRank[i].B, bias: null)(dy);
    };
}
