using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>Reads and writes recipes: JSON with comments, the reason beside each number.</summary>
public static class RecipeFile
{
    static readonly JsonDocumentOptions lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file; null: a recipe in which nothing is said, so that defaults hold.</param>
    /// <param name="set">Values that are said elsewhere: <c>schedule.rate</c> → 0.001. A value that is no JSON is a text.</param>
    /// <exception cref="RecipeException">It is no recipe; the message says where and why.</exception>
    public static Recipe Read(string? path, IEnumerable<KeyValuePair<string, string>> set)
    {
        var from = path ?? "recipe";
        try
        {
            var json = path is null ? new JsonObject()
                : JsonNode.Parse(File.ReadAllBytes(path), documentOptions: lenient) as JsonObject
                    ?? throw new RecipeException($"{from}: expected a JSON object");
            foreach (var (key, value) in set) Set(json, key, value);
            if (json["version"] is JsonValue version && version.TryGetValue<int>(out var number) && number is < 1 or > Recipe.Newest)
                throw new RecipeException($"{from}: version {version} is none that this program knows; it knows 1 to {Recipe.Newest}");
            SourceRecipe.Complete(json);
            return json.Deserialize(RecipeJson.Default.Recipe)!.Checked(from);
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{from}: {Where(e)}{Reason(e)}", e);
        }
    }

    /// <summary>The recipe as it is written into a run: every value, none left out.</summary>
    public static string Text(Recipe recipe) => JsonSerializer.Serialize(recipe, RecipeJson.Default.Recipe) + "\n";

    static void Set(JsonObject json, string key, string value)
    {
        var names = key.Split('.');
        foreach (var name in names[..^1])
            json = json[name] as JsonObject ?? (JsonObject)(json[name] = new JsonObject());
        JsonNode? parsed;
        try { parsed = JsonNode.Parse(value); }
        catch (JsonException) { parsed = value; }
        json[names[^1]] = parsed;
    }

    static string Where(JsonException e) =>
        e.Path is { Length: > 2 } at ? $"{at[2..]}: " : e.LineNumber is { } line ? $"line {line + 1}: " : "";

    static string Reason(JsonException e) =>
        e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "no such field in a recipe"
        : e.Message.Contains("could not be converted", StringComparison.Ordinal) ? "a value of another kind is expected"
        : e.Message.Contains("null", StringComparison.OrdinalIgnoreCase) ? "null is no value here; leave the field out"
        : "this is no JSON";
}

/// <summary>A recipe cannot be followed.</summary>
public sealed class RecipeException(string message, Exception? inner = null) : Exception(message, inner);
