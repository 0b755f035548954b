using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How a training went: its curve, as numbers for those who ask for them.</summary>
sealed class RunsShowCommand : CliCommand
{
    readonly Argument<string> name = new("run");

    public override IEnumerable<Symbol> Takes => [name];

    public override int Run(CommandContext call)
    {
        var runs = RunsAtHand.Of(call.Terminal, call.Settings);
        var run = runs.Find(call.Get(name)!) ?? throw new CliError(3017, call.Get(name)!, runs.Folder);
        var report = RunReport.Of(run);
        call.Out.Result(report.Whole, report.Pairs(call.Say));
        return Exit.Ok;
    }
}
