using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A value in which runs differ.</summary>
/// <param name="Path">Of the recipe, as <c>--set</c> takes it (<c>schedule.rate</c>); or what made the run (<c>machine</c>).</param>
/// <param name="Values">Of each run; null: it has none.</param>
public sealed record RunDifference(string Path, IReadOnlyList<JsonNode?> Values);

/// <summary>In what the recipes and origins of runs differ.</summary>
public static class RunDifferences
{
    static readonly string[] own = ["version", "begun"];             // every run has its own

    /// <summary>The differences, in the order of the recipes, then of the origins.</summary>
    public static IReadOnlyList<RunDifference> Of(IReadOnlyList<RunSummary> runs) => Of([.. runs.Select(Values)]);

    /// <summary>In what recipes differ.</summary>
    public static IReadOnlyList<RunDifference> Of(IReadOnlyList<JsonObject> recipes) => Of([.. recipes.Select(Values)]);

    static IReadOnlyList<RunDifference> Of(Dictionary<string, JsonNode?>[] all)
    {
        var paths = all.SelectMany(v => v.Keys).Distinct();
        return [.. paths.Select(p => new RunDifference(p, [.. all.Select(v => v.GetValueOrDefault(p))])).Where(Differs)];
    }

    static bool Differs(RunDifference d) => d.Values.Any(v => !JsonNode.DeepEquals(v, d.Values[0]));

    static Dictionary<string, JsonNode?> Values(JsonObject recipe)
    {
        var values = new Dictionary<string, JsonNode?>();
        Add(values, "", recipe);
        return values;
    }

    static Dictionary<string, JsonNode?> Values(RunSummary run)
    {
        var values = Values(run.Recipe);
        foreach (var (key, value) in run.Origin)
            if (!own.Contains(key)) Add(values, key, value);
        return values;
    }

    static void Add(Dictionary<string, JsonNode?> values, string path, JsonNode? value)
    {
        if (value is not JsonObject inner) values[path] = value;
        else foreach (var (key, below) in inner) Add(values, path.Length == 0 ? key : $"{path}.{key}", below);
    }
}
