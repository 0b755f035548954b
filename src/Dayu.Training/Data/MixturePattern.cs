namespace Dayu.Training;

/// <summary>Which source a window is of, where weights stay: it repeats after a period, in which each comes as evenly as can be.</summary>
sealed class MixturePattern
{
    /// <summary>A share is met to the nearest of so many parts.</summary>
    const int Period = 1 << 14;

    readonly int[] counts;                                           // [S]: windows of each source in a period
    readonly int[] source = new int[Period], nth = new int[Period];  // of each window: its source, and how many of it came before

    /// <summary>Lays it out.</summary>
    /// <param name="rates">[S]: the share of windows of each source, in proportion; of one with 0 there are none.</param>
    public MixturePattern(double[] rates)
    {
        counts = Counts(rates);
        var (credit, come) = (new long[rates.Length], new int[rates.Length]);
        for (var k = 0; k < Period; k++)
        {
            for (var s = 0; s < credit.Length; s++) credit[s] += counts[s];
            var most = Array.IndexOf(credit, credit.Max());
            credit[most] -= Period;
            (source[k], nth[k]) = (most, come[most]++);
        }
    }

    /// <summary>The source of a window, and how many windows of that source came before it.</summary>
    public (int Source, long Nth) At(long window)
    {
        var (round, at) = Math.DivRem(window, Period);
        return (source[at], round * counts[source[at]] + nth[at]);
    }

    /// <summary>Windows of a source among the first ones.</summary>
    public long Read(int of, long windows)
    {
        var (round, rest) = Math.DivRem(windows, Period);
        return round * counts[of] + source.AsSpan(0, (int)rest).Count(of);
    }

    /// <summary>Windows of each source in a period, one at least: the largest remainders get what rounding leaves.</summary>
    static int[] Counts(double[] rates)
    {
        double[] exact = [.. rates.Select(r => r / rates.Sum() * Period)];
        int[] counts = [.. exact.Select(e => e == 0 ? 0 : Math.Max(1, (int)e))];
        while (counts.Sum() != Period)
        {
            var up = counts.Sum() < Period;
            var off = Enumerable.Range(0, counts.Length).Where(s => exact[s] > 0 && (up || counts[s] > 1))
                .MaxBy(s => (up ? 1 : -1) * (exact[s] - counts[s]));
            counts[off] += up ? 1 : -1;
        }
        return counts;
    }
}
