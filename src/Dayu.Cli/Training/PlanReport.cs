using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a training will come to, for people and for programs.</summary>
/// <param name="Plan">Steps, time, disk.</param>
/// <param name="Memory">Bytes that the process had at most while it was measured.</param>
/// <param name="Model">What is trained.</param>
/// <param name="Texts">Tokens to learn from.</param>
/// <param name="Free">Bytes that are free where runs lie.</param>
sealed record PlanReport(TrainingPlan Plan, long Memory, LoadedModel Model, long Texts, long Free)
{
    /// <summary>Readings of a text after which another teaches little. Muennighoff et al. 2023, arXiv:2305.16264.</summary>
    const double ManyEpochs = 4;

    readonly FormatFit[] fits = FormatFit.Of(Model);

    TrainingCost Cost => Plan.Cost;

    double Epochs => (double)Plan.Tokens / Texts;

    /// <summary>Packed weights, the texts, the program itself: what the parts do not account for.</summary>
    long Rest => Math.Max(0, Memory - Cost.Frozen - 2 * Cost.Weights - Cost.Moments - Cost.Activations);

    public JsonObject Json => new()
    {
        ["v"] = 1, ["family"] = Model.Family.Name, ["parameters"] = Cost.Parameters, ["steps"] = Plan.Recipe.Schedule.Steps,
        ["steps_done"] = Cost.Done, ["tokens"] = Plan.Tokens, ["tokens_per_parameter"] = Math.Round(Plan.TokensPerParameter, 3),
        ["under_trained"] = Plan.TokensPerParameter < TrainingPlan.Balanced, ["epochs"] = Math.Round(Epochs, 3),
        ["precision"] = Plan.Recipe.Precision, ["seconds"] = Math.Round(Plan.Seconds, 1),
        ["preparation_seconds"] = Math.Round(Plan.Preparation, 2), ["step_seconds"] = Math.Round(Cost.Step, 5),
        ["evaluation_seconds"] = Math.Round(Cost.Evaluation, 3), ["saving_seconds"] = Math.Round(Cost.Saving, 3),
        ["tok_s"] = Math.Round(Cost.Tokens / Cost.Step, 1), ["memory_bytes"] = Memory, ["frozen_bytes"] = Cost.Frozen,
        ["weight_bytes"] = Cost.Weights,
        ["gradient_bytes"] = Cost.Weights, ["moment_bytes"] = Cost.Moments, ["activation_bytes"] = Cost.Activations,
        ["other_bytes"] = Rest, ["checkpoint_bytes"] = Cost.Checkpoint, ["disk_bytes"] = Plan.Disk, ["disk_free_bytes"] = Free,
        ["formats"] = fits.Select(Fit).ToJson(),
    };

    public Table Table(CommandContext call) => Dayu.Cli.Table.Pairs(
    [
        (call.Say["plan.model"], $"{Model.Family.Name}, {Units.Count(Cost.Parameters)} ({Cost.Parameters:N0})"),
        (call.Say["train.steps"], $"{Plan.Recipe.Schedule.Steps:N0}"),
        (call.Say["plan.tokens"], call.Say.Text("plan.tokens.value", Units.Count(Plan.Tokens), Epochs)),
        .. Plan.Recipe.Start != Recipe.Random ? [] : ((string, string)[])       // it has read far more before
            [(call.Say["plan.ratio"], $"{Plan.TokensPerParameter:F1}: {call.Say[Judgement]}")],
        (call.Say["plan.time"], call.Say.Text("plan.time.value", Units.Time(TimeSpan.FromSeconds(Math.Min(Plan.Seconds, 1e9))),
            Cost.Step * 1000, Cost.Tokens / Cost.Step, Plan.Recipe.Precision)),
        (call.Say["plan.memory"], call.Say.Text("plan.memory.value", Units.Bytes(Memory), Units.Bytes(Cost.Weights),
            Units.Bytes(Cost.Moments), Units.Bytes(Cost.Activations), Units.Bytes(Rest))
            + (Cost.Frozen > 0 ? call.Say.Text("plan.memory.frozen", Units.Bytes(Cost.Frozen)) : "")),
        (call.Say["plan.disk"], call.Say.Text("plan.disk.value", Units.Bytes(Plan.Disk), Units.Bytes(Cost.Checkpoint), Units.Bytes(Free))),
        .. fits.Select(f => (call.Say.Text("plan.blocks", f.Block), Words(f, call.Say))),
    ]);

    /// <summary>What should be told before anything is begun.</summary>
    public IEnumerable<string> Warnings(CommandContext call)
    {
        if (Memory > call.Terminal.Memory)
            yield return call.Say.Text("plan.memory.short", Units.Bytes(Memory), Units.Bytes(call.Terminal.Memory));
        if (Plan.Disk > Free) yield return call.Say.Text("plan.disk.short", Units.Bytes(Plan.Disk), Units.Bytes(Free));
        if (Epochs > ManyEpochs) yield return call.Say.Text("plan.epochs", Epochs);
    }

    string Judgement => Plan.TokensPerParameter switch
    {
        < 1 => "plan.ratio.hardly",
        < TrainingPlan.Balanced => "plan.ratio.under",
        < 3 * TrainingPlan.Balanced => "plan.ratio.balanced",
        _ => "plan.ratio.over",
    };

    static JsonObject Fit(FormatFit f) => new()
    {
        ["block"] = f.Block, ["formats"] = f.Formats.ToJson(), ["fits"] = f.Fits,
        ["widths_that_do_not"] = f.Widths.ToJson(), ["vocabulary_that_does_not"] = f.Vocabulary,
    };

    static string Words(FormatFit f, Strings say)
    {
        var names = f.Formats.Length > 3 ? $"{f.Formats[0]} … {f.Formats[^1]}" : string.Join(", ", f.Formats);
        string[] odd = [.. f.Widths.Select(w => $"{w}"), .. f.Vocabulary is { } v ? [say.Text("plan.vocabulary", v)] : (string[])[]];
        return f.Fits ? say.Text("plan.fits", names) : say.Text("plan.misfit", names, string.Join(", ", odd));
    }
}
