using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>
/// Everything about a model's text that its checkpoint says: how to tokenise, how a conversation is written, where an answer ends,
/// how to choose tokens. All but the tokenizer is read when it is first asked for: what a caller does not need cannot fail.
/// Any thread may ask.
/// </summary>
public sealed class TextParts
{
    readonly string? templateText;
    readonly Lazy<ChatTemplate?> template;
    readonly Lazy<GenerationConfig> generation;
    readonly Lazy<HashSet<int>> ends;

    TextParts(Checkpoint checkpoint, Tokenizer tokenizer)
    {
        (Tokenizer, templateText) = (tokenizer, TemplateText(checkpoint));
        template = new(() => templateText is null ? null : ChatTemplate.Parse(templateText));
        generation = new(() => GenerationConfig.Of(checkpoint));
        int[] configured = [.. GenerationConfig.Ids(checkpoint.Config["eos_token_id"])];
        ends = new(() => EndsOf(configured));
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    public static TextParts Of(Checkpoint checkpoint, string? tokenizer = null) =>
        new(checkpoint, TokenizerFiles.Of(checkpoint, tokenizer));

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Whether the model says how a conversation is written; else it only continues text.</summary>
    public bool HasTemplate => templateText is not null;

    /// <summary>How a conversation is written; null: the model only continues text.</summary>
    /// <exception cref="TemplateException">The template cannot be parsed.</exception>
    public ChatTemplate? Template => template.Value;

    /// <summary>Ids after which an answer is over, ascending.</summary>
    public IReadOnlyList<int> Ends => [.. ends.Value.Order()];

    /// <summary>Whether an answer is over with this token.</summary>
    public bool IsEnd(int id) => ends.Value.Contains(id);

    /// <summary>How to choose tokens where nothing else is said.</summary>
    /// <exception cref="InvalidDataException">A setting that came with the model is out of range.</exception>
    public SamplerSettings Sampler => generation.Value.Sampler ?? new();

    /// <summary>Where that comes from: a file's name, or "default".</summary>
    public string SamplerSource => generation.Value.Sampler is null ? "default" : GenerationConfig.FileName;

    HashSet<int> EndsOf(int[] configured)
    {
        HashSet<int> all = [.. Tokenizer.Special.EndOfGeneration, .. configured, .. generation.Value.EndIds];
        if (EndOfTurn() is { } text && Tokenizer.Special.IdOf(text) is { } id) all.Add(id);
        return all;
    }

    /// <summary>What the template ends an answer with. Whoever only continues text does not need a template that can be parsed.</summary>
    string? EndOfTurn()
    {
        try { return Template?.EndOfTurn(TimeProvider.System); }
        catch (TemplateException) { return null; }
    }

    /// <summary>The text of the chat template; null: there is none.</summary>
    internal static string? TemplateText(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } m) return m.Has("tokenizer.chat_template") ? m.Text("tokenizer.chat_template") : null;
        if (checkpoint.Folder is not { } folder) return null;
        var (own, config) = (Path.Combine(folder, "chat_template.jinja"), Path.Combine(folder, "tokenizer_config.json"));
        if (File.Exists(own)) return File.ReadAllText(own);
        if (!File.Exists(config)) return null;
        return Checkpoint.ReadJson(config)["chat_template"] switch
        {
            JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
            JsonArray named => Named(named, "default"),
            _ => null,
        };
    }

    static string? Named(JsonArray templates, string name) =>
        templates.OfType<JsonObject>().FirstOrDefault(t => (string?)t["name"] == name)?["template"]?.GetValue<string>();
}
