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
    readonly Dictionary<string, Exception> failed = [];

    /// <summary>Trains what is not trained yet, and tells of all. One that fails is told, and the others are trained.</summary>
    /// <param name="name">The name of a setting's run.</param>
    /// <param name="train">Trains a run that is there (null: is not), of a name, by a recipe.</param>
    /// <returns>An exit code: failed where one did.</returns>
    public int Run(Func<SweepSetting, string> name, Action<RunFolder?, string, Recipe> train)
    {
        string[] names = [.. settings.Select(name)];
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Skip(1).Any()) is { } twice) throw new CliError(2091, twice.Key);
        SweepRun[] all = [.. settings.Zip(names, Made).OfType<SweepRun>()];
        if (all.Length == 0) throw failed[names[0]];
        foreach (var run in all) Check(run);                          // everything that can be known is told before hours of work
        foreach (var (i, run) in all.Index())
        {
            if (call.Cancel.IsCancellationRequested) break;
            var old = runs.Find(run.Name);
            var isFinished = old?.Checkpoints is [.., var last] && last >= run.Recipe.Schedule.Steps;
            call.Out.Note(call.Say.Text(isFinished ? "sweep.kept" : "sweep.begin", i + 1, all.Length, run.Name));
            if (isFinished) continue;
            try { train(old, run.Name, run.Recipe); }
            catch (Exception e) when (IsOfOne(e)) { Failed(run.Name, e); }
        }
        var report = new SweepReport(call.Say, [.. settings.Zip(names, (s, n) => new SweepMember(s, n, runs.Find(n), Fault(n)))]);
        call.Out.Result(report.Json, report.Table);
        if (call.Cancel.IsCancellationRequested) call.Out.Note(call.Say["sweep.go-on"]);
        return call.Terminal.Interrupts.Code ?? (failed.Count > 0 ? Exit.Failed : Exit.Ok);
    }

    SweepRun? Made(SweepSetting setting, string name)
    {
        try { return new(name, recipe(setting)); }
        catch (Exception e) when (IsOfOne(e))
        {
            Failed(name, e);
            return null;
        }
    }

    /// <summary>Whether others may do: not where it was stopped, or where nobody reads on.</summary>
    static bool IsOfOne(Exception e) => e is not (OperationCanceledException or ReaderGoneException or OutputException);

    void Failed(string name, Exception e)
    {
        failed[name] = e;
        var fault = Fault(name)!;
        call.Out.Warn(call.Say.Text("sweep.failed", name, fault.Error, fault.Message));
        if (call.Detailed) call.Out.Warn(e.ToString());
    }

    SweepFault? Fault(string name)
    {
        if (!failed.TryGetValue(name, out var e)) return null;
        var told = CliErrors.Of(e, call.Terminal);
        return new($"DAYU-{told.Number}", told.Text(call.Say));
    }

    /// <summary>A run of that name is gone on with only where it is of the same recipe; a new one must have a name that can be.</summary>
    void Check(SweepRun run)
    {
        if (runs.Find(run.Name) is not { } old)
        {
            runs.Check(run.Name);
            return;
        }
        JsonObject wanted = JsonNode.Parse(RecipeFile.Text(run.Recipe))!.AsObject(), found = old.Recipe;
        if (RunDifferences.Of([found, wanted]) is [var first, ..])
            throw new CliError(2090, run.Name, first.Path, RunComparison.Text(first.Values[0]), RunComparison.Text(first.Values[1]));
    }

    sealed record SweepRun(string Name, Recipe Recipe);
}
