using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What was measured after a step.</summary>
/// <param name="Step">Which.</param>
/// <param name="Loss">Mean loss of all that is held out, in nats; null: nothing is.</param>
/// <param name="Sources">The same of each source, where there are several.</param>
/// <param name="Measures">What the caller measures, by name.</param>
/// <param name="Epochs">How often each source has been read.</param>
public sealed record Evaluation(long Step, double? Loss, IReadOnlyDictionary<string, double> Sources,
    IReadOnlyDictionary<string, double> Measures, IReadOnlyDictionary<string, double> Epochs)
{
    /// <summary>Its line among what was measured.</summary>
    public JsonObject Line
    {
        get
        {
            var line = new JsonObject { ["step"] = Step };
            if (Loss is { } loss) line["validation_loss"] = loss;
            if (Sources.Count > 0) line["validation"] = Object(Sources);
            foreach (var (name, value) in Measures) line[name] = value;
            line["epochs"] = Object(Epochs);
            return line;
        }
    }

    /// <summary>Numbers by name.</summary>
    public static JsonObject Object(IReadOnlyDictionary<string, double> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
}

/// <summary>Something that is measured of a model while it is trained, by whoever trains it.</summary>
/// <param name="Name">As recipes and metrics call it: <c>lambada</c>.</param>
/// <param name="HigherIsBetter">Else lower is.</param>
/// <param name="Of">Measures; a value that is no number is left out.</param>
public sealed record Measure(string Name, bool HigherIsBetter, Func<Hub.Pretrained, CancellationToken, double> Of);

/// <summary>Which step was the best, as what was measured says.</summary>
/// <param name="by">What decides: <c>validation_loss</c>, <c>validation.NAME</c>, or a measure's name.</param>
/// <param name="higherIsBetter">Else lower is.</param>
public sealed class BestCheckpoint(string by, bool higherIsBetter)
{
    /// <summary>What decides where nothing else is said.</summary>
    public const string Default = "validation_loss";

    const string Source = "validation.";

    double best = double.NaN;

    /// <summary>The best step; null: nothing was measured.</summary>
    public long? Step { get; private set; }

    /// <summary>What may decide.</summary>
    internal static IEnumerable<string> Known(TrainingData data, IEnumerable<Measure> measures) =>
        [Default, .. data.Sources.Count > 1 ? data.Sources.Select(s => Source + s.Name) : [], .. measures.Select(m => m.Name)];

    /// <summary>Looks at a line of what was measured.</summary>
    public void Look(JsonObject line)
    {
        var value = by.StartsWith(Source, StringComparison.Ordinal) ? line["validation"]?[by[Source.Length..]] : line[by];
        if ((double?)value is not { } found || !double.IsFinite(found)) return;
        if (double.IsNaN(best) || (higherIsBetter ? found > best : found < best)) (best, Step) = (found, (long)line["step"]!);
    }
}
