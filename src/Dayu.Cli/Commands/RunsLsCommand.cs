using System.CommandLine;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>The trainings there are.</summary>
sealed class RunsLsCommand : CliCommand
{
    const int LongestName = 40;                                      // columns

    public override IEnumerable<Symbol> Takes => [];

    public override int Run(CommandContext call)
    {
        var runs = RunsAtHand.Of(call.Terminal, call.Settings);
        RunReport[] all = [.. runs.Runs.Select(r => new RunReport(call.Say, new(r)))];
        if (all.Length == 0) call.Out.Note(call.Say.Text("runs.none", runs.Folder));
        string[] heads =
            [.. ((string[])["runs.name", "train.steps", "loss", "train.validation", "runs.saved", "runs.state"]).Select(k => call.Say[k])];
        Func<string, string> name = call.Out.IsText ? n => Label.Short(n, LongestName) : n => n;
        var table = new Table(heads, [.. all.Select(r => r.Cells(name))]);
        call.Out.Result(new() { ["v"] = 1, ["runs"] = all.Select(r => r.Json).ToJson() }, table);
        return Exit.Ok;
    }
}
