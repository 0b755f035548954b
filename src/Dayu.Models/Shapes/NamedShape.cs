using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>The size of a model that has a name.</summary>
/// <param name="Name">Lower case: <c>gpt3-175b</c>.</param>
/// <param name="Source">The paper, with its table, or the file that says it.</param>
/// <param name="config">In the terms of <c>config.json</c>.</param>
public sealed record NamedShape(string Name, string Source, JsonObject config)
{
    readonly JsonObject config = config;

    /// <summary>In the terms of <c>config.json</c>; a copy, to be changed at will.</summary>
    public JsonObject Config => (JsonObject)config.DeepClone();

    /// <summary>Where the source contradicts itself, and what is taken; null: it does not.</summary>
    public string? Note { get; init; }

    /// <summary>Tokens that the published model was trained on; null: not said.</summary>
    public double? Tokens { get; init; }

    /// <summary>Operations of that training, as published; null: not said.</summary>
    public double? PublishedOperations { get; init; }
}

/// <summary>Sizes by name: published ones, and this program's own.</summary>
public static class NamedShapes
{
    /// <summary>Those that can be listed; besides there is <c>depth-N</c> (<see cref="OwnShapes"/>).</summary>
    public static IReadOnlyList<NamedShape> All { get; } =
    [
        .. OwnShapes.All, .. RecurrentShapes.All, .. GptShapes.All, .. BertShapes.All, .. LlamaShapes.All, .. QwenShapes.All,
    ];

    /// <summary>The shape of that name; null: there is none.</summary>
    public static NamedShape? Find(string name) => All.FirstOrDefault(s => s.Name == name) ?? OwnShapes.ShapeOf(name);
}
