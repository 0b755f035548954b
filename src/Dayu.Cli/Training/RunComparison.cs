using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Runs beside each other: in what their recipes differ, and what came of it.</summary>
/// <param name="say">Texts.</param>
/// <param name="runs">The runs, in the order of their rows.</param>
sealed class RunComparison(Strings say, IReadOnlyList<RunSummary> runs)
{
    const int Longest = 40;

    readonly IReadOnlyList<RunDifference> differences = RunDifferences.Of(runs);

    /// <summary>A row for each run; as columns where those would be too many for the terminal.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public Table Fitting(int width)
    {
        var table = Short;
        return table.Render(Format.Table).Split('\n').Any(l => CellWidth.Of(l) > width) ? table.Turned() : table;
    }

    /// <summary>A row for each run, nothing shortened.</summary>
    public Table Table => Of(v => v);

    Table Short => Of(v => Label.Short(v, Longest));

    Table Of(Func<string, string> cell) => new(
        [
            say["runs.name"], .. differences.Select(d => d.Path), say["train.steps"] + ">", say["runs.tokens"] + ">", say["loss"] + ">",
            say["runs.best"] + ">", say["runs.last"] + ">", say["runs.time"] + ">", "tok/s>",
        ],
        [.. runs.Select((r, i) => (string[])[r.Run.Name, .. differences.Select(d => cell(Text(d.Values[i]))), .. Went(r)])]);

    static string[] Went(RunSummary r) =>
    [
        $"{r.Metrics.Steps:N0}", Units.Count((long)r.Metrics.Tokens), RunReport.Number(r.Loss),
        r.Best is { } best ? $"{best.Value:F4} @{best.Step}" : "–", RunReport.Number(r.Held),
        Units.Time(TimeSpan.FromSeconds(r.Metrics.Seconds)), r.TokensPerSecond is { } speed ? $"{speed:N0}" : "–",
    ];

    /// <summary>A value as <c>--set</c> takes it.</summary>
    public static string Text(JsonNode? value) =>
        value is null ? "–" : value is JsonValue v && v.TryGetValue<string>(out var text) ? text : value.ToJsonString(Output.Legible);

    public IReadOnlyList<JsonObject> Json => [.. runs.Select((r, i) =>
    {
        var json = new RunReport(say, r).Json;
        json["tokens_per_s"] = r.TokensPerSecond is { } speed ? Math.Round(speed, 1) : null;
        json["differences"] = new JsonObject(differences.Select(d => KeyValuePair.Create(d.Path, d.Values[i]?.DeepClone())));
        return json;
    })];
}
