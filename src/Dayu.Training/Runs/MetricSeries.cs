namespace Dayu.Training;

/// <summary>One thing that was measured, step by step.</summary>
/// <param name="name">
/// As a run's lines call it: <c>loss</c>, <c>validation_loss</c>; inside another object <c>validation/stories</c>.
/// </param>
public sealed class MetricSeries(string name)
{
    readonly List<long> steps = [];
    readonly List<double> values = [];

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>When it was measured, ascending.</summary>
    public IReadOnlyList<long> Steps => steps;

    /// <summary>What was measured then; NaN where it was no number.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>How often it was measured.</summary>
    public int Count => values.Count;

    /// <summary>Its last value; null: there is none.</summary>
    public double? Last => values.Count == 0 ? null : values[^1];

    /// <summary>Its lowest value, and the step of it; null: there is none that is a number.</summary>
    public (long Step, double Value)? Lowest
    {
        get
        {
            var at = -1;
            for (var i = 0; i < values.Count; i++)
                if (double.IsFinite(values[i]) && (at < 0 || values[i] < values[at])) at = i;
            return at < 0 ? null : (steps[at], values[at]);
        }
    }

    /// <summary>
    /// An exponential moving average that starts without a bias towards zero (as Adam corrects its moments: Kingma and Ba 2015,
    /// arXiv:1412.6980, section 3). What is no number leaves a gap and is not averaged.
    /// </summary>
    /// <param name="span">Values that it averages over, about; 1: none.</param>
    public double[] Smoothed(double span)
    {
        var (stays, average, weight, smoothed) = (1 - 1 / Math.Max(1, span), 0.0, 0.0, new double[values.Count]);
        for (var i = 0; i < smoothed.Length; i++)
        {
            smoothed[i] = double.NaN;
            if (!double.IsFinite(values[i])) continue;
            average = stays * average + (1 - stays) * values[i];
            weight = stays * weight + (1 - stays);
            smoothed[i] = average / weight;
        }
        return smoothed;
    }

    internal void Add(long step, double value)
    {
        steps.Add(step);
        values.Add(value);
    }
}
