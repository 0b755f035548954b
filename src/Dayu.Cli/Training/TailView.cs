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
    readonly Losses ofHeld = new(call.Say, new RunSummary(run).HasSubwords);
    TrainingView? view;
    long step;
    double loss;

    /// <summary>What was there before.</summary>
    public void Begin(JsonObject[] measured, JsonObject[] sampled)
    {
        if (!isLive) foreach (var line in measured) Measured(line);
        else foreach (var line in measured) (step, loss) = (Number(line, "step") is { } s ? (long)s : step, Number(line, "loss") ?? loss);
        if (isLive && new RunSummary(run) is var so)
        {
            foreach (var (at, held) in so.Metrics.Validation.Steps.Zip(so.Metrics.Validation.Values).TakeLast(measured.Length))
                call.Out.Note(call.Say.Text("runs.tail-held", at, ofHeld.Text(held)));
            view = new(call, step, so.Planned ?? step, parameters: 0, hasSubwords: true);
        }
        foreach (var line in sampled) Sampled(line);
    }

    /// <summary>A line of the metrics.</summary>
    public void Measured(JsonObject line)
    {
        if (!isLive)
        {
            Tell(line.ContainsKey("loss") ? "step" : "eval", line);
            return;
        }
        var at = (long)(Number(line, "step") ?? step);
        if (Number(line, "loss") is { } now && Number(line, "tokens") is { } tokens)
        {
            if (at <= step) return;                                   // an estimate of the time left begins with the next
            (step, loss) = (at, now);
            var report = new StepReport(at, now, Number(line, "gradient_norm") ?? 0, Number(line, "rate") ?? 0, (long)tokens);
            view!.Stepped(report, tokens / (Number(line, "tokens_per_s") ?? double.NaN));
        }
        if (Number(line, "validation_loss") is { } held)
            view!.Say($"{call.Say.Text("train.evaluated", at, loss)}  {call.Say.Text("train.held", ofHeld.Text(held))}");
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

    static double? Number(JsonObject line, string key) =>
        line[key] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}
