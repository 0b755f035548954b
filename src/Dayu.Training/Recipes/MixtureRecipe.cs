using System.Text.Json.Serialization;

namespace Dayu.Training;

/// <summary>Weights of the sources from some step on: <c>{"from": 0.8, "weights": {"books": 5, "news": 1}}</c>.</summary>
public sealed record MixtureRecipe
{
    /// <summary>The share of all steps after which they hold, 0 … below 1; or say <c>step</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? From { get; set; }

    /// <summary>How many steps are made before they hold; or say <c>from</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Step { get; set; }

    /// <summary>By the sources' names; one that is left out keeps its weight, one with 0 is not read.</summary>
    public Dictionary<string, double> Weights { get; set; } = [];

    /// <summary>How many steps are made before they hold.</summary>
    /// <param name="steps">Steps in all.</param>
    public long StepOf(long steps) => Step ?? (long)Math.Round(From!.Value * steps);

    /// <summary>The weights of all sources, stretch by stretch, after the first.</summary>
    /// <param name="data">Sources, each with the weight with which it begins, and later weights; checked.</param>
    /// <param name="steps">Steps in all.</param>
    /// <returns>Steps that are made before, and weights in the order of the sources.</returns>
    public static IReadOnlyList<(long Step, double[] Weights)> Later(DataRecipe data, long steps)
    {
        var weights = data.Sources.Select(s => s.Weight ?? 0).ToArray();
        return [.. (data.Mixture ?? []).Select(m =>
        {
            weights = [.. data.Sources.Select((s, i) => m.Weights.TryGetValue(s.Name!, out var own) ? own : weights[i])];
            return (m.StepOf(steps), weights);
        })];
    }

    /// <summary>Checks what a recipe says of weights.</summary>
    /// <exception cref="RecipeException">It cannot be followed; the message says what is expected.</exception>
    internal static void Check(DataRecipe data, long steps, string from)
    {
        var (known, last) = (data.Sources.Select(s => s.Name!).ToHashSet(), -1L);
        foreach (var (i, m) in (data.Mixture ?? []).Index())
        {
            var at = $"{from}: data.mixture[{i}]";
            if (m is null) throw new RecipeException($"{at} is null; expected {{\"from\": 0.8, \"weights\": {{…}}}}");
            if (m.From is null == m.Step is null)
                throw new RecipeException($"{at} has {(m.From is null ? "neither from nor step" : "from and step")}; expected one of them");
            if (m.From is { } share && !(share is >= 0 and < 1))
                throw new RecipeException($"{at}.from is {share}, expected 0 … below 1: the share of the steps that are made before");
            if (m.Step is < 0) throw new RecipeException($"{at}.step is {m.Step}, expected 0 or more");
            if (m.StepOf(steps) is var step && step <= last)
                throw new RecipeException($"{at} holds after step {step}, the one before it after {last}; expected them in order");
            last = m.StepOf(steps);
            foreach (var (name, weight) in m.Weights)
            {
                if (!known.Contains(name))
                    throw new RecipeException($"{at}.weights: there is no source {name}; there are {string.Join(", ", known)}");
                if (!(weight >= 0 && double.IsFinite(weight)))
                    throw new RecipeException($"{at}.weights.{name} is {weight}, expected 0 or more");
            }
            if (i == 0 && data.Sources.Any(s => s.Weight is null) && m.Weights.Count < known.Count)
                throw new RecipeException($"{at}.weights: the sources have no weights of their own (they count by size), "
                    + $"so that each must be named; {string.Join(", ", known.Except(m.Weights.Keys))} is missing");
        }
        var later = Later(data, steps);
        for (var s = 0; s < data.Sources.Length; s++)
            if (data.Sources[s].Weight == 0 && later.All(l => l.Weights[s] == 0))
                throw new RecipeException($"{from}: data.sources[{s}].weight is 0, expected a number above 0; "
                    + "leave a source out that is not to be read");
        if (data.Sources.Length > 0 && data.Sources.All(s => s.Weight == 0) || later.Any(l => l.Weights.Sum() == 0))
            throw new RecipeException($"{from}: data.sources: all weights are 0 {(later.Any(l => l.Weights.Sum() == 0)
                ? $"after step {later.First(l => l.Weights.Sum() == 0).Step}" : "at first")}; one must be above 0");
    }
}
