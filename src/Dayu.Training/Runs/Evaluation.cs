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
    /// <summary>What a line among what was measured says; null: it is that of a step, or has none.</summary>
    public static Evaluation? Of(JsonObject line)
    {
        if (line.ContainsKey(MetricNames.Loss) || line[MetricNames.Step] is not JsonValue at || !at.TryGetValue<long>(out var step))
            return null;
        var numbers = Numbers(line);
        return new(step, numbers.Remove(MetricNames.Validation, out var loss) ? loss : null, Numbers(line[MetricNames.Sources]),
            numbers, Numbers(line[MetricNames.Epochs]));
    }

    /// <summary>Its line among what was measured.</summary>
    public JsonObject Line
    {
        get
        {
            var line = new JsonObject { [MetricNames.Step] = Step };
            if (Loss is { } loss) line[MetricNames.Validation] = loss;
            if (Sources.Count > 0) line[MetricNames.Sources] = Object(Sources);
            foreach (var (name, value) in Measures) line[name] = value;
            line[MetricNames.Epochs] = Object(Epochs);
            return line;
        }
    }

    /// <summary>Numbers by name.</summary>
    public static JsonObject Object(IReadOnlyDictionary<string, double> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));

    static Dictionary<string, double> Numbers(JsonNode? of)
    {
        var numbers = new Dictionary<string, double>();
        foreach (var (name, value) in of as JsonObject ?? [])
            if (name != MetricNames.Step && value is JsonValue v && v.TryGetValue<double>(out var number)) numbers[name] = number;
        return numbers;
    }
}
