using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>One layer of a stack.</summary>
public interface IBlock
{
    /// <summary>[T, C] → [T, C]</summary>
    Tensor Forward(Tensor x, Pass p);
}

/// <summary>
/// A stack of blocks. The one place that gives a block's temporaries back unless gradients are recorded, that keeps
/// only inputs where the pass asks for checkpointing, that lets a probe at the residual stream, and that tells the pass
/// how it went.
/// </summary>
/// <param name="w">Its place; blocks are numbered from 0 below it.</param>
/// <param name="count">L.</param>
/// <param name="make">Makes one block at its place, told its number.</param>
public sealed class Blocks(Weights w, int count, Func<Weights, int, IBlock> make)
{
    readonly IBlock[] blocks = Make(w, count, make);

    /// <summary>
    /// One after another: a count that a damaged file claims ends at the first weight that is missing, before memory is
    /// taken for it.
    /// </summary>
    static IBlock[] Make(Weights w, int count, Func<Weights, int, IBlock> make)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var blocks = new List<IBlock>();
        for (var i = 0; i < count; i++) blocks.Add(make(w[i], i));
        return [.. blocks];
    }

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        try
        {
            var mark = p.Arena.Mark();
            x = Watched(0, x, p);
            for (var i = 0; i < blocks.Length; i++)
            {
                x = p.Checkpointing && p.Arena.Tape.IsRecording ? Checkpointed(blocks[i], x, p) : blocks[i].Forward(x, p);
                x = Watched(i + 1, x, p);
                if (!x.NeedsGrad) p.Arena.Recycle(mark, keep: x);
            }
            p.Commit();
            return x;
        }
        catch
        {
            p.Abandon();
            throw;
        }
    }

    static Tensor Watched(int depth, Tensor x, Pass p) => p.Probe?.Residual is { } hook ? hook(depth, x) : x;

    /// <summary>
    /// Keeps the block's input and output alone; the backward pass computes what lies between once more, and unwinds
    /// it.
    /// </summary>
    static Tensor Checkpointed(IBlock block, Tensor x, Pass p)
    {
        Tensor y;
        using (p.Arena.Tape.Pause())
        {
            var mark = p.Arena.Mark();
            y = block.Forward(x, p);
            p.Arena.Recycle(mark, keep: y);
        }
        return y.Records(dy =>
        {
            var since = p.Arena.Tape.Mark();
            p.IsReplaying = true;
            try { block.Forward(x, p).Backward(dy, since); }
            finally { p.IsReplaying = false; }
        });
    }
}
