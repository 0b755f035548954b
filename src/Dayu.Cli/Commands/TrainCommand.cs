using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trains a model, or several by recipes that differ, or goes on with a training, or plans one.</summary>
sealed class TrainCommand : TrainingCommand
{
    readonly Option<string?> resume = new("--resume") { HelpName = "run" }, fork = new("--fork") { HelpName = "run@step" };

    public override IEnumerable<Symbol> Takes => [.. Recipes.All, .. OfLength, resume, fork, .. OfStart];

    protected override int Run(CommandContext call, RunStore runs, long begun) =>
        call.Get(resume) is { } named ? Resume(call, runs, named) : Begin(call, runs, begun, Basis(call, runs));

    /// <summary>What else is asked for is not done in silence.</summary>
    int Resume(CommandContext call, RunStore runs, string named)
    {
        if (Asked(call).Concat(call.IsGiven(fork) ? [fork.Name] : []).FirstOrDefault() is { } other) throw new CliError(2077, other, named);
        return GoOn(call, runs.Find(named) ?? throw new CliError(3017, named, runs.Folder));
    }

    Forked? Basis(CommandContext call, RunStore runs)
    {
        if (call.Get(fork) is not { } named) return null;
        Exclude(call);                                               // before what is wrong with the checkpoint
        var from = runs.Checkpoint(named) ?? throw new CliError(3028, named, runs.Folder);
        return new(from, RecipeFile.Read(from.Run.RecipePath, []));
    }

    protected override void Exclude(CommandContext call)
    {
        base.Exclude(call);
        Exclude(call, [fork, Recipes.From]);
        ExcludeSweep(call, fork);
    }
}
