using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What a checkpoint's headers say; its weights are not read.</summary>
sealed class ModelFacts
{
    readonly JsonObject config;

    public ModelFacts(Checkpoint checkpoint)
    {
        config = checkpoint.Config;
        Formats = [.. checkpoint.Tensors.Entries.Values.GroupBy(t => t.DType.Name).Select(g => (g.Key, g.Count(), g.Sum(t => t.Bytes))).OrderByDescending(f => f.Item3)];
        Parameters = checkpoint.Tensors.Entries.Values.Where(t => !t.Name.StartsWith("rope_", StringComparison.Ordinal)).Sum(t => t.Shape.Count);
    }

    public static ModelFacts Of(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return new(checkpoint);
    }

    /// <summary>Number formats, how many tensors have each, and how many bytes they take; most first.</summary>
    public (string Name, int Tensors, long Bytes)[] Formats { get; }

    /// <summary>The number format that takes most of the file.</summary>
    public string Type => Formats.Length > 0 ? Formats[0].Name : "?";

    /// <summary>Number of weights; tables that only spare a computation are none.</summary>
    public long Parameters { get; }

    public string Architecture => (config["architectures"] as JsonArray)?.FirstOrDefault()?.ToString() ?? "?";

    public int Context => Number("max_position_embeddings", "n_positions", "n_ctx");

    public int Layers => Number("num_hidden_layers", "n_layer");

    public int Width => Number("hidden_size", "n_embd");

    public int Heads => Number("num_attention_heads", "n_head");

    public int KvHeads => Number("num_key_value_heads", "num_attention_heads", "n_head");

    public int Vocabulary => Number("vocab_size");

    int Number(params string[] keys) => keys.Select(k => config[k] is JsonValue v && int.TryParse(v.ToString(), out var n) ? n : 0).FirstOrDefault(n => n > 0);
}
