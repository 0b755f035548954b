using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Shard sets of a folder: it is one, or holds some.</summary>
static class ShardSets
{
    static readonly string[] kept = ["name", "documents", "tokens", "vocabulary", "dtype", "tokenizer"];

    /// <summary>What their records say; empty: there is none.</summary>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public static IReadOnlyList<JsonObject> In(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        string[] folders = [folder, .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        return [.. folders.Select(f => Path.Combine(f, ShardSet.FileName)).Where(File.Exists).Select(Read)];
    }

    static JsonObject Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            return new(kept.Select(k => KeyValuePair.Create(k, json[k]?.DeepClone())));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"{path} is no record of a shard set: {e.Message}", e);
        }
    }
}
