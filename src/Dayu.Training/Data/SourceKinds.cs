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
    public static Recipe Told(Recipe recipe) => recipe.Data.Kind != SourceKind.Text ? recipe : recipe with
    {
        Data = recipe.Data with
        {
            Sources = [.. recipe.Data.Sources.Select(s => s with { Kind = s.Kind ?? Of(s.Path) })],
        },
    };

    static SourceKind Of(string path)
    {
        if (!JsonLines.Is(path) || Damage.Try(() => File.OpenRead(path), out _) is not { } file) return SourceKind.Text;
        using var content = Packing.Open(file, path);
        foreach (var line in TextLines.Of(content, new CorpusOptions().MaxBytes))
        {
            if (line.Fault is not null || string.IsNullOrWhiteSpace(line.Text)) continue;
            try
            {
                if (JsonNode.Parse(line.Text) is not JsonObject json) continue;
                return json.ContainsKey("chosen") && json.ContainsKey("rejected") ? SourceKind.Preference
                    : json.ContainsKey("messages") ? SourceKind.Chat : SourceKind.Text;
            }
            catch (JsonException) { }                                // left out later, and named
        }
        return SourceKind.Text;
    }
}
