using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>Everything about a model's text that its checkpoint says: how to tokenise, how a conversation is written, where an answer ends, how to choose tokens.</summary>
/// <param name="Tokenizer">Text to ids and back.</param>
/// <param name="Template">How a conversation is written; null: the model only continues text.</param>
/// <param name="Ends">Ids after which an answer is over.</param>
/// <param name="Sampler">Settings to choose by where nothing else is said.</param>
/// <param name="SamplerSource">Where these come from: a file's name, or "default".</param>
public sealed record TextParts(Tokenizer Tokenizer, ChatTemplate? Template, int[] Ends, SamplerSettings Sampler, string SamplerSource)
{
    /// <summary>Reads them.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    public static TextParts Of(Checkpoint checkpoint, string? tokenizer = null)
    {
        var made = TokenizerFiles.Of(checkpoint, tokenizer);
        var generation = checkpoint.Folder is { } folder && File.Exists(Path.Combine(folder, "generation_config.json"))
            ? Checkpoint.ReadJson(Path.Combine(folder, "generation_config.json")) : [];
        var template = TemplateText(checkpoint) is { } text ? ChatTemplate.Parse(text) : null;
        SortedSet<int> ends = [.. made.Special.EndOfGeneration, .. Ids(checkpoint.Config["eos_token_id"]), .. Ids(generation["eos_token_id"])];
        if (template?.EndOfTurn(TimeProvider.System) is { } end && made.Special.IdOf(end) is { } turn) ends.Add(turn);
        var sampler = Settings(generation);
        return new(made, template, [.. ends], sampler ?? new(), sampler is null ? "default" : "generation_config.json");
    }

    /// <summary>The text of the chat template; null: there is none.</summary>
    internal static string? TemplateText(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } m) return m.Has("tokenizer.chat_template") ? m.Text("tokenizer.chat_template") : null;
        if (checkpoint.Folder is not { } folder) return null;
        if (File.Exists(Path.Combine(folder, "chat_template.jinja"))) return File.ReadAllText(Path.Combine(folder, "chat_template.jinja"));
        if (!File.Exists(Path.Combine(folder, "tokenizer_config.json"))) return null;
        return Checkpoint.ReadJson(Path.Combine(folder, "tokenizer_config.json"))["chat_template"] switch
        {
            JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
            JsonArray named => named.OfType<JsonObject>().FirstOrDefault(t => (string?)t["name"] == "default")?["template"]?.GetValue<string>(),
            _ => null,
        };
    }

    /// <summary>One id or a list of them.</summary>
    static IEnumerable<int> Ids(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Ids),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => [v.GetValue<int>()],
        _ => [],
    };

    /// <summary>What <c>generation_config.json</c> says of choosing tokens; what it leaves open is off, as in Transformers. Null: it says nothing.</summary>
    static SamplerSettings? Settings(JsonObject g)
    {
        string[] keys = ["do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty"];
        if (!keys.Any(k => g[k] is not null)) return null;
        var settings = new SamplerSettings
        {
            Temperature = g["do_sample"]?.GetValue<bool>() == false ? 0 : Number("temperature", 1),
            TopK = (int)Number("top_k", 50),
            TopP = Number("top_p", 1),
            MinP = Number("min_p", 0),
            Typical = Number("typical_p", 1),
            RepetitionPenalty = Number("repetition_penalty", 1),
        };
        return settings.Checked();

        float Number(string key, float fallback) => g[key] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? v.GetValue<float>() : fallback;
    }
}
