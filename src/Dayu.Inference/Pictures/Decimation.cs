namespace Dayu.Inference;

/// <summary>
/// Fewer points that draw the same line: of those that fall into one column of pixels the first, the lowest, the highest and the last
/// (M4: Jugel et al. 2014, doi:10.14778/2732951.2732953). No peak is lost, and no gap.
/// </summary>
public static class Decimation
{
    /// <summary>Thins points out, where a column has more than four.</summary>
    /// <param name="points">X ascending; Y is NaN in a gap.</param>
    /// <param name="column">Width of a column.</param>
    public static List<(double X, double Y)> Of(IEnumerable<(double X, double Y)> points, double column)
    {
        var (kept, bucket, at) = (new List<(double X, double Y)>(), new Bucket(), double.NaN);
        foreach (var p in points)
        {
            var mine = Math.Floor(p.X / column);
            if (mine != at) bucket.Empty(kept);
            at = mine;
            bucket.Add(p);
        }
        bucket.Empty(kept);
        return kept;
    }

    /// <summary>The points of a column, before and behind its first gap.</summary>
    sealed class Bucket
    {
        readonly List<(double X, double Y)> before = [], behind = [];
        (double X, double Y)? gap;

        public void Add((double X, double Y) p)
        {
            if (double.IsNaN(p.Y)) gap ??= p;
            else (gap is null ? before : behind).Add(p);
        }

        public void Empty(List<(double X, double Y)> to)
        {
            Extremes(before, to);
            if (gap is { } g) to.Add(g);
            Extremes(behind, to);
            gap = null;
        }

        static void Extremes(List<(double X, double Y)> points, List<(double X, double Y)> to)
        {
            if (points.Count <= 4) to.AddRange(points);
            else
            {
                int[] kept = [0, points.Index().MinBy(p => p.Item.Y).Index, points.Index().MaxBy(p => p.Item.Y).Index, points.Count - 1];
                to.AddRange(kept.Distinct().Order().Select(i => points[i]));
            }
            points.Clear();
        }
    }
}
