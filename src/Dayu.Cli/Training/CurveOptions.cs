using System.CommandLine;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How curves of runs are drawn.</summary>
sealed class CurveOptions
{
    const double Parts = 100;                                        // of a run, each averaged over

    readonly Option<string?> x = new("--x") { HelpName = "steps|tokens|seconds" };
    readonly Option<double?> smooth = new("--smooth") { HelpName = "steps" };
    readonly Option<bool> logX = new("--log-x"), logY = new("--log-y");

    public CurveOptions() => x.AcceptOnlyFromAmong("steps", "tokens", "seconds");

    public IEnumerable<Symbol> All => [x, smooth, logX, logY];

    public CurveStyle Read(CommandContext call, IReadOnlyList<RunSummary> runs)
    {
        var axis = call.Get(x) is { } named ? Enum.Parse<RunAxis>(named, ignoreCase: true) : RunAxis.Steps;
        var span = call.Get(smooth) ?? Math.Floor(runs.Min(r => r.Metrics.Loss.Count) / Parts);
        if (span is < 0 or double.NaN) throw new CliError(2006, call.Say.Text("not-positive", smooth.Name, span));
        var across = call.Get(logX) ? AxisScale.Logarithmic : axis == RunAxis.Seconds ? AxisScale.Time : AxisScale.Linear;
        return new(axis, Math.Max(1, span), across, call.Get(logY) ? AxisScale.Logarithmic : AxisScale.Linear);
    }
}

/// <summary>How curves of runs are drawn.</summary>
/// <param name="Axis">Over what.</param>
/// <param name="Span">Steps that the training loss is averaged over, about; 1: none.</param>
/// <param name="Across">Scale of the axis.</param>
/// <param name="Up">Scale of the loss.</param>
sealed record CurveStyle(RunAxis Axis, double Span, AxisScale Across, AxisScale Up);
