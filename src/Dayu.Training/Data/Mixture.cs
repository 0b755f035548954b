namespace Dayu.Training;

/// <summary>A part of a mixture.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Windows">Its windows, by number.</param>
/// <param name="Epoch">Windows in which it is read once.</param>
/// <param name="Tokens">Tokens there are.</param>
/// <param name="Weight">Its share of the tokens that are read, in proportion to the others'.</param>
public sealed record MixtureSource(string Name, IBatchSource Windows, double Epoch, long Tokens, double Weight)
{
    /// <summary>Its share of the windows, in proportion: one with shorter windows needs more of them.</summary>
    internal double Rate => Weight * Epoch / Tokens;
}

/// <summary>
/// Batches of several sources, each with its share of the tokens (Brown et al. 2020, arXiv:2005.14165, table 2.2). Which source a window
/// is of repeats after a period, in which each comes as evenly as can be: how much of it was read follows from the number of batches.
/// </summary>
public sealed class Mixture : IBatchSource
{
    /// <summary>A share is met to the nearest of so many parts.</summary>
    const int Period = 1 << 14;

    readonly int windows, states;
    readonly int[] counts;                                           // [S]: windows of each source in a period
    readonly int[] source = new int[Period], nth = new int[Period];  // of each window: its source, and how many of it came before

    /// <summary>Mixes.</summary>
    /// <param name="sources">What is read.</param>
    /// <param name="windows">Windows of a batch.</param>
    /// <param name="states">States of each source that windows go on from; 0: they begin anew.</param>
    public Mixture(IReadOnlyList<MixtureSource> sources, int windows, int states = 0)
    {
        (Sources, this.windows, this.states, counts) = (sources, windows, states, Counts([.. sources.Select(s => s.Rate)]));
        var (credit, come) = (new long[sources.Count], new int[sources.Count]);
        for (var k = 0; k < Period; k++)
        {
            for (var s = 0; s < credit.Length; s++) credit[s] += counts[s];
            var most = Array.IndexOf(credit, credit.Max());
            credit[most] -= Period;
            (source[k], nth[k]) = (most, come[most]++);
        }
    }

    /// <summary>What is mixed.</summary>
    public IReadOnlyList<MixtureSource> Sources { get; }

    /// <inheritdoc/>
    public Batch At(long number)
    {
        var batch = new BatchBuilder(states * Sources.Count);
        for (var k = number * windows; k < (number + 1) * windows; k++)
        {
            var (round, at) = Math.DivRem(k, Period);
            var of = source[at];
            batch.Add(Sources[of].Windows.At(round * counts[of] + nth[at]), states * of);
        }
        return batch.Made();
    }

    /// <summary>How often each source has been read after so many batches.</summary>
    public IReadOnlyDictionary<string, double> Epochs(long batches)
    {
        var (round, rest) = Math.DivRem(batches * windows, Period);
        return Sources.Select((s, i) => (s.Name, Read: (round * counts[i] + source.AsSpan(0, (int)rest).Count(i)) / s.Epoch))
            .ToDictionary(e => e.Name, e => e.Read);
    }

    /// <summary>Windows of each source in a period, one at least: the largest remainders get what rounding leaves.</summary>
    static int[] Counts(double[] rates)
    {
        double[] exact = [.. rates.Select(r => r / rates.Sum() * Period)];
        int[] counts = [.. exact.Select(e => Math.Max(1, (int)e))];
        while (counts.Sum() != Period)
        {
            var up = counts.Sum() < Period;
            var off = Enumerable.Range(0, counts.Length).Where(s => up || counts[s] > 1).MaxBy(s => (up ? 1 : -1) * (exact[s] - counts[s]));
            counts[off] += up ? 1 : -1;
        }
        return counts;
    }
}
