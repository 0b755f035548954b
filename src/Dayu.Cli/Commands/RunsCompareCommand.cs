using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Runs beside each other: what differs in their recipes, what came of it, their curves in one figure.</summary>
sealed class RunsCompareCommand : CliCommand
{
    readonly Argument<string[]> names = new("runs") { Arity = ArgumentArity.OneOrMore };
    readonly CurveOptions curves = new();
    readonly FigureFile file = new();

    public override IEnumerable<Symbol> Takes => [names, .. curves.All, file.Out];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var target = file.Target(call);
        RunSummary[] runs = [.. (call.Get(names) ?? []).Distinct().Select(n => new RunSummary(RunsAtHand.Find(call, n)))];
        var (comparison, figure) = (new RunComparison(call.Say, runs), new RunFigure(call, runs, curves.Read(call, runs)));
        if (target is not null)
            FigureFile.Write(call, target, figure.Draw, comparison.Table,
                new JsonObject { ["v"] = 1, ["runs"] = comparison.Json.ToJson() });
        if (!call.Out.IsText)
        {
            call.Out.Result("runs", comparison.Json, comparison.Table);
            return Exit.Ok;
        }
        call.Out.Text(comparison.Fitting(call.Terminal.Width()).Render(Format.Table));
        if (!call.Out.Plain && target is null && figure.Text() is { Length: > 0 } drawn) call.Out.Drawing($"\n{drawn}");
        return Exit.Ok;
    }
}
