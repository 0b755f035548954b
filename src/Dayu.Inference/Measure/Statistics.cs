namespace Dayu.Inference;

/// <summary>What was measured several times.</summary>
/// <param name="Median">The middle one; of an even number, the mean of the two in the middle.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
public readonly record struct Statistics(double Median, double Min, double Max)
{
    /// <summary>The spread of some values; of none, NaN.</summary>
    public static Statistics Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return new(double.NaN, double.NaN, double.NaN);
        return new((sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2, sorted[0], sorted[^1]);
    }
}
