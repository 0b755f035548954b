namespace Dayu.Inference;

/// <summary>Work that is timed in turn with other work (<see cref="InterleavedRuns"/>).</summary>
/// <param name="name">For people.</param>
/// <param name="work">What one run does, in the unit that its rate is asked in: tokens, bytes, operations.</param>
/// <param name="run">Does it once.</param>
public sealed class BenchmarkCase(string name, double work, Action<CancellationToken> run)
{
    readonly List<double> rates = [];
    bool warm;

    /// <summary>For people.</summary>
    public string Name => name;

    /// <summary>Work a second, round by round.</summary>
    public IReadOnlyList<double> Rates => rates;

    /// <summary>Work a second.</summary>
    public Statistics Rate => Statistics.Of(rates);

    /// <summary>Its rate as a multiple of another's, round by round: what disturbs a machine disturbs both.</summary>
    /// <param name="other">Who ran in the same rounds.</param>
    /// <param name="factor">Units of the other's work in one of this work's.</param>
    public Statistics RatioTo(BenchmarkCase other, double factor = 1) =>
        Statistics.Of(rates.Zip(other.rates, (mine, theirs) => factor * mine / theirs));

    /// <summary>Does it once, untimed, where it was never done.</summary>
    public void WarmUp(CancellationToken cancel)
    {
        if (warm) return;
        run(cancel);
        warm = true;
    }

    internal void Measure(TimeProvider clock, CancellationToken cancel)
    {
        var start = clock.GetTimestamp();
        run(cancel);
        rates.Add(work / Math.Max(1e-9, clock.GetElapsedTime(start).TotalSeconds));
    }
}
