using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// Keys of a configuration that a recipe brings: one that its family does not read would change nothing, in silence. A published
/// <c>config.json</c> has many such, and may be put into a recipe; so what no family reads and is near to nothing passes.
/// </summary>
static class ModelKeys
{
    /// <summary>Looks for keys of other families, and for mistyped ones.</summary>
    /// <param name="model">With its <c>model_type</c>.</param>
    /// <exception cref="RecipeException">There is one; the message says which, and what was probably meant.</exception>
    /// <exception cref="NotSupportedException">The family is not known.</exception>
    public static void Check(JsonObject model)
    {
        var family = Families.Of(model, "model");
        string[] read = [.. family.Keys];
        if (read.Length == 0) return;
        var known = Families.Known.SelectMany(f => f.Keys).ToHashSet();
        foreach (var (key, value) in model)
        {
            if (!IsSetting(value) || read.Contains(key) || key == LoadedModel.ZeroOutputs) continue;
            var near = Spelling.Closest(key, read);
            if (near is null && !known.Contains(key)) continue;
            throw new RecipeException($"model.{key}: {family.Name} has no such key; {Meant(near ?? Kindred(key, read))}"
                + $"it has {string.Join(", ", read)}", RecipeFault.Model);
        }
    }

    /// <summary>A size, a share, a switch; texts say what a family is held against elsewhere.</summary>
    static bool IsSetting(JsonNode? value) => value?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    static string Meant(string? key) => key is null ? "" : $"{key} is perhaps meant; ";

    /// <summary>The key that has most words in common; null: none has one.</summary>
    static string? Kindred(string key, string[] read)
    {
        string[] words = key.Split('_');
        var best = read.Select(k => (Key: k, Shared: k.Split('_').Intersect(words).Count())).MaxBy(k => k.Shared);
        return best.Shared > 0 ? best.Key : null;
    }
}
