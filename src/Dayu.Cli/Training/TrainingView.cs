using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// How a training goes: a line that is drawn again on a terminal, with the losses so far as a sparkline; a line that stays for each
/// measurement. In a pipe a line every ten seconds.
/// </summary>
/// <param name="call">Who trains.</param>
/// <param name="from">Steps that were done before.</param>
/// <param name="steps">Steps in all.</param>
/// <param name="parameters">Values of the model; 0: unknown.</param>
/// <param name="hasSubwords">Whether tokens are parts of words: then perplexity is shown as well.</param>
sealed class TrainingView(CommandContext call, long from, long steps, long parameters, bool hasSubwords)
{
    const int Points = 24;
    const string Signs = "▁▂▃▄▅▆▇█";

    readonly long start = call.Terminal.Clock.GetTimestamp();
    readonly List<double> losses = [];
    readonly LossText ofHeld = new(call.Say, hasSubwords);
    TimeSpan shown;
    readonly StatusLine line = new(call.Terminal);
    double speed, smoothed;

    /// <summary>A step was made before: it counts in the averages.</summary>
    public void Past(StepReport r, double seconds)
    {
        losses.Add(r.Loss);
        var share = losses.Count == 1 ? 1 : 0.05;
        smoothed += share * (r.Loss - smoothed);
        speed += share * (r.Tokens / Math.Max(seconds, 1e-9) - speed);
    }

    /// <summary>A step was made.</summary>
    public void Stepped(StepReport r, double seconds)
    {
        Past(r, seconds);
        var elapsed = call.Terminal.Clock.GetElapsedTime(start);
        if (!call.Out.ShowsProgress || (elapsed - shown).TotalSeconds < (call.Out.Draws ? 0.2 : 10)) return;
        shown = elapsed;
        var left = TimeSpan.FromSeconds(Math.Min(359_999, elapsed.TotalSeconds / (r.Step - from) * (steps - r.Step)));
        var flops = 6.0 * parameters * speed / 1e9;
        var work = parameters > 0 ? $"{flops:N0} GFLOP/s  " : "";
        if (call.Out.Draws)
            line.Draw($"{r.Step:N0}/{steps:N0}  {call.Say["loss"]} {smoothed:F3} {Curve()}  {speed:N0} tok/s  {work}"
                + $"{call.Say["left"]} {Units.Time(left)}");
        else
            call.Terminal.Error.WriteLine($"step={r.Step} of={steps} loss={smoothed:F4} lr={r.Rate:G3} norm={r.GradientNorm:F3} "
                + (r.Accuracy is { } won ? $"accuracy={won:F3} " : "")
                + $"tok_s={speed:F0} gflop_s={flops:F0} eta_s={left.TotalSeconds:F0}");
    }

    /// <summary>The sources have other weights from this step on.</summary>
    public void Mixed(long step, IReadOnlyDictionary<string, double> weights)
    {
        var all = weights.Values.Sum();
        Say(call.Say.Text("train.mixed", step, string.Join("  ", weights.Select(w => $"{w.Key} {100 * w.Value / all:F1} %"))));
    }

    /// <summary>The model was measured.</summary>
    public void Evaluated(Evaluation e)
    {
        if (e.Loss is null && e.Measures.Count == 0) return;
        var text = call.Say.Text("train.evaluated", e.Step, smoothed);
        if (e.Loss is { } held) text += "  " + call.Say.Text("train.held", ofHeld.Text(held));
        if (e.Sources.Count > 0) text += $"  ({ofHeld.Text(e.Sources)})";
        Say(text + string.Concat(e.Measures.Select(m => $"  {m.Key} {100 * m.Value:F2} %")));
    }

    /// <summary>Documents that are not read: how many of each source, and the first of them.</summary>
    public void Skipped(TrainingData data)
    {
        foreach (var source in data.Sources.Where(s => s.Skipped.Count > 0))
            call.Out.Warn(call.Say.Text("train.skipped", source.Name, source.Skipped.Count,
                source.Skipped[0].Place, source.Skipped[0].Reason));
    }

    /// <summary>The model went on with a prompt.</summary>
    public void Sampled(string prompt, string answer) => Say("  " + Visible.OneLine(prompt + answer));

    /// <summary>Something to be told, above the line.</summary>
    public void Say(string text)
    {
        Wipe();
        if (!call.Out.Quiet) call.Terminal.Error.WriteLine(Visible.Of(text));
    }

    /// <summary>Means of equal parts of the losses so far, from the lowest to the highest.</summary>
    string Curve()
    {
        var count = Math.Min(Points, losses.Count);
        double[] means = [.. Enumerable.Range(0, count).Select(i =>
            losses[(i * losses.Count / count)..Math.Max(i * losses.Count / count + 1, (i + 1) * losses.Count / count)].Average())];
        var (least, most) = (means.Min(), means.Max());
        return string.Concat(means.Select(m => Signs[(int)((m - least) / Math.Max(1e-9, most - least) * (Signs.Length - 1))]));
    }

    /// <summary>Wipes the line.</summary>
    public void Wipe() => line.Wipe();
}
