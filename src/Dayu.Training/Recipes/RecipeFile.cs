using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>Reads and writes recipes: JSON with comments, the reason beside each number.</summary>
public static class RecipeFile
{
    /// <summary>Reads a recipe.</summary>
    /// <param name="path">
    /// The file; what it names is relative to its folder. null: a recipe in which nothing is said, so that defaults hold.
    /// </param>
    /// <param name="set">Values that are said elsewhere: <c>schedule.rate</c> → 0.001. A value that is no JSON is a text.</param>
    /// <param name="folder">What paths among these are relative to; null: they are left as they are.</param>
    /// <param name="under">Values where nothing is said, in place of the built-in ones.</param>
    /// <exception cref="RecipeException">It is no recipe; the message says where and why.</exception>
    public static Recipe Read(string? path, IEnumerable<KeyValuePair<string, string>> set, string? folder = null,
        IEnumerable<KeyValuePair<string, string>>? under = null)
    {
        var (from, json) = (path ?? "recipe", new JsonObject());
        try
        {
            if (path is not null)
            {
                json = new JsonText(path, File.ReadAllBytes(path), byHand: true).ParseObject();
                RecipePaths.Root(json, Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
            foreach (var (key, value) in set) Set(json, key, value, folder);
            foreach (var (key, value) in under ?? [])
                if (!IsSaid(json, key)) Set(json, key, value, folder: null);
            LowerKind(json["schedule"] as JsonObject);
            if (json["version"] is JsonValue version && version.TryGetValue<int>(out var number) && number is < 1 or > Recipe.Newest)
                throw new RecipeException($"{from}: version {version} is none that this program knows; it knows 1 to {Recipe.Newest}");
            SourceRecipe.Complete(json);
            return json.Deserialize(RecipeJson.Default.Recipe)!.Checked(from);
        }
        catch (InvalidDataException e) when (e.InnerException is JsonFault fault) { throw new RecipeException(e.Message, inner: fault); }
        catch (JsonException e) { throw RecipeKinds.Error(from, json, e); }
    }

    /// <summary>A recipe of which something was changed, where it can still be followed.</summary>
    /// <exception cref="RecipeException">It cannot; the message says which value, and what is expected.</exception>
    public static Recipe Checked(Recipe recipe) => recipe.Checked("recipe");

    /// <summary>The recipe as it is written into a run: every value, none left out.</summary>
    public static string Text(Recipe recipe) => JsonSerializer.Serialize(recipe, RecipeJson.Default.Recipe) + "\n";

    /// <summary>The name of a schedule, which earlier programs wrote as <c>InverseSqrt</c>.</summary>
    static void LowerKind(JsonObject? schedule)
    {
        if (schedule?["kind"] is JsonValue value && value.TryGetValue<string>(out var name))
            schedule["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    static void Set(JsonObject json, string key, string value, string? folder)
    {
        JsonNode? parsed;
        try { parsed = JsonNode.Parse(value); }
        catch (JsonException) { parsed = value; }
        var alone = new JsonObject();
        Of(alone, key, out var last)[last] = parsed;
        if (folder is not null) RecipePaths.Root(alone, folder);
        Of(json, key, out _)[last] = Of(alone, key, out _)[last]?.DeepClone();
    }

    /// <summary>Whether anything stands at a path, null or something wrong included.</summary>
    static bool IsSaid(JsonObject json, string path)
    {
        JsonNode? at = json;
        foreach (var name in path.Split('.'))
        {
            if (at is not JsonObject within) return true;
            if (!within.ContainsKey(name)) return false;
            at = within[name];
        }
        return true;
    }

    /// <summary>The object that a path ends in; what is not there is made.</summary>
    static JsonObject Of(JsonObject json, string path, out string last)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
            json = json[name] as JsonObject ?? (JsonObject)(json[name] = new JsonObject());
        last = names[^1];
        return json;
    }
}
