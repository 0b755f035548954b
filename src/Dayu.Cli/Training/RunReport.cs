using System.Globalization;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a run's files say of it, in words and tables.</summary>
/// <param name="say">Texts.</param>
/// <param name="run">The run.</param>
sealed class RunReport(Strings say, RunSummary run)
{
    const int LastMeasured = 6, LastSamples = 3;

    static readonly string[] shown =
    [
        MetricNames.Loss, MetricNames.GradientNorm, MetricNames.Rate, MetricNames.Tokens, MetricNames.TokensPerSecond,
        MetricNames.Validation,
    ];

    /// <summary>A row of a list.</summary>
    /// <param name="name">What the run is called there.</param>
    public string[] Cells(Func<string, string> name) =>
    [
        name(run.Run.Name), $"{run.Metrics.Steps:N0}", Number(run.Loss), Number(run.Held),
        string.Join(' ', run.Run.Checkpoints.TakeLast(3)), State,
    ];

    string State => say[$"runs.state-{run.State}".ToLowerInvariant()];

    public JsonObject Json => new()
    {
        ["name"] = run.Run.Name, ["path"] = run.Run.Path, ["state"] = $"{run.State}".ToLowerInvariant(), ["steps"] = run.Metrics.Steps,
        ["planned"] = run.Planned, ["tokens"] = run.Metrics.Tokens, ["seconds"] = Math.Round(run.Metrics.Seconds, 3), ["loss"] = run.Loss,
        ["validation_loss"] = Finite(run.Held), ["best_validation_loss"] = run.Best?.Value, ["best_step"] = run.Best?.Step,
        ["checkpoints"] = run.Run.Checkpoints.ToJson(),
    };

    /// <summary>With every value of every series, doubts and samples.</summary>
    public JsonObject Whole
    {
        get
        {
            var json = Json;
            json["v"] = 1;
            json["doubts"] = run.Doubts.Select(d => new JsonObject { ["step"] = d.Step, ["doubt"] = Name(d.Doubt) }).ToJson();
            json["samples"] = RunFolder.Read(run.Run.SamplesPath).ToJson();
            json["series"] = new JsonObject(run.Metrics.All.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)List(s))));
            return json;
        }
    }

    static string Name(TrainingDoubt doubt) => $"{doubt}".ToLowerInvariant();

    static JsonArray List(MetricSeries s) => new([.. s.Steps.Zip(s.Values, (step, v) => (JsonNode)new JsonArray(step, Finite(v)))]);

    static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    public Table Pairs => Table.Pairs(
    [
        (say["runs.name"], run.Run.Name), (say["runs.folder"], run.Run.Path), (say["runs.state"], State),
        (say["train.steps"], run.Planned is { } all ? say.Text("runs.of", run.Metrics.Steps, all) : $"{run.Metrics.Steps:N0}"),
        (say["runs.tokens"], $"{Units.Count((long)run.Metrics.Tokens)}  {run.TokensPerSecond ?? 0:N0} tok/s"),
        (say["runs.time"], Units.Time(TimeSpan.FromSeconds(run.Metrics.Seconds))),
        (say["loss"], Number(run.Loss)),
        (say["train.validation"], string.Join("  ", Measured(run.Metrics.Validation, OfHeld.Text))),
        (say["runs.best"], run.Best is { } best ? $"{best.Step}: {best.Value:F4}" : "–"),
        .. run.Metrics.All.Where(s => !shown.Contains(s.Name)).Select(s => (s.Name, string.Join("  ", Measured(s)))),
        (say["runs.saved"], string.Join(' ', run.Run.Checkpoints)),
    ]);

    LossText OfHeld => new(say, run.Run.HasSubwords);

    static IEnumerable<string> Measured(MetricSeries s, Func<double, string>? text = null) =>
        s.Steps.Zip(s.Values, (step, v) => $"{step}: {text?.Invoke(v) ?? $"{v:F4}"}").TakeLast(LastMeasured);

    /// <summary>What the model went on with last, and what may be wrong.</summary>
    public string Remarks
    {
        get
        {
            var samples = RunFolder.Read(run.Run.SamplesPath).TakeLast(LastSamples)
                .Select(s => $"{say.Text("runs.sample", $"{s["step"]}")}  {Visible.OneLine($"{s["prompt"]}{s["answer"]}")}\n");
            var doubts = run.Doubts.Select(d => say.Text($"train.doubt.{Name(d.Doubt)}", d.Step) + "\n");
            return string.Concat([.. samples, .. doubts]);
        }
    }

    /// <summary>Every step that has a value, with what was measured then.</summary>
    public Table Numbers
    {
        get
        {
            MetricSeries[] all = [.. run.Metrics.All];
            var rows = new SortedDictionary<long, string[]>();
            foreach (var (i, series) in all.Index())
                foreach (var (step, value) in series.Steps.Zip(series.Values))
                {
                    if (!rows.TryGetValue(step, out var row))
                        (rows[step] = row = [.. Enumerable.Repeat("", all.Length + 1)])[0] = $"{step}";
                    row[i + 1] = value.ToString("R", CultureInfo.InvariantCulture);
                }
            return new(["step>", .. all.Select(s => s.Name + ">")], [.. rows.Values]);
        }
    }

    public static string Number(double? value) => value is { } v ? $"{v:F4}" : "–";
}
