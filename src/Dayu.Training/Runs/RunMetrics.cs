using System.Text;
using System.Text.Json;

namespace Dayu.Training;

/// <summary>
/// What was measured in a run. Every number of a line that has a step is a value of a series, whatever it is called; what is null or
/// <c>"NaN"</c> is a value that is no number. A line that cannot be read is left out.
/// </summary>
public sealed class RunMetrics
{
    readonly Dictionary<string, MetricSeries> series = [];
    readonly (long[] Steps, double[] Tokens, double[] Seconds) spent;

    RunMetrics(string file)
    {
        var buffer = new byte[1 << 12];
        var numbers = new List<(string Name, double Value)>();
        foreach (var line in RunFolder.Lines(file))
        {
            if (Encoding.UTF8.GetMaxByteCount(line.Length) is var most && most > buffer.Length) buffer = new byte[most];
            numbers.Clear();
            var step = Read(buffer.AsSpan(0, Encoding.UTF8.GetBytes(line, buffer)), numbers);
            if (step is not { } at) continue;
            foreach (var (name, value) in numbers) Of(name).Add(at, value);
        }
        spent = Spent();
    }

    /// <summary>The metrics of a run, also while it is trained.</summary>
    public static RunMetrics Of(RunFolder run) => new(run.MetricsPath);

    /// <summary>All series, in the order in which they first came.</summary>
    public IReadOnlyCollection<MetricSeries> All => series.Values;

    /// <summary>A series by its name; an empty one where there is none.</summary>
    public MetricSeries this[string name] => series.GetValueOrDefault(name) ?? new(name);

    /// <summary>Loss of each step, on what is learnt.</summary>
    public MetricSeries Loss => this[MetricNames.Loss];

    /// <summary>Loss on the held-out text, where it was measured.</summary>
    public MetricSeries Validation => this[MetricNames.Validation];

    /// <summary>The last step.</summary>
    public long Steps => Loss.Count == 0 ? 0 : Loss.Steps[^1];

    /// <summary>Tokens that were learnt from.</summary>
    public double Tokens => spent.Tokens is [.., var all] ? all : 0;

    /// <summary>Seconds that the steps took, without measuring and saving.</summary>
    public double Seconds => spent.Seconds is [.., var all] ? all : 0;

    /// <summary>How far a series' values lie along an axis.</summary>
    /// <param name="of">The series.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>As many as there are values.</returns>
    public double[] Along(MetricSeries of, RunAxis axis)
    {
        if (axis == RunAxis.Steps) return [.. of.Steps.Select(s => (double)s)];
        var (sums, at) = (axis == RunAxis.Tokens ? spent.Tokens : spent.Seconds, -1);
        var along = new double[of.Count];
        for (var i = 0; i < along.Length; i++)
        {
            while (at + 1 < sums.Length && spent.Steps[at + 1] <= of.Steps[i]) at++;
            along[i] = at < 0 ? 0 : sums[at];
        }
        return along;
    }

    /// <summary>Sums over the steps so far.</summary>
    (long[], double[], double[]) Spent()
    {
        var (tokens, speed) = (this[MetricNames.Tokens], this[MetricNames.TokensPerSecond]);
        var (sum, seconds, at) = (new double[tokens.Count], new double[tokens.Count], 0);
        for (var i = 0; i < sum.Length; i++)
        {
            while (at < speed.Count && speed.Steps[at] < tokens.Steps[i]) at++;
            var took = at < speed.Count && speed.Steps[at] == tokens.Steps[i] ? tokens.Values[i] / speed.Values[at] : 0;
            sum[i] = (i > 0 ? sum[i - 1] : 0) + Finite(tokens.Values[i]);
            seconds[i] = (i > 0 ? seconds[i - 1] : 0) + Finite(took);
        }
        return ([.. tokens.Steps], sum, seconds);

        static double Finite(double x) => double.IsFinite(x) ? x : 0;
    }

    MetricSeries Of(string name)
    {
        if (!series.TryGetValue(name, out var found)) series[name] = found = new(name);
        return found;
    }

    /// <summary>The numbers of a line.</summary>
    /// <returns>Its step; null: it has none, or cannot be read.</returns>
    static long? Read(ReadOnlySpan<byte> line, List<(string Name, double Value)> numbers)
    {
        var json = new Utf8JsonReader(line);
        var (above, name, step) = (new Stack<string>(), "", (long?)null);
        try
        {
            while (json.Read())
                switch (json.TokenType)
                {
                    case JsonTokenType.PropertyName: name = above.Peek() + json.GetString(); break;
                    case JsonTokenType.StartObject: above.Push(name.Length == 0 ? "" : name + "/"); break;
                    case JsonTokenType.EndObject: above.Pop(); break;
                    case JsonTokenType.StartArray: json.Skip(); break;
                    case JsonTokenType.Number when name == MetricNames.Step: step = json.TryGetInt64(out var s) ? s : null; break;
                    case JsonTokenType.Number: numbers.Add((name, json.GetDouble())); break;
                    case JsonTokenType.Null: numbers.Add((name, double.NaN)); break;
                    case JsonTokenType.String when NotFinite(json.GetString()) is { } value: numbers.Add((name, value)); break;
                }
            return step;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) { return null; }
    }

    static double? NotFinite(string? text) => text switch
    {
        "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => null,
    };
}
