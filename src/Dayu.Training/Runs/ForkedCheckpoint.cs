using System.Text;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>
/// A checkpoint as the beginning of another run: its weights, moments and position in the data stay, the recipe may be another. So the
/// last part of a schedule is tried in several ways, and the first is paid for once (Hu et al. 2024, arXiv:2404.06395, section 4).
/// </summary>
static class ForkedCheckpoint
{
    /// <summary>Copies a checkpoint into a run that has none.</summary>
    /// <param name="from">Its folder.</param>
    /// <param name="to">The run; it has its tokenizer.</param>
    /// <param name="fingerprint">Of the new run.</param>
    /// <param name="recipe">Of the new run.</param>
    /// <exception cref="RunException">It has another model, tokenizer or optimizer than the new recipe; the message says which.</exception>
    public static void Copy(string from, RunFolder to, JsonObject fingerprint, Recipe recipe)
    {
        var state = Checkpoint.ReadJson(Path.Combine(from, CheckpointFolder.StateFile));
        var before = state["fingerprint"] as JsonObject ?? [];
        var step = (long?)state["step"] ?? throw new InvalidDataException($"{from}: {CheckpointFolder.StateFile} says no step");
        var hasStates = File.Exists(Path.Combine(from, CheckpointFolder.StatesFile));
        var kept = before.Concat(fingerprint).Select(f => f.Key).Where(k => IsKept(k) || hasStates && IsOfTexts(k)).Distinct();
        foreach (var key in kept.Where(k => !RunMixture.Has(k))) Same(key, Text(before, key), Text(fingerprint, key));
        if (hasStates) Same("data.weights", RunMixture.Until(before, step), RunMixture.Until(fingerprint, step));
        if (step >= recipe.Schedule.Steps)
            throw new RunException(RunFault.Fork, $"{from}: {step} steps are made, schedule.steps is {recipe.Schedule.Steps}; "
                + "it counts all steps, those before the fork included, and must be higher");
        state["fingerprint"] = fingerprint.DeepClone();
        WholeFolder.Write(to.Checkpoint(step), part =>
        {
            foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(part, Path.GetFileName(file)));
            WholeFile.Write(Path.Combine(part, CheckpointFolder.StateFile), Encoding.UTF8.GetBytes(state.ToJsonString()));
        });

        void Same(string what, string? found, string? expected)
        {
            if (found != expected)
                throw new RunException(RunFault.Fork, $"{from}: {what} is {found ?? "not said"}, the new run's {expected ?? "not said"}; "
                    + $"a fork keeps model, tokenizer and optimizer{(hasStates ? ", and the texts whose states it carries on" : "")}. "
                    + "With others, start a run from its weights alone");
        }
    }

    /// <summary>What weights and moments would mean something else without.</summary>
    static bool IsKept(string key) =>
        key is "tokenizer" or "optimizer.name" or "base"
        || key.StartsWith("model.", StringComparison.Ordinal) || key.StartsWith("adapter.", StringComparison.Ordinal);

    /// <summary>What states of texts would be those of other texts without.</summary>
    static bool IsOfTexts(string key) =>
        key is "data" or "seed" || key.StartsWith("data.", StringComparison.Ordinal);

    static string? Text(JsonObject fingerprint, string key) => fingerprint[key]?.ToJsonString();
}
