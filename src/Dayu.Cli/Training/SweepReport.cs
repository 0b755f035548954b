using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What came of a sweep: the best held-out losses of each setting, over its seeds; the best setting first.</summary>
/// <param name="say">Texts.</param>
/// <param name="members">All of it.</param>
sealed class SweepReport(Strings say, IReadOnlyList<SweepMember> members)
{
    readonly Group[] groups =
    [
        .. members.GroupBy(r => string.Join('\n', r.Setting.WithoutSeed.Select(v => $"{v.Key}={v.Value}")))
            .Select(g => new Group([.. g.First().Setting.WithoutSeed],
                [.. g.Select(r => r.Run).OfType<RunFolder>().Select(r => new RunSummary(r))], [.. g.Where(r => r.Fault is not null)]))
            .OrderBy(g => g.Mean ?? double.PositiveInfinity),
    ];

    public Table Table => new(
        [
            .. groups[0].Values.Select(v => v.Key), say["sweep.runs"] + ">", say["sweep.mean"] + ">", say["sweep.spread"] + ">",
            say["sweep.best"], .. HasFailed ? [say["sweep.fault"]] : (string[])[],
        ],
        [.. groups.Select(g => (string[])[.. g.Values.Select(v => v.Value), $"{g.Runs.Length}", RunReport.Number(g.Mean),
            RunReport.Number(g.Spread), g.Best?.Run.Name ?? "–", .. HasFailed ? [g.Faults] : (string[])[]])]);

    bool HasFailed => groups.Any(g => g.Failed.Length > 0);

    public JsonObject Json => new()
    {
        ["v"] = 1,
        ["sweep"] = groups.Select(g => new JsonObject
        {
            ["values"] = new JsonObject(g.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["mean"] = g.Mean, ["spread"] = g.Spread, ["best"] = g.Best?.Run.Name,
            ["runs"] = g.Runs.Select(r => new RunReport(say, r).Json).ToJson(),
            ["failed"] = g.Failed.Select(m => new JsonObject
            {
                ["run"] = m.Name, ["error"] = m.Fault!.Error, ["message"] = m.Fault.Message,
            }).ToJson(),
        }).ToJson(),
        ["unfinished"] = members.Count - groups.Sum(g => g.Runs.Count(r => r.State == RunState.Finished)),
    };

    /// <summary>Runs that differ by their seed only.</summary>
    sealed record Group(KeyValuePair<string, string>[] Values, RunSummary[] Runs, SweepMember[] Failed)
    {
        public string Faults => string.Join("; ", Failed.Select(m => $"{m.Fault!.Error}: {m.Fault.Message}").Distinct());

        double[] Losses => [.. Runs.Select(r => r.Best?.Value).OfType<double>()];

        public double? Mean => Losses is { Length: > 0 } all ? all.Average() : null;

        /// <summary>Standard deviation of the sample; of one there is none.</summary>
        public double? Spread => Losses is { Length: > 1 } all && all.Average() is var mean
            ? Math.Sqrt(all.Sum(l => (l - mean) * (l - mean)) / (all.Length - 1)) : null;

        public RunSummary? Best => Runs.Where(r => r.Best is not null).MinBy(r => r.Best!.Value.Value);
    }
}

/// <summary>One training of a sweep, and what came of it.</summary>
/// <param name="Setting">What it sets.</param>
/// <param name="Name">Of its run.</param>
/// <param name="Run">null: it was not begun.</param>
/// <param name="Fault">null: it did not fail.</param>
sealed record SweepMember(SweepSetting Setting, string Name, RunFolder? Run, SweepFault? Fault);

/// <summary>Why a training of a sweep failed.</summary>
/// <param name="Error"><c>DAYU-2075</c>.</param>
/// <param name="Message">In the user's language.</param>
sealed record SweepFault(string Error, string Message);
