using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Hub;

/// <summary>What a model's <c>generation_config.json</c> says of its answers.</summary>
/// <param name="config">The file's object.</param>
/// <param name="path">The file, for messages.</param>
sealed class GenerationConfig(JsonObject config, string path = GenerationConfig.FileName)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>That of a checkpoint; without the file it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static GenerationConfig Of(Checkpoint checkpoint) =>
        checkpoint.Folder is { } folder && Path.Combine(folder, FileName) is var path && File.Exists(path)
            ? new(Checkpoint.ReadJson(path), path) : new([]);

    /// <summary>Ids after which an answer is over.</summary>
    public int[] EndIds { get; } = [.. Ids(config["eos_token_id"])];

    /// <summary>How to choose tokens; null: the file says nothing of that. What it leaves open is off, as in Transformers.</summary>
    /// <exception cref="InvalidDataException">A setting is out of range.</exception>
    public SamplerSettings? Sampler => Names("do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p") ? Checked(Chosen())
        : Names("repetition_penalty") ? Checked(new() { RepetitionPenalty = Number("repetition_penalty", 1) }) : null;

    SamplerSettings Checked(SamplerSettings settings)
    {
        try { return settings.Checked(); }
        catch (ArgumentException e) { throw new InvalidDataException($"{path}: {e.Message}", e); }
    }

    bool Names(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (config[key] is not null) return true;
        return false;
    }

    SamplerSettings Chosen() => new()
    {
        Temperature = config["do_sample"]?.GetValue<bool>() == false ? 0 : Number("temperature", 1),
        TopK = (int)Math.Max(0, Number("top_k", 50)),                // −1 is off elsewhere
        TopP = Number("top_p", 1),
        MinP = Number("min_p", 0),
        Typical = Number("typical_p", 1),
        RepetitionPenalty = Number("repetition_penalty", 1),
    };

    float Number(string key, float fallback) =>
        config[key] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? v.GetValue<float>() : fallback;

    /// <summary>One id or a list of them.</summary>
    public static IEnumerable<int> Ids(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Ids),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => [v.GetValue<int>()],
        _ => [],
    };
}
