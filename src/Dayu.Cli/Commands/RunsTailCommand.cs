using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Follows a training that another process does, until it ends or Ctrl-C.</summary>
sealed class RunsTailCommand : CliCommand
{
    static readonly TimeSpan every = TimeSpan.FromMilliseconds(200);

    readonly Argument<string> name = new("run");
    readonly Option<int> lines = new("--lines", "-n") { HelpName = "n", DefaultValueFactory = _ => 10 };

    public override IEnumerable<Symbol> Takes => [name, lines];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Jsonl];

    public override int Run(CommandContext call)
    {
        var run = RunsAtHand.Find(call, call.Get(name)!);
        if (call.Get(lines) is < 0 and var n) throw new CliError(2006, call.Say.Text("not-positive", lines.Name, n));
        var (metrics, samples) = (new LineFollower(run.MetricsPath), new LineFollower(run.SamplesPath));
        var view = new TailView(call, run);
        view.Begin(metrics.Next(), samples.Next(), call.Get(lines));
        try
        {
            for (var isHeld = true; isHeld && !call.Cancel.IsCancellationRequested;)
            {
                call.Cancel.WaitHandle.WaitOne(every);
                isHeld = run.IsHeld;                                 // before reading: what was written until then is shown
                foreach (var line in metrics.Next()) view.Measured(line);
                foreach (var line in samples.Next()) view.Sampled(line);
            }
        }
        finally { view.Wipe(); }
        if (!call.Cancel.IsCancellationRequested) view.End();
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }
}
