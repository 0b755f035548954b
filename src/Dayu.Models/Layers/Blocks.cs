using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>One layer of a stack.</summary>
public interface IBlock
{
    /// <summary>[T, C] → [T, C]</summary>
    Tensor Forward(Tensor x, Pass p);
}

/// <summary>A stack of blocks: the one place that gives a block's temporaries back, unless gradients are recorded.</summary>
/// <typeparam name="TBlock">The family's own block.</typeparam>
/// <param name="w">Its place; blocks are numbered from 0 below it.</param>
/// <param name="count">L.</param>
/// <param name="make">Makes one block at its place, told its number.</param>
public sealed class Blocks<TBlock>(Weights w, int count, Func<Weights, int, TBlock> make) where TBlock : IBlock
{
    readonly TBlock[] blocks = Make(w, count, make);

    /// <summary>One after another: a count that a damaged file claims ends at the first weight that is missing, before memory is taken for it.</summary>
    static TBlock[] Make(Weights w, int count, Func<Weights, int, TBlock> make)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var blocks = new List<TBlock>();
        for (var i = 0; i < count; i++) blocks.Add(make(w[i], i));
        return [.. blocks];
    }

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var mark = p.Arena.Mark();
        foreach (var block in blocks)
        {
            x = block.Forward(x, p);
            if (!x.NeedsGrad) p.Arena.Recycle(mark, keep: x);
        }
        return x;
    }
}
