using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Hub;

/// <summary>What a model's <c>generation_config.json</c> says of its answers.</summary>
/// <param name="config">The file's object.</param>
/// <param name="path">Where it lies, for errors.</param>
sealed class GenerationConfig(JsonObject config, string path)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>That of a checkpoint; without the file it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static GenerationConfig Of(Checkpoint checkpoint) =>
        checkpoint.Folder is { } folder && Path.Combine(folder, FileName) is var file && File.Exists(file)
            ? new(Checkpoint.ReadJson(file), file) : new([], FileName);

    /// <summary>Ids after which an answer is over.</summary>
    public EndIds Ends { get; } = new(config[EndIds.Key], path);

    /// <summary>How to choose tokens; null: the file says nothing of that. What it leaves open is off, as in Transformers.</summary>
    /// <exception cref="InvalidDataException">A setting is out of range, or no setting.</exception>
    public SamplerSettings? Sampler
    {
        get
        {
            var chosen = Names("do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p") ? Chosen()
                : Names("repetition_penalty") ? new() { RepetitionPenalty = Number("repetition_penalty", 1) } : null;
            try { return chosen?.Checked(); }
            catch (ArgumentException e) { throw new InvalidDataException($"{path}: {e.Message}. Correct it, or leave it out.", e); }
        }
    }

    bool Names(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (config.ContainsKey(key)) return true;
        return false;
    }

    SamplerSettings Chosen() => new()
    {
        Temperature = Flag("do_sample", true) ? Number("temperature", 1) : 0,
        TopK = config.ContainsKey("top_k") ? (int)Math.Max(0, Number("top_k", 0)) : 50,     // null is off, and so is −1
        TopP = Number("top_p", 1),
        MinP = Number("min_p", 0),
        Typical = Number("typical_p", 1),
        RepetitionPenalty = Number("repetition_penalty", 1),
    };

    /// <summary>A number, or a text that says one; null is as good as nothing.</summary>
    float Number(string key, float fallback) => config[key] is not { } node ? fallback
        : NumberOf(node) is { } number && !double.IsNaN(number) ? (float)number : throw Wrong(key, node, "a number");

    bool Flag(string key, bool fallback) => config[key] switch
    {
        null => fallback,
        JsonValue v when bool.TryParse(v.ToString(), out var flag) => flag,
        var node => NumberOf(node) switch { 0 => false, 1 => true, _ => throw Wrong(key, node, "true or false") },
    };

    /// <summary>What a number, or a text that says one, is; null: it is neither.</summary>
    public static double? NumberOf(JsonNode node) => node is JsonValue v
        && v.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(v.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    InvalidDataException Wrong(string key, JsonNode found, string expected)
    {
        var (text, most) = (found.ToJsonString(), 60);
        var shown = text.Length > most ? text[..most] + "…" : text;
        return new($"{path}: {key} is {shown}; {expected} was expected. Correct it, or leave it out.");
    }
}
