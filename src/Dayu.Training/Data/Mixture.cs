namespace Dayu.Training;

/// <summary>A part of a mixture.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Windows">Its windows, by number.</param>
/// <param name="Epoch">Windows in which it is read once.</param>
/// <param name="Tokens">Tokens there are.</param>
/// <param name="Weight">Its share of the tokens that are read, in proportion to the others'.</param>
public sealed record MixtureSource(string Name, IBatchSource Windows, double Epoch, long Tokens, double Weight)
{
    /// <summary>Its share of the windows with a weight, in proportion: one with shorter windows needs more of them.</summary>
    internal double Rate(double weight) => weight * Epoch / Tokens;
}

/// <summary>Other weights from some batch on.</summary>
/// <param name="Batch">The first that is read with them.</param>
/// <param name="Weights">[S], in the order of the sources; a source with 0 is not read.</param>
public sealed record MixtureStretch(long Batch, IReadOnlyList<double> Weights);

/// <summary>
/// Batches of several sources, each with its share of the tokens (Brown et al. 2020, arXiv:2005.14165, table 2.2). How much of a source
/// was read follows from the number of batches, also where weights change on the way: a source goes on where it was left.
/// </summary>
public sealed class Mixture : IBatchSource
{
    readonly int windows, states;
    readonly Stretch[] stretches;

    /// <summary>Mixes.</summary>
    /// <param name="sources">What is read, with the weights with which it begins.</param>
    /// <param name="windows">Windows of a batch.</param>
    /// <param name="states">States of each source that windows go on from; 0: they begin anew.</param>
    /// <param name="later">Later weights, in their order; null: none.</param>
    public Mixture(
        IReadOnlyList<MixtureSource> sources, int windows, int states = 0, IReadOnlyList<MixtureStretch>? later = null)
    {
        (Sources, this.windows, this.states) = (sources, windows, states);
        var all = new List<Stretch> { new(0, new long[sources.Count], Pattern([.. sources.Select(s => s.Weight)])) };
        foreach (var stretch in later ?? [])
        {
            var first = stretch.Batch * windows;
            long[] before = [.. sources.Select((_, s) => all[^1].Read(s, first))];
            all.Add(new(first, before, Pattern(stretch.Weights)));
        }
        stretches = [.. all];
    }

    /// <summary>What is mixed.</summary>
    public IReadOnlyList<MixtureSource> Sources { get; }

    /// <inheritdoc/>
    public Batch At(long number)
    {
        var batch = new BatchBuilder(states * Sources.Count);
        for (var k = number * windows; k < (number + 1) * windows; k++)
        {
            var (of, nth) = Of(k).At(k);
            batch.Add(Sources[of].Windows.At(nth), states * of);
        }
        return batch.Made();
    }

    /// <summary>How often each source has been read after so many batches.</summary>
    public IReadOnlyDictionary<string, double> Epochs(long batches)
    {
        var stretch = Of(batches * windows);
        return Sources.Select((s, i) => (s.Name, Read: stretch.Read(i, batches * windows) / s.Epoch))
            .ToDictionary(e => e.Name, e => e.Read);
    }

    MixturePattern Pattern(IReadOnlyList<double> weights) => new([.. Sources.Select((s, i) => s.Rate(weights[i]))]);

    Stretch Of(long window) => Array.FindLast(stretches, s => s.First <= window)!;

    /// <summary>Windows with the same weights.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Before">[S]: windows of each source that were read before.</param>
    /// <param name="Pattern">Of which source each is.</param>
    sealed record Stretch(long First, long[] Before, MixturePattern Pattern)
    {
        public (int Source, long Nth) At(long window) => Pattern.At(window - First) is var (s, nth) ? (s, Before[s] + nth) : default;

        public long Read(int of, long windows) => Before[of] + Pattern.Read(of, windows - First);
    }
}
