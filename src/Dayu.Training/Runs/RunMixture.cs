using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>
/// Weights that change while a run goes on. The past stays what it was: a run is a function of its recipe, which says from which step
/// which weights hold, and how often each source was read counts all of them.
/// </summary>
public static class RunMixture
{
    const string First = "data.weights", Later = "data.mixture";

    /// <summary>
    /// A recipe whose sources have other weights than those with which the run was trained so far, as one that has them from the newest
    /// checkpoint on. A recipe that says the same, or that is of a run without a checkpoint, stays as it is.
    /// </summary>
    /// <param name="run">What is gone on with.</param>
    /// <param name="recipe">As it is wanted.</param>
    /// <param name="said">Sources whose weights are said now, by name or number, also where they are those that the run began with.</param>
    /// <exception cref="RunException">It had weights, and is to have none.</exception>
    public static Recipe Continued(RunFolder run, Recipe recipe, IReadOnlyCollection<string>? said = null)
    {
        if (run.Newest is not { } newest) return recipe;
        var state = Checkpoint.ReadJson(Path.Combine(newest, CheckpointFolder.StateFile));
        if (state["fingerprint"]?[First] is not JsonArray first || first.Count != recipe.Data.Sources.Length) return recipe;
        double?[] before = [.. first.Select(w => (double?)w)];
        string[] changed = [.. recipe.Data.Sources.Where((s, i) => s.Weight != before[i] || IsSaid(s, i)).Select(s => s.Name!)];
        if (changed.Length == 0) return recipe;
        if (recipe.Data.Sources.Any(s => s.Weight is null))
            throw new RunException(RunFault.Changed,
                $"{run.Path}: its sources had weights, and are to have none; say how much of each is to be read from now on", run.Name);
        var (step, steps) = ((long?)state["step"] ?? 0, recipe.Schedule.Steps);
        var now = new MixtureRecipe
        {
            Step = step,
            Weights = recipe.Data.Sources.Where(s => changed.Contains(s.Name)).ToDictionary(s => s.Name!, s => s.Weight!.Value),
        };
        MixtureRecipe[] all = [.. recipe.Data.Mixture ?? []];
        return RecipeFile.Checked(recipe with
        {
            Data = recipe.Data with
            {
                Sources = [.. recipe.Data.Sources.Select((s, i) => s with { Weight = before[i] })],
                Mixture = [.. all.Where(m => m.StepOf(steps) < step), now, .. all.Where(m => m.StepOf(steps) > step)],
            },
        });

        bool IsSaid(SourceRecipe source, int i) => recipe.Data.Mixture is not null && said is not null
            && (said.Contains(source.Name!) || said.Contains($"{i}"));
    }

    /// <summary>Whether a field of a fingerprint is compared here, by what was before a checkpoint.</summary>
    internal static bool Has(string key) => key is First or Later;

    /// <summary>Adds the weights of a recipe to its fingerprint.</summary>
    internal static void AddTo(JsonObject fingerprint, Recipe recipe)
    {
        fingerprint[First] = new JsonArray([.. recipe.Data.Sources.Select(s => (JsonNode?)s.Weight)]);
        var later = MixtureRecipe.Later(recipe.Data, recipe.Schedule.Steps);
        if (later.Count > 0)
            fingerprint[Later] = new JsonArray([.. later.Select(l => (JsonNode)new JsonObject
            {
                ["step"] = l.Step, ["weights"] = new JsonArray([.. l.Weights.Select(w => (JsonNode)w)]),
            })]);
    }

    /// <summary>The weights of a fingerprint with which some first steps were made, in words that can be compared.</summary>
    internal static string Until(JsonObject fingerprint, long step)
    {
        var later = (fingerprint[Later] as JsonArray ?? []).OfType<JsonObject>().Where(l => (long?)l["step"] < step);
        var first = later.Any(l => (long?)l["step"] == 0) ? "" : fingerprint[First]?.ToJsonString() ?? "not said";
        return string.Join(", ", later.Select(l => $"from step {l["step"]} {l["weights"]?.ToJsonString()}").Prepend(first)
            .Where(t => t.Length > 0));
    }
}
