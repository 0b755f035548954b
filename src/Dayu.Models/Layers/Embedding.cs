using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A vector for each of a number of things: tokens, positions.</summary>
/// <param name="w">Its place: <c>weight</c> [count, width].</param>
/// <param name="count">How many.</param>
/// <param name="width">Length of a vector, C.</param>
/// <param name="tied">Whether it is an output layer as well (<see cref="LmHead"/>).</param>
/// <param name="init">How it starts; null: as GPT-2's.</param>
public sealed class Embedding(Weights w, int count, int width, bool tied = false, Init? init = null)
{
    /// <summary>The table, [count, C].</summary>
    public Weight Weight { get; } = w.Matrix("weight", new(count, width), init, multiplied: tied, sensitive: tied);

    /// <summary>I32 [T] → [T, C]</summary>
    public Tensor this[Tensor ids] => Op.Gather(Weight, ids);
}
