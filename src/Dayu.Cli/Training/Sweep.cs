using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// Trainings in turn, each a run of its own. Asked for again, runs that are finished are kept, and one that is not goes on; so a sweep
/// needs no record but its runs.
/// </summary>
/// <param name="call">Who asked.</param>
/// <param name="runs">Where they lie.</param>
/// <param name="settings">What is trained.</param>
/// <param name="recipe">The recipe of a setting.</param>
sealed class Sweep(CommandContext call, RunStore runs, IReadOnlyList<SweepSetting> settings, Func<SweepSetting, Recipe> recipe)
{
    /// <summary>Trains what is not trained yet, and tells of all.</summary>
    /// <param name="prefix">What names begin with.</param>
    /// <param name="train">Trains a run that is there (null: is not), of a name, by a recipe.</param>
    public int Run(string prefix, Action<RunFolder?, string, Recipe> train)
    {
        SweepRun[] all = [.. settings.Select(s => new SweepRun(s, prefix + s.Suffix, recipe(s)))];
        if (all.GroupBy(r => r.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice) throw new CliError(2091, twice.Key);
        foreach (var run in all) Check(run);                          // everything that can be known is told before hours of work
        foreach (var (i, run) in all.Index())
        {
            if (call.Cancel.IsCancellationRequested) break;
            var old = runs.Find(run.Name);
            var isFinished = old?.Checkpoints is [.., var last] && last >= run.Recipe.Schedule.Steps;
            call.Out.Note(call.Say.Text(isFinished ? "sweep.kept" : "sweep.begin", i + 1, all.Length, run.Name));
            if (isFinished) continue;
            try { train(old, run.Name, run.Recipe); }
            catch (NonFiniteLossException e) { call.Out.Warn(call.Say.Text("sweep.failed", run.Name, e.Message)); }   // others may do
        }
        var report = new SweepReport(call.Say, [.. all.Select(r => (r.Setting, runs.Find(r.Name)))]);
        call.Out.Result(report.Json, report.Table);
        if (call.Cancel.IsCancellationRequested) call.Out.Note(call.Say["sweep.go-on"]);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>A run of that name is gone on with only where it is of the same recipe.</summary>
    void Check(SweepRun run)
    {
        if (runs.Find(run.Name) is not { } old) return;
        JsonObject wanted = JsonNode.Parse(RecipeFile.Text(run.Recipe))!.AsObject(), found = new RunSummary(old).Recipe;
        if (RunDifferences.Of([found, wanted]) is [var first, ..])
            throw new CliError(2090, run.Name, first.Path, RunComparison.Text(first.Values[0]), RunComparison.Text(first.Values[1]));
    }

    sealed record SweepRun(SweepSetting Setting, string Name, Recipe Recipe);
}
