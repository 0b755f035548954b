using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dayu.Training;

/// <summary>What a source holds.</summary>
public enum SourceKind
{
    /// <summary>
    /// Texts: a file is one, or each line of a <c>.jsonl</c>, or each row of a table (its <c>text</c>). Shards and files of token ids too.
    /// </summary>
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
    /// <summary>
    /// The file: a text, <c>.jsonl</c>, <c>.csv</c>, <c>.tsv</c>, <c>.parquet</c> or <c>.html</c>, also packed (<c>.gz</c>, <c>.zst</c>);
    /// the folder of a shard set; token ids as nanoGPT's <c>.bin</c> or NumPy's <c>.npy</c>.
    /// </summary>
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
            if (s.Weight is { } weight && !(weight >= 0 && double.IsFinite(weight)))
                throw new RecipeException($"{at}.weight is {weight}, expected a number above 0");
            if (s.Weight is null != sources[0].Weight is null)
                throw new RecipeException($"{from}: data.sources: some have a weight and some have none; give it to all, or to none");
            if ((s.Kind ?? kind) != SourceKind.Text && !JsonLines.Is(s.Path))
                throw new RecipeException($"{at}: {s.Path} is no .jsonl; conversations are read of lines with messages, "
                    + "preferences of lines with chosen and rejected");
            if ((s.Kind ?? kind) == SourceKind.Preference != ((sources[0].Kind ?? kind) == SourceKind.Preference))
                throw new RecipeException($"{from}: data.sources: some hold preferences and some do not; train on one after the other");
            sources[i] = s with { Name = s.Name ?? Free(NameOf(s.Path)) };
        }
        return sources;

        string Free(string name)
        {
            for (var n = 1; ; n++)
                if ((n == 1 ? name : $"{name}-{n}") is var free && names.Add(free)) return free;
        }
    }

    /// <summary>What a source is called in a list of sources as it is written: a path, or an object.</summary>
    internal static string? NameOf(JsonNode? source) => source switch
    {
        JsonObject said => said["name"]?.ToString() ?? NameOf(said["path"]),
        JsonValue path when path.TryGetValue<string>(out var text) => NameOf(text),
        _ => null,
    };

    static string NameOf(string path) =>
        System.IO.Path.GetFileNameWithoutExtension(Packing.NameWithin(System.IO.Path.TrimEndingDirectorySeparator(path)));

    /// <summary>Whether a file, packed or not, has several documents; else it is one text.</summary>
    internal static bool HasDocuments(string path) => Suffix(path) is ".jsonl" or ".csv" or ".tsv" or ".parquet";

    /// <summary>Whether a file, packed or not, is a text as it stands, and no format has to be read.</summary>
    public static bool IsPlain(string path) => !HasDocuments(path) && Suffix(path) is not (".html" or ".htm");

    static string Suffix(string path) => System.IO.Path.GetExtension(Packing.NameWithin(path)).ToLowerInvariant();
}
