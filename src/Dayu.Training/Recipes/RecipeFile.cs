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
            LowerKind(json["data"] as JsonObject);
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

    /// <summary>Names of kinds, which earlier programs wrote as <c>InverseSqrt</c> and <c>Text</c>.</summary>
    static void LowerKind(JsonObject? of)
    {
        if (of?["kind"] is JsonValue value && value.TryGetValue<string>(out var name))
            of["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    /// <summary>Sets a value by its path; in a list a name means the source that is called so, a number the one at that place.</summary>
    static void Set(JsonObject json, string key, string value, string? folder)
    {
        JsonNode? parsed;
        try { parsed = JsonNode.Parse(value); }
        catch (JsonException) { parsed = value; }
        var (names, at) = (key.Split('.'), (JsonNode)json);
        if (folder is not null) parsed = Rooted(names, parsed, folder);
        foreach (var name in names[..^1])
            at = at is JsonArray list ? Item(list, name)
                : at[name] is JsonArray inner ? inner : at[name] as JsonObject ?? (JsonNode)(at[name] = new JsonObject());
        if (at is JsonObject to) to[names[^1]] = parsed;
        else if (Place((JsonArray)at, names[^1]) is { } i) ((JsonArray)at)[i] = parsed;
        else throw Unknown((JsonArray)at, names[^1]);

        JsonNode Item(JsonArray list, string name)
        {
            if (Place(list, name) is not { } i) throw Unknown(list, name);
            return list[i] as JsonObject ?? (JsonNode)(list[i] = new JsonObject { ["path"] = list[i]?.DeepClone() });
        }

        int? Place(JsonArray list, string name) =>
            int.TryParse(name, out var number) && number >= 0 && number < list.Count ? number
            : list.Index().Where(s => SourceRecipe.NameOf(s.Item) == name).Select(s => (int?)s.Index).FirstOrDefault();

        RecipeException Unknown(JsonArray list, string name) => new($"{key}: there is no {name} in the list; expected 0 to {list.Count - 1}"
            + string.Concat(list.Select(SourceRecipe.NameOf).OfType<string>().Select(n => $", {n}")));
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

    /// <summary>A value whose paths are relative to a folder.</summary>
    static JsonNode? Rooted(string[] names, JsonNode? value, string folder)
    {
        var alone = new JsonObject();
        var at = alone;
        foreach (var name in names[..^1]) at = (JsonObject)(at[name] = new JsonObject());
        at[names[^1]] = value;
        RecipePaths.Root(alone, folder);
        return at[names[^1]]?.DeepClone();
    }
}
