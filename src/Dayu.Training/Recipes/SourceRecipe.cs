using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dayu.Training;

/// <summary>What a source holds.</summary>
public enum SourceKind
{
    /// <summary>Texts: a file is one, or each line of a <c>.jsonl</c> (its <c>text</c>).</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Conversations: a <c>.jsonl</c> with <c>messages</c> in each line. What the assistant says is learnt.</summary>
    [JsonStringEnumMemberName("chat")]
    Chat,

    /// <summary>
    /// Pairs of answers: a <c>.jsonl</c> with <c>prompt</c> (or <c>messages</c>), <c>chosen</c> and <c>rejected</c> in each line.
    /// </summary>
    [JsonStringEnumMemberName("preference")]
    Preference,
}

/// <summary>Something to learn from. In a recipe a path alone may stand for it.</summary>
public sealed record SourceRecipe
{
    /// <summary>The file.</summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// Its share of the tokens that are read, in proportion to the other sources'; null: by size, so that all are read equally often.
    /// </summary>
    public double? Weight { get; set; }

    /// <summary>What it is called where its losses are shown; null: as the file is.</summary>
    public string? Name { get; set; }

    /// <summary>What it holds; null: what <c>data.kind</c> says.</summary>
    public SourceKind? Kind { get; set; }

    /// <summary>Paths become sources.</summary>
    internal static void Complete(JsonObject recipe)
    {
        if (recipe["data"] is not JsonObject data || data["sources"] is not JsonArray sources) return;
        for (var i = 0; i < sources.Count; i++)
            if (sources[i] is JsonValue path && path.TryGetValue<string>(out var text)) sources[i] = new JsonObject { ["path"] = text };
    }

    /// <summary>Sources, each with a name of its own.</summary>
    /// <exception cref="RecipeException">A name comes twice, a weight is none, or some have one and others do not.</exception>
    internal static SourceRecipe[] Checked(SourceRecipe[] sources, SourceKind kind, string from)
    {
        var names = new HashSet<string>(sources.Select(s => s?.Name).OfType<string>());
        if (names.Count < sources.Count(s => s?.Name is not null))
            throw new RecipeException($"{from}: data.sources: two have the same name; expected a name of its own for each");
        for (var i = 0; i < sources.Length; i++)
        {
            var (s, at) = (sources[i], $"{from}: data.sources[{i}]");
            if (s is null) throw new RecipeException($"{from}: data.sources has a null; expected paths");
            if (s.Path.Length == 0) throw new RecipeException($"{at} has no path");
            if (s.Weight is { } weight && !(weight > 0 && double.IsFinite(weight)))
                throw new RecipeException($"{at}.weight is {weight}, expected a number above 0; leave a source out that is not to be read");
            if (s.Weight is null != sources[0].Weight is null)
                throw new RecipeException($"{from}: data.sources: some have a weight and some have none; give it to all, or to none");
            if ((s.Kind ?? kind) != SourceKind.Text && !IsLines(s.Path))
                throw new RecipeException($"{at}: {s.Path} is no .jsonl; conversations are read of lines with messages, "
                    + "preferences of lines with chosen and rejected");
            if ((s.Kind ?? kind) == SourceKind.Preference != ((sources[0].Kind ?? kind) == SourceKind.Preference))
                throw new RecipeException($"{from}: data.sources: some hold preferences and some do not; train on one after the other");
            sources[i] = s with { Name = s.Name ?? Free(System.IO.Path.GetFileNameWithoutExtension(s.Path)) };
        }
        return sources;

        string Free(string name)
        {
            for (var n = 1; ; n++)
                if ((n == 1 ? name : $"{name}-{n}") is var free && names.Add(free)) return free;
        }
    }

    /// <summary>Whether a file has a document in each line.</summary>
    internal static bool IsLines(string path) => JsonLines.Is(path);
}
