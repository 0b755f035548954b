using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How a training went: its curves, what it wrote, what may be wrong; as numbers for those who ask for them.</summary>
sealed class RunsShowCommand : CliCommand
{
    readonly Argument<string> name = new("run");
    readonly CurveOptions curves = new();
    readonly FigureFile file = new();

    public override IEnumerable<Symbol> Takes => [name, .. curves.All, file.Out];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var target = file.Target(call);
        var run = new RunSummary(RunsAtHand.Find(call, call.Get(name)!));
        var (report, figure) = (new RunReport(call.Say, run), new RunFigure(call, [run], curves.Read(call, [run])));
        if (target is not null)                                      // every number only where it is asked for: there may be millions
            FigureFile.Write(call, target, figure.Draw, FigureFile.Is(target, ".csv") ? report.Numbers : report.Pairs,
                FigureFile.Is(target, ".json") ? report.Whole : report.Json);
        if (!call.Out.IsText)
        {
            if (call.Out.Format == Format.Csv) call.Out.Result(report.Json, report.Numbers);
            else call.Out.Result(report.Whole, report.Pairs);
            return Exit.Ok;
        }
        call.Out.Text(report.Pairs.Render(Format.Table));
        if (!call.Out.Plain && target is null && figure.Text() is { Length: > 0 } drawn) call.Out.Drawing($"\n{drawn}");
        if (report.Remarks is { Length: > 0 } remarks) call.Out.Text($"\n{remarks}");
        return Exit.Ok;
    }
}
