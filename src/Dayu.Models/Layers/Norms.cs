using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Root-mean-square norm with a gain; see <see cref="Op.RmsNorm"/>.</summary>
/// <param name="w">Its place: <c>weight</c> [C].</param>
/// <param name="width">C.</param>
/// <param name="eps">Keeps a row of zeros finite.</param>
public sealed class RmsNorm(Weights w, int width, float eps)
{
    readonly Weight weight = w.Get("weight", new(width), Init.Ones);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x) => Op.RmsNorm(x, weight.Tensor, eps);
}

/// <summary>Layer norm with gain and bias; see <see cref="Op.LayerNorm"/>.</summary>
/// <param name="w">Its place: <c>weight</c> [C] and <c>bias</c> [C].</param>
/// <param name="width">C.</param>
/// <param name="eps">Keeps a constant row finite.</param>
public sealed class LayerNorm(Weights w, int width, float eps)
{
    readonly Weight weight = w.Get("weight", new(width), Init.Ones), bias = w.Get("bias", new(width), Init.Zeros);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x) => Op.LayerNorm(x, weight.Tensor, bias.Tensor, eps);
}
