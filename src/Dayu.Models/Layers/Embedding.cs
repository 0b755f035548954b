using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A vector for each of a number of things: tokens, positions.</summary>
/// <param name="w">Its place: <c>weight</c> [count, width].</param>
/// <param name="count">How many.</param>
/// <param name="width">Length of a vector, C.</param>
/// <param name="tied">Whether it is an output layer as well.</param>
public sealed class Embedding(Weights w, int count, int width, bool tied = false)
{
    readonly Weight weight = w.Matrix("weight", new(count, width), tied, sensitive: tied);

    /// <summary>I32 [T] → [T, C]</summary>
    public Tensor this[Tensor ids] => Op.Gather(weight, ids);

    /// <summary>The table as an output layer, where it is tied (Press &amp; Wolf 2017, arXiv:1608.05859): [T, C] → [T, count]</summary>
    public Tensor Logits(Tensor x) => Op.MatMul(x, weight);
}
