using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Dayu.Models;

/// <summary>A kind of model: how it is called in files, how it is made, how its weights are named there.</summary>
/// <param name="Name">Short, as in <c>model_type</c>: <c>llama</c>.</param>
/// <param name="Architectures">The names in <c>config.json</c>'s <c>architectures</c>; none: <c>model_type</c> alone
/// tells it.</param>
public sealed record Family(string Name, string[] Architectures)
{
    /// <summary>Makes the model that a configuration describes, asking for its weights by path.</summary>
    public required Func<JsonObject, Weights, IModel> Make { get; init; }

    /// <summary>The record that its configuration is read as; null: it reads its keys in its own way, and nobody else knows them.</summary>
    public Func<JsonTypeInfo>? Config { get; init; }

    /// <summary>
    /// The keys of <c>config.json</c> that decide what it computes, as far as they are known; others it may hold against what it knows,
    /// or not read.
    /// </summary>
    public IEnumerable<string> Keys => Config?.Invoke().Properties.Select(p => p.Name) ?? [];

    /// <summary>The smallest <c>config.json</c> that has every part: for tests and first experiments.</summary>
    public required string Example { get; init; }

    /// <summary>Where Hugging Face files say it otherwise than the model; what is not listed is the same.</summary>
    public TensorRule[] Names { get; init; } = [];

    /// <summary>
    /// Aliases of published names, as some files have them; each may be met together with others. They are read where
    /// the published one is missing, and never written.
    /// </summary>
    public TensorRule[] Aliases { get; init; } = [];

    /// <summary>Whether no other program knows it: Transformers has no such model, or one that computes something else.</summary>
    public bool IsOwn { get; init; }

    /// <summary>How GGUF files say it; null: they have no such family.</summary>
    public GgufDialect? Gguf { get; init; }
}

/// <summary>Every family this build knows. Each model file adds itself.</summary>
public static class Families
{
    static readonly SortedDictionary<string, Family> known = [];

    /// <summary>All families, by name.</summary>
    public static IReadOnlyCollection<Family> Known => known.Values;

    /// <summary>Adds a family; called by the family's own file.</summary>
    public static void Add(Family family) => known.Add(family.Name, family);

    /// <summary>The family that a <c>config.json</c> names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="path">Where it was found, for messages.</param>
    /// <exception cref="NotSupportedException">Not known; the message lists those that are.</exception>
    public static Family Of(JsonObject config, string path = "config.json")
    {
        var name = Architecture(config);
        var type = config["model_type"]?.ToString();
        var found = known.Values.FirstOrDefault(f => name is not null ? f.Architectures.Contains(name) : f.Name == type);
        if (found is not null) return found;
        var (asked, all) = (MappedFile.Shown(name ?? type ?? "(none named)"), known.Values.SelectMany(NamesOf));
        throw new NotSupportedException($"{path}: unknown architecture {asked}; known: {string.Join(", ", all)}");
    }

    static string[] NamesOf(Family f) => f.Architectures.Length > 0 ? f.Architectures : [f.Name];

    /// <summary>The first name of <c>architectures</c>: which heads a model has; null: none is named.</summary>
    public static string? Architecture(JsonObject config) => (config["architectures"] as JsonArray)?.FirstOrDefault()?.ToString();

    /// <summary>The families that GGUF files have, by name.</summary>
    public static IEnumerable<string> InGguf => known.Values.Where(f => f.Gguf is not null).Select(f => f.Name);

    /// <summary>The family that a GGUF file's <c>general.architecture</c> names.</summary>
    /// <param name="architecture">The name.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="NotSupportedException">Not known; the message lists those that are.</exception>
    public static Family OfGguf(string architecture, string path)
    {
        if (known.Values.FirstOrDefault(f => f.Gguf?.Architecture == architecture) is { } found) return found;
        var all = string.Join(", ", known.Values.Select(f => f.Gguf?.Architecture).OfType<string>());
        throw new NotSupportedException($"{path}: unknown GGUF architecture {MappedFile.Shown(architecture)}; known: {all}");
    }

    /// <summary>A configuration as the family's own record.</summary>
    /// <exception cref="InvalidDataException">A key is missing or of another type; the message names it.</exception>
    public static TConfig Read<TConfig>(JsonObject config, JsonTypeInfo<TConfig> type) => ConfigRecord.Of(config, type);

    /// <summary>Refuses a configuration that asks for what the family does not do.</summary>
    /// <exception cref="InvalidDataException">The key is there and has another value.</exception>
    public static void Require(JsonObject config, string key, string value)
    {
        if (config[key] is { } found && found.ToString() != value)
            throw new InvalidDataException($"config: {key} is {MappedFile.Shown(found.ToString())}, only '{value}' is known here");
    }
}
