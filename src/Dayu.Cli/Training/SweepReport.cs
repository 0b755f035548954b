using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What came of a sweep: the best held-out losses of each setting, over its seeds; the best setting first.</summary>
/// <param name="say">Texts.</param>
/// <param name="runs">Its settings, and the run of each; null: not begun.</param>
sealed class SweepReport(Strings say, IReadOnlyList<(SweepSetting Setting, RunFolder? Run)> runs)
{
    readonly Group[] groups =
    [
        .. runs.GroupBy(r => string.Join('\n', r.Setting.WithoutSeed.Select(v => $"{v.Key}={v.Value}")))
            .Select(g => new Group([.. g.First().Setting.WithoutSeed],
                [.. g.Select(r => r.Run).OfType<RunFolder>().Select(r => new RunSummary(r))]))
            .OrderBy(g => g.Mean ?? double.PositiveInfinity),
    ];

    public Table Table => new(
        [
            .. groups[0].Values.Select(v => v.Key), say["sweep.runs"] + ">", say["sweep.mean"] + ">", say["sweep.spread"] + ">",
            say["sweep.best"],
        ],
        [.. groups.Select(g => (string[])[.. g.Values.Select(v => v.Value), $"{g.Runs.Length}", RunReport.Number(g.Mean),
            RunReport.Number(g.Spread), g.Best?.Run.Name ?? "–"])]);

    public JsonObject Json => new()
    {
        ["v"] = 1,
        ["sweep"] = groups.Select(g => new JsonObject
        {
            ["values"] = new JsonObject(g.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["mean"] = g.Mean, ["spread"] = g.Spread, ["best"] = g.Best?.Run.Name,
            ["runs"] = g.Runs.Select(r => new RunReport(say, r).Json).ToJson(),
        }).ToJson(),
        ["unfinished"] = runs.Count - groups.Sum(g => g.Runs.Count(r => r.State == RunState.Finished)),
    };

    /// <summary>Runs that differ by their seed only.</summary>
    sealed record Group(KeyValuePair<string, string>[] Values, RunSummary[] Runs)
    {
        double[] Losses => [.. Runs.Select(r => r.Best?.Value).OfType<double>()];

        public double? Mean => Losses is { Length: > 0 } all ? all.Average() : null;

        /// <summary>Standard deviation of the sample; of one there is none.</summary>
        public double? Spread => Losses is { Length: > 1 } all && all.Average() is var mean
            ? Math.Sqrt(all.Sum(l => (l - mean) * (l - mean)) / (all.Length - 1)) : null;

        public RunSummary? Best => Runs.Where(r => r.Best is not null).MinBy(r => r.Best!.Value.Value);
    }
}
