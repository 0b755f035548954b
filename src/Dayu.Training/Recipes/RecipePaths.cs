using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>
/// Paths in a recipe's file are relative to the file's folder, so that it can be carried along with what lies beside it; those that are
/// said elsewhere, to the folder where that is. <c>-</c> is no path: programs call their input so.
/// </summary>
static class RecipePaths
{
    const string Here = "./", Above = "../", Input = "-";

    /// <summary>Makes them absolute: texts, the tokenizer, the model that is trained further, the one that teaches.</summary>
    /// <param name="recipe">As it is said, or a part of it.</param>
    /// <param name="folder">What they are relative to.</param>
    public static void Root(JsonObject recipe, string folder)
    {
        if (recipe["data"] is JsonObject data)
        {
            if (data["sources"] is JsonArray sources)
                for (var i = 0; i < sources.Count; i++)
                    if (sources[i] is JsonObject source) Root(source, "path", folder, isPath: true);
                    else if (Text(sources[i]) is { } path) sources[i] = path == Input ? path : Path.GetFullPath(Path.Combine(folder, path));
            Root(data, "tokenizer", folder, isPath: false);
            Root(data, "template", folder, isPath: true);
        }
        if (recipe["eval"] is JsonObject eval) Root(eval, "lambada", folder, isPath: true);
        if (recipe["teacher"] is JsonObject teacher) Root(teacher, "model", folder, isPath: false);
        Root(recipe, "start", folder, isPath: false);
    }

    /// <summary>What may be a name (<c>characters</c>, <c>random</c>, that of a model) is a path where something is there.</summary>
    static void Root(JsonObject of, string key, string folder, bool isPath)
    {
        if (Text(of[key]) is not { } said || said == Input) return;
        var path = Path.GetFullPath(Path.Combine(folder, said));
        var isMeant = isPath || said.StartsWith(Here, StringComparison.Ordinal) || said.StartsWith(Above, StringComparison.Ordinal);
        if (isMeant || Path.Exists(path)) of[key] = path;
    }

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
