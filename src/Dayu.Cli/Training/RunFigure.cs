using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>The curves of one run or several, as a drawing and on a terminal.</summary>
/// <param name="call">Who asked.</param>
/// <param name="runs">At least one.</param>
/// <param name="style">How they are drawn.</param>
sealed class RunFigure(CommandContext call, IReadOnlyList<RunSummary> runs, CurveStyle style)
{
    const int LongestName = 40;

    bool IsSmoothed => style.Span > 1;

    string Across => call.Say[$"runs.axis-{style.Axis.ToString().ToLowerInvariant()}"];

    /// <summary>For a file.</summary>
    public Picture Draw()
    {
        var main = Losses();
        CurvePanel[] others = [Of(MetricNames.Rate, "runs.rate", 1), Of(MetricNames.GradientNorm, "runs.gradient-norm", style.Span)];
        var title = runs is [var one] ? one.Run.Name : call.Say.Text("runs.compared", runs.Count);
        var lines = runs.Count > 1 ? call.Say["runs.curves"] + "\n" + Smoothing : InWords(runs[0]);
        return CurvePlot.Of(main, [.. others.Where(p => p.Curves.Any(c => c.X.Length > 0))], style.Across,
            new(title, lines.TrimEnd(), Across), string.Join(' ', runs.Select(r => $"{r.Run.Name}: {InWords(r)}")));
    }

    /// <summary>For a terminal; empty where there is nothing yet.</summary>
    public string Text()
    {
        var main = Losses();
        if (main.Curves.All(c => c.X.Length == 0)) return "";
        return new CurvesText(main, style.Across, call.Terminal.Width(), call.Out.Colors).Render(Across);
    }

    string Smoothing => IsSmoothed ? call.Say.Text("runs.smoothed", style.Span) : "";

    CurvePanel Losses() => new(call.Say["runs.loss"], [.. runs is [var one] ? Alone(one) : runs.SelectMany(Among)], style.Up);

    /// <summary>A colour for each thing that was measured.</summary>
    IEnumerable<Curve> Alone(RunSummary run)
    {
        MetricSeries[] held = [.. run.Metrics.All.Where(IsHeldOut)];
        var each = call.Say[IsSmoothed ? "runs.each" : "runs.training"];
        yield return Curve(run, run.Metrics.Loss, each, Palette.Distinct(0, 1), IsSmoothed ? CurveForm.Pale : CurveForm.Line);
        if (IsSmoothed) yield return Smoothed(run, call.Say.Text("runs.training-smoothed", style.Span), Palette.Distinct(0, 1));
        foreach (var (i, series) in held.Index())
            yield return Curve(run, series, HeldOut(series.Name), Palette.Distinct(i + 1, held.Length + 1), CurveForm.Dots);
    }

    static bool IsHeldOut(MetricSeries s) => s.Name == MetricNames.Validation || MetricNames.SourceOf(s.Name) is not null;

    string HeldOut(string name) =>
        MetricNames.SourceOf(name) is { } source ? call.Say.Text("runs.held-out-of", Short(source)) : call.Say["runs.held-out"];

    /// <summary>A colour for each run.</summary>
    IEnumerable<Curve> Among(RunSummary run, int i)
    {
        var (color, name) = (Palette.Distinct(i, runs.Count), Short(run.Run.Name));
        if (IsSmoothed) yield return Curve(run, run.Metrics.Loss, "", color, CurveForm.Pale);
        yield return IsSmoothed ? Smoothed(run, name, color) : Curve(run, run.Metrics.Loss, name, color, CurveForm.Line);
        yield return Curve(run, run.Metrics.Validation, "", color, CurveForm.Dots);
    }

    /// <summary>Something else that was measured at each step; what is noisy as the loss is.</summary>
    CurvePanel Of(string name, string measure, double span)
    {
        var noisy = runs.SelectMany((r, i) => span > 1 ? [Drawn(r, i, CurveForm.Pale)] : Array.Empty<Curve>());
        var smooth = runs.Select((r, i) => Drawn(r, i, CurveForm.Line) with { Y = r.Metrics[name].Smoothed(span) });
        return new(call.Say[measure], [.. noisy, .. smooth]);

        Curve Drawn(RunSummary r, int i, CurveForm form) => Curve(r, r.Metrics[name], "", Palette.Distinct(i, runs.Count), form);
    }

    Curve Smoothed(RunSummary run, string name, Color color) =>
        Curve(run, run.Metrics.Loss, name, color, CurveForm.Line) with { Y = run.Metrics.Loss.Smoothed(style.Span) };

    Curve Curve(RunSummary run, MetricSeries series, string name, Color color, CurveForm form) =>
        new(name, color, form, run.Metrics.Along(series, style.Axis), [.. series.Values]);

    static string Short(string name) => Label.Short(name, LongestName);

    /// <summary>What the curves of a run show.</summary>
    public string InWords(RunSummary run)
    {
        if (run.Metrics.Loss is not { Count: > 0 } loss || run.Loss is not { } last) return call.Say["runs.empty"];
        var words = call.Say.Text("runs.in-words", loss.Values.FirstOrDefault(double.IsFinite), last, run.Metrics.Steps);
        return run.Best is { } best ? words + call.Say.Text("runs.in-words-held", best.Value, best.Step) : words;
    }
}
