using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// A training that another process does: at a terminal as that process shows it; in a pipe a line for each line of the run's files, as
/// text or as JSON.
/// </summary>
/// <param name="call">Who looks.</param>
/// <param name="run">What is followed.</param>
sealed class TailView(CommandContext call, RunFolder run)
{
    readonly bool isLive = call.Out.IsText && call.Out.Draws && call.Terminal.OutIsTty;
    TrainingView? view;
    long step;

    /// <summary>What was there before.</summary>
    /// <param name="measured">Lines of the metrics.</param>
    /// <param name="sampled">Lines of the samples.</param>
    /// <param name="shown">How many of the last are shown; at a terminal, of the measurements.</param>
    public void Begin(IReadOnlyList<JsonObject> measured, IEnumerable<JsonObject> sampled, int shown)
    {
        if (!isLive) foreach (var line in measured.TakeLast(shown)) Measured(line);
        else
        {
            step = measured.Select(StepOf).LastOrDefault(s => s is not null)?.Report.Step ?? 0;
            view = new(call, step, new RunSummary(run).Planned ?? step, parameters: 0, run.HasSubwords);
            var skipped = measured.Count(l => Evaluation.Of(l) is not null) - shown;
            foreach (var line in measured)
                if (StepOf(line) is { } past) view.Past(past.Report, past.Seconds);
                else if (Evaluation.Of(line) is { } measurement && skipped-- <= 0) view.Evaluated(measurement);
        }
        foreach (var line in sampled.TakeLast(Math.Min(1, shown))) Sampled(line);
    }

    /// <summary>A line of the metrics.</summary>
    public void Measured(JsonObject line)
    {
        if (!isLive) Tell(line.ContainsKey(MetricNames.Loss) ? "step" : "eval", line);
        else if (StepOf(line) is { } made)
        {
            if (made.Report.Step <= step) return;                     // an estimate of the time left begins with the next
            step = made.Report.Step;
            view!.Stepped(made.Report, made.Seconds);
        }
        else if (Evaluation.Of(line) is { } measured) view!.Evaluated(measured);
    }

    /// <summary>The step of a line, and its seconds; null: it has none.</summary>
    static (StepReport Report, double Seconds)? StepOf(JsonObject line)
    {
        if (Number(MetricNames.Step) is not { } at || Number(MetricNames.Loss) is not { } loss) return null;
        var tokens = Number(MetricNames.Tokens) ?? 0;
        return (new((long)at, loss, Number(MetricNames.GradientNorm) ?? 0, Number(MetricNames.Rate) ?? 0, (long)tokens),
            tokens / (Number(MetricNames.TokensPerSecond) ?? double.PositiveInfinity));

        double? Number(string key) => line[key] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
    }

    /// <summary>A line of the samples.</summary>
    public void Sampled(JsonObject line)
    {
        if (isLive) view!.Sampled($"{line["prompt"]}", $"{line["answer"]}");
        else Tell("sample", line);
    }

    /// <summary>Nobody trains it any more, or nobody did.</summary>
    public void End()
    {
        var so = new RunSummary(run);
        call.Out.Note(so.State == RunState.Finished ? call.Say.Text("runs.tail-finished", run.Name, so.Metrics.Steps)
            : call.Say.Text("runs.tail-stopped", run.Name, so.Metrics.Steps, so.Planned ?? 0));
    }

    /// <summary>Wipes the line.</summary>
    public void Wipe() => view?.Wipe();

    void Tell(string what, JsonObject line)
    {
        if (call.Out.IsText)
        {
            call.Out.Text(string.Join(' ', line.Select(p => $"{p.Key}={Visible.OneLine(RunComparison.Text(p.Value))}")) + "\n");
            return;
        }
        var json = new JsonObject { ["v"] = 1, ["event"] = what, ["run"] = run.Name };
        foreach (var (key, value) in line) json[key] = value?.DeepClone();
        call.Out.Json(json);
    }
}
