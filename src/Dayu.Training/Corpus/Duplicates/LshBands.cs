namespace Dayu.Training;

/// <summary>
/// How a signature is cut for locality-sensitive hashing (Indyk and Motwani 1998; Leskovec, Rajaraman, Ullman, chapter 3): two texts are
/// compared where one band of theirs is the same, which at a Jaccard similarity s has the chance 1 − (1 − s^rows)^bands.
/// </summary>
/// <param name="Bands">Pieces.</param>
/// <param name="Rows">Hashes of a piece.</param>
public sealed record LshBands(int Bands, int Rows)
{
    /// <summary>How much a duplicate that is missed weighs against a pair that is compared in vain: a comparison is cheap.</summary>
    const double Missed = 0.9;

    /// <summary>The chance that two texts are compared.</summary>
    /// <param name="similarity">Theirs, 0 … 1.</param>
    public double Chance(double similarity) => 1 - Math.Pow(1 - Math.Pow(similarity, Rows), Bands);

    /// <summary>
    /// The cut with the least weighted error: the area under the chance below the threshold, and over it above (Zhu et al. 2016, LSH
    /// Ensemble, section 5.5).
    /// </summary>
    /// <param name="threshold">The similarity from which two texts are duplicates, 0 … 1, both excluded.</param>
    /// <param name="hashes">Hashes of a signature at most.</param>
    public static LshBands For(double threshold, int hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hashes);
        if (threshold is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold,
                "The similarity of duplicates lies between 0 and 1, both excluded.");
        return Enumerable.Range(1, hashes)
            .SelectMany(rows => Enumerable.Range(1, hashes / rows).Select(bands => new LshBands(bands, rows)))
            .MinBy(b => b.Error(threshold))!;
    }

    double Error(double threshold) => (1 - Missed) * Area(0, threshold, Chance) + Missed * Area(threshold, 1, s => 1 - Chance(s));

    static double Area(double from, double to, Func<double, double> height)
    {
        const int steps = 64;
        var (sum, width) = (0.0, (to - from) / steps);
        for (var i = 0; i < steps; i++) sum += height(from + (i + 0.5) * width);
        return sum * width;
    }
}
