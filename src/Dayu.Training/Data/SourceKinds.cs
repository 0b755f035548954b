using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What a source holds, told by its first line where nobody says it.</summary>
public static class SourceKinds
{
    /// <summary>
    /// A recipe with the kind of each source: lines that have <c>chosen</c> and <c>rejected</c> are preferences, those that have
    /// <c>messages</c> conversations, all else is text. What a recipe says stays.
    /// </summary>
    /// <param name="recipe">Its sources.</param>
    /// <param name="texts">What their files hold.</param>
    public static Recipe Told(Recipe recipe, IReadOnlyList<string> texts) => recipe.Data.Kind != SourceKind.Text ? recipe : recipe with
    {
        Data = recipe.Data with
        {
            Sources = [.. recipe.Data.Sources.Zip(texts, (s, text) => s with { Kind = s.Kind ?? Of(s.Path, text) })],
        },
    };

    static SourceKind Of(string path, string text)
    {
        if (!SourceRecipe.IsLines(path)) return SourceKind.Text;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace()) continue;
            try
            {
                if (JsonNode.Parse(line.ToString()) is not JsonObject json) continue;
                return json.ContainsKey("chosen") && json.ContainsKey("rejected") ? SourceKind.Preference
                    : json.ContainsKey("messages") ? SourceKind.Chat : SourceKind.Text;
            }
            catch (JsonException) { }                                // left out later, and named
        }
        return SourceKind.Text;
    }
}
