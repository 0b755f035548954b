using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Hub;

/// <summary>What a model's <c>generation_config.json</c> says of its answers.</summary>
/// <param name="EndIds">Ids after which an answer is over.</param>
/// <param name="Sampler">How to choose tokens; null: it says nothing of that.</param>
sealed record GenerationConfig(int[] EndIds, SamplerSettings? Sampler)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>That of a checkpoint; without the file it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static GenerationConfig Of(Checkpoint checkpoint)
    {
        if (checkpoint.Folder is not { } folder || !File.Exists(Path.Combine(folder, FileName))) return new([], null);
        var config = Checkpoint.ReadJson(Path.Combine(folder, FileName));
        return new([.. Ids(config["eos_token_id"])], Settings(config));
    }

    /// <summary>One id or a list of them.</summary>
    public static IEnumerable<int> Ids(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Ids),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => [v.GetValue<int>()],
        _ => [],
    };

    /// <summary>How to choose tokens; what the file leaves open is off, as in Transformers.</summary>
    static SamplerSettings? Settings(JsonObject config)
    {
        string[] keys = ["do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty"];
        if (!keys.Any(k => config[k] is not null)) return null;
        var settings = new SamplerSettings
        {
            Temperature = config["do_sample"]?.GetValue<bool>() == false ? 0 : Number("temperature", 1),
            TopK = (int)Number("top_k", 50),
            TopP = Number("top_p", 1),
            MinP = Number("min_p", 0),
            Typical = Number("typical_p", 1),
            RepetitionPenalty = Number("repetition_penalty", 1),
        };
        return settings.Checked();

        float Number(string key, float fallback) =>
            config[key] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? v.GetValue<float>() : fallback;
    }
}
