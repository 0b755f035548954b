using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Takes trainings away, or single checkpoints of them; none that a process trains.</summary>
sealed class RunsRmCommand : CliCommand
{
    readonly Argument<string[]> names = new("runs") { Arity = ArgumentArity.OneOrMore };

    public override IEnumerable<Symbol> Takes => [names];

    public override int Run(CommandContext call)
    {
        Target[] all = [.. (call.Get(names) ?? []).Distinct().Select(n => Known(call, n))];   // none goes unless all may
        if (!call.Confirms(call.Say.Text("runs.rm.question", string.Join(", ", all.Select(t => $"{t.Name} ({Units.Bytes(t.Bytes)})")))))
        {
            call.Out.Note(call.Say["rm.kept"]);
            return Exit.Failed;
        }
        foreach (var target in all.OrderByDescending(t => t.Step is not null))                // a checkpoint, then the run that it is of
            if (target.Step is { } step) target.Run.RemoveCheckpoint(step);
            else target.Run.Remove();
        call.Out.Result("removed", [.. all.Select(t => new JsonObject { ["name"] = t.Name, ["bytes"] = t.Bytes })],
            new([call.Say["runs.removed"], call.Say["runs.freed"] + ">"], [.. all.Select(t => (string[])[t.Name, Units.Bytes(t.Bytes)])]));
        return Exit.Ok;
    }

    static Target Known(CommandContext call, string name)
    {
        var (named, step) = RunStore.Parts(name);
        var run = RunsAtHand.Find(call, named);
        if (run.IsHeld) throw new CliError(2088, run.Name);
        if (step is null) return new(name, run, null, ModelStore.BytesAt(run.Path));
        return RunsAtHand.Of(call.Terminal, call.Settings).Checkpoint(name) is { } found
            ? new(name, run, found.Step, ModelStore.BytesAt(found.Path))
            : throw new CliError(3025, run.Name, step, string.Join(' ', run.Checkpoints));
    }

    sealed record Target(string Name, RunFolder Run, long? Step, long Bytes);
}
