namespace Dayu.Inference;

/// <summary>How a curve is drawn.</summary>
public enum CurveForm
{
    /// <summary>A thin line in a pale tone of its colour: what others are made of.</summary>
    Pale,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A line with a dot on each value.</summary>
    Dots,
}

/// <summary>A curve: points from left to right.</summary>
/// <param name="Name">What it is; empty: it has no line in the legend.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Form">How it is drawn.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many; NaN leaves a gap.</param>
public sealed record Curve(string Name, Color Color, CurveForm Form, double[] X, double[] Y)
{
    /// <summary>What its line is drawn with: one that others are made of is pale and thin.</summary>
    internal (Color Color, double Thickness) Pen => Form == CurveForm.Pale ? (Color.Mixed(Color.White, 0.62), 0.8) : (Color, 1.8);
}

/// <summary>Curves of one measure, in one frame.</summary>
/// <param name="Measure">What they are.</param>
/// <param name="Curves">What is drawn later lies above.</param>
/// <param name="Scale">Of the measure.</param>
public sealed record CurvePanel(string Measure, IReadOnlyList<Curve> Curves, AxisScale Scale = AxisScale.Linear)
{
    /// <summary>
    /// Its range, a little more than its finite values take; on a logarithmic axis of those above 0. Where all are the same, a range
    /// around them.
    /// </summary>
    public (double Low, double High) Range
    {
        get
        {
            var (low, high) = Curves.SelectMany(c => c.Y).Extent(Scale);
            if (low > high) return (0.1, 1);
            var isLog = Scale == AxisScale.Logarithmic;
            var rest = isLog ? Math.Pow(high / low, 0.05) : (high - low) * 0.05;
            if (high - low <= Math.Abs(high) * 1e-9) rest = isLog ? 1.5 : high == 0 ? 1 : Math.Abs(high) * 0.1;
            return isLog ? (low / rest, high * rest) : (low - rest, high + rest);
        }
    }
}

/// <summary>What is written around curves.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Lines">More of it, line by line.</param>
/// <param name="Across">What the axis from left to right is.</param>
public sealed record CurveTexts(string Title, string Lines, string Across);

/// <summary>What curves share.</summary>
public static class CurveRanges
{
    /// <summary>Least and greatest of what an axis can show; where there is nothing, the greatest is below the least.</summary>
    public static (double Low, double High) Extent(this IEnumerable<double> values, AxisScale scale)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var v in values)
            if (double.IsFinite(v) && (v > 0 || scale != AxisScale.Logarithmic)) (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return (low, high);
    }

    /// <summary>Where a value lies between two others: 0 … 1; NaN: nowhere on this axis.</summary>
    public static double Share(this AxisScale scale, double value, double low, double high)
    {
        if (!(high > low)) return 0.5;
        if (scale != AxisScale.Logarithmic) return (value - low) / (high - low);
        return value > 0 ? Math.Log(value / low) / Math.Log(high / low) : double.NaN;
    }
}
