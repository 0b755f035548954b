using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;

namespace Dayu.Hub;

/// <summary>
/// The chat templates that came with a model, as text by name. Most have one, called "default"; some another for
/// conversations with tools, "tool_use". A template without text is none.
/// </summary>
sealed class TemplateSources
{
    const string Default = "default", ToolUse = "tool_use", Key = "tokenizer.chat_template", JinjaFile = "chat_template.jinja";

    readonly SortedDictionary<string, string> named = new(StringComparer.Ordinal);

    public bool Any => named.Count > 0;

    /// <summary>Reads them from GGUF's metadata or from the files of a folder.</summary>
    public static TemplateSources Of(Checkpoint checkpoint)
    {
        var sources = new TemplateSources();
        if (checkpoint.Adapter is { } adapter) sources.Read(adapter);   // learnt with another one, perhaps
        if (sources.Any) return sources;
        if (checkpoint.Metadata is { } metadata) sources.Read(metadata);
        else if (checkpoint.Folder is { } folder) sources.Read(folder);
        return sources;
    }

    /// <summary>The template for a conversation, chosen as Transformers does; null where the model has none.</summary>
    /// <exception cref="TemplateException">There are some, and none of them is the one.</exception>
    public string? For(bool tools)
    {
        if (tools && named.TryGetValue(ToolUse, out var text) || named.TryGetValue(Default, out text)) return text;
        return named.Count == 0 ? null : throw new TemplateException(
            $"this model's chat templates are named {string.Join(", ", named.Keys)}, and none is named {Default}; "
            + $"put the one to use into {JinjaFile} beside the model");
    }

    /// <summary>Writes them into a GGUF file.</summary>
    public void Write(GgufWriter to)
    {
        foreach (var (name, text) in named) to.Add(name == Default ? Key : $"{Key}.{name}", text);
    }

    void Read(GgufMetadata metadata)
    {
        foreach (var key in metadata.Keys)
            if ((key == Key || key.StartsWith(Key + ".", StringComparison.Ordinal)) && metadata.TypeOf(key) == GgufType.Text)
                Add(key == Key ? Default : key[(Key.Length + 1)..], metadata.Text(key));
    }

    /// <summary>A file of its own wins over the tokenizer's configuration.</summary>
    void Read(string folder)
    {
        var (own, config) = (Path.Combine(folder, JinjaFile), Path.Combine(folder, "tokenizer_config.json"));
        if (File.Exists(own)) Add(Default, File.ReadAllText(own));
        if (Any || !File.Exists(config)) return;
        var given = Checkpoint.ReadJson(config)["chat_template"];
        Add(Default, Text(given));
        foreach (var template in (given as JsonArray ?? []).OfType<JsonObject>()) Add(Text(template["name"]), Text(template["template"]));
        foreach (var (name, template) in given as JsonObject ?? []) Add(name, Text(template));
    }

    static string Text(JsonNode? node) => node is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : "";

    void Add(string name, string text)
    {
        if (name.Length > 0 && !string.IsNullOrWhiteSpace(text)) named[name] = text;
    }
}
