using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>Which step was the best, as what was measured says.</summary>
/// <param name="by">What decides: <c>validation_loss</c>, <c>validation.NAME</c>, or a measure's name.</param>
/// <param name="higherIsBetter">Else lower is.</param>
public sealed class BestCheckpoint(string by, bool higherIsBetter)
{
    /// <summary>What decides where nothing else is said.</summary>
    public const string Default = MetricNames.Validation;

    const string Source = MetricNames.Sources + ".";

    double best = double.NaN;

    /// <summary>The best step; null: nothing was measured.</summary>
    public long? Step { get; private set; }

    /// <summary>What may decide.</summary>
    internal static IEnumerable<string> Known(TrainingData data, IEnumerable<Measure> measures) =>
        [Default, .. data.Sources.Count > 1 ? data.Sources.Select(s => Source + s.Name) : [], .. measures.Select(m => m.Name)];

    /// <summary>Looks at a line of what was measured.</summary>
    public void Look(JsonObject line)
    {
        var value = by.StartsWith(Source, StringComparison.Ordinal) ? line[MetricNames.Sources]?[by[Source.Length..]] : line[by];
        if ((double?)value is not { } found || !double.IsFinite(found)) return;
        if (double.IsNaN(best) || (higherIsBetter ? found > best : found < best)) (best, Step) = (found, (long)line[MetricNames.Step]!);
    }
}
