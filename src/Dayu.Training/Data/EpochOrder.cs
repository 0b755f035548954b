using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>An order of so many things, another in each round: a function of seed and round (Fisher and Yates).</summary>
/// <param name="count">How many.</param>
/// <param name="seed">null: in order, always.</param>
sealed class EpochOrder(int count, ulong? seed)
{
    (long Epoch, int[] Order)? drawn;                                // the last that was asked for: it need not be drawn again

    /// <summary>What comes at a place, counted through all rounds.</summary>
    public int At(long number)
    {
        var (epoch, at) = Math.DivRem(number, count);
        return seed is null ? (int)at : Order(epoch)[at];
    }

    int[] Order(long epoch)
    {
        if (drawn is { } last && last.Epoch == epoch) return last.Order;
        int[] order = [.. Enumerable.Range(0, count)];
        var own = CounterRng.Mix(seed!.Value, (ulong)epoch);
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)(CounterRng.Mix(own, (ulong)i) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        drawn = (epoch, order);
        return order;
    }
}
