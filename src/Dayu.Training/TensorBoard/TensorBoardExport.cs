using System.Globalization;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A run as TensorBoard reads it: every series as scalars, what was sampled as texts.</summary>
public static class TensorBoardExport
{
    /// <summary>The name of a run's file: always the same, so that a later one takes its place.</summary>
    public static string FileName(RunSummary run) =>
        string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{Begun(run):0000000000}.dayu");

    /// <summary>Writes the events of a run, in the order of its steps.</summary>
    /// <returns>How many.</returns>
    public static long Write(RunSummary run, Stream to)
    {
        var (writer, begun, count) = (new EventWriter(to), Begun(run), 0L);
        writer.Begin(begun);
        var all = run.Metrics.All.Where(s => s.Name != MetricNames.Tokens)
            .Select(s => (Series: s, Seconds: run.Metrics.Along(s, RunAxis.Seconds)));
        var values = all.SelectMany(s => Enumerable.Range(0, s.Series.Count).Select(i => (s.Series, i, s.Seconds[i])));
        foreach (var (series, i, seconds) in values.OrderBy(v => v.Series.Steps[v.i]))
        {
            writer.Scalar(begun + seconds, series.Steps[i], Tag(series.Name), series.Values[i]);
            count++;
        }
        return count + Samples(run, writer, begun);
    }

    static long Samples(RunSummary run, EventWriter writer, double begun)
    {
        var (prompts, count) = (new List<string>(), 0L);
        foreach (var line in RunFolder.Read(run.Run.SamplesPath))
        {
            if (line[MetricNames.Step] is not JsonValue value || !value.TryGetValue<long>(out var step)) continue;
            var prompt = $"{line["prompt"]}";
            if (!prompts.Contains(prompt)) prompts.Add(prompt);
            writer.Text(begun, step, $"samples/{prompts.IndexOf(prompt) + 1}", Block(prompt + line["answer"]));
            count++;
        }
        return count;
    }

    /// <summary>As Markdown that shows every character as it is.</summary>
    static string Block(string text) => "    " + text.ReplaceLineEndings("\n    ");

    static double Begun(RunSummary run) => (run.Begun?.ToUnixTimeMilliseconds() ?? 0) / 1000.0;

    /// <summary>Losses stand in one group.</summary>
    static string Tag(string name) => name switch
    {
        MetricNames.Loss => "loss/train",
        MetricNames.Validation => "loss/validation",
        _ when MetricNames.SourceOf(name) is not null => $"loss/{name}",
        _ => name,
    };
}
