using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>
/// Everything about a model's text that its checkpoint says: how to tokenise, how a conversation is written, where an
/// answer ends, how to choose tokens. All but the tokenizer is read when it is first asked for: what a caller does not
/// need cannot fail. Any thread may ask.
/// </summary>
public sealed class TextParts
{
    readonly Lazy<TemplateSources> sources;
    readonly Lazy<ChatTemplate?> template, toolTemplate;
    readonly Lazy<GenerationConfig> generation;
    readonly Lazy<HashSet<int>> ends;

    readonly Lazy<IReadOnlyList<string>> warnings;
    readonly int vocabulary;

    TextParts(Tokenizer tokenizer, int vocabulary, EndIds configured, Func<TemplateSources> templates, Func<GenerationConfig> settings)
    {
        (Tokenizer, this.vocabulary) = (tokenizer, Math.Max(vocabulary, tokenizer.VocabularySize));
        sources = new(templates);
        template = new(() => Parsed(tools: false));
        toolTemplate = new(() => Parsed(tools: true));
        generation = new(settings);
        ends = new(() => EndsOf(configured));
        warnings = new(() => [.. tokenizer.Warnings, .. WarningsOf(configured)]);
    }

    /// <summary>Those of a model of which only the tokenizer is known: it continues text.</summary>
    public static TextParts Of(Tokenizer tokenizer) => new(tokenizer, 0, new(null, ""), () => new(), () => new([], ""));

    /// <summary>Reads the tokenizer.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    public static TextParts Of(Checkpoint checkpoint, string? tokenizer = null) =>
        new(TokenizerFiles.Of(checkpoint, tokenizer),
            checkpoint.Config["vocab_size"] is JsonValue v && v.TryGetValue<int>(out var rows) ? rows : 0,
            new(checkpoint.Config[EndIds.Key], Path.Combine(checkpoint.Folder ?? checkpoint.Path, "config.json")),
            () => TemplateSources.Of(checkpoint), () => GenerationConfig.Of(checkpoint));

    /// <summary>The text of a model's chat template; null: it only continues text.</summary>
    /// <exception cref="TemplateException">There are several, and none is the one.</exception>
    public static string? TemplateOf(Checkpoint checkpoint) => TemplateSources.Of(checkpoint).For(tools: false);

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What its files say that is not so and was left out, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => warnings.Value;

    /// <summary>Whether the model says how a conversation is written; else it only continues text.</summary>
    public bool HasTemplate => sources.Value.Any;

    /// <summary>How a conversation is written; null: the model only continues text.</summary>
    /// <exception cref="TemplateException">
    /// The template cannot be parsed, or there are several and none is the one.
    /// </exception>
    public ChatTemplate? Template => template.Value;

    /// <summary>How a conversation with tools is written: some models have a template for that.</summary>
    /// <exception cref="TemplateException">As above.</exception>
    public ChatTemplate? ToolTemplate => toolTemplate.Value;

    /// <summary>The name of the token that begins a text, as templates write it; null: there is none.</summary>
    public string? BosToken => NameOf(Tokenizer.Special.Bos);

    /// <summary>The name of the token that ends a text.</summary>
    public string? EosToken => NameOf(Tokenizer.Special.Eos);

    /// <summary>Ids after which an answer is over, ascending.</summary>
    public IReadOnlyList<int> Ends => [.. ends.Value.Order()];

    /// <summary>Whether an answer is over with this token.</summary>
    public bool IsEnd(int id) => ends.Value.Contains(id);

    /// <summary>How to choose tokens where nothing else is said.</summary>
    /// <exception cref="InvalidDataException">A setting that came with the model is out of range, or no setting.</exception>
    public SamplerSettings Sampler => generation.Value.Sampler ?? new();

    /// <summary>Where that comes from: a file's name, or "default".</summary>
    public string SamplerSource => generation.Value.Sampler is null ? "default" : GenerationConfig.FileName;

    HashSet<int> EndsOf(EndIds configured)
    {
        HashSet<int> all =
            [.. Tokenizer.Special.EndOfGeneration, .. configured.Within(vocabulary), .. generation.Value.Ends.Within(vocabulary)];
        if (EndOfTurn() is { } text && (Tokenizer.Special.IdOf(text) ?? FirstControl(text)) is { } id) all.Add(id);
        return all;
    }

    /// <summary>Whoever does not need the settings does not need a file of them that can be read.</summary>
    IEnumerable<string> WarningsOf(EndIds configured)
    {
        IEnumerable<string> more = [];
        try { more = generation.Value.Ends.Warnings(vocabulary); }
        catch (InvalidDataException) { }
        return [.. configured.Warnings(vocabulary), .. more];
    }

    /// <summary>Of several tokens in a row, the one that the model writes first.</summary>
    int? FirstControl(string text) =>
        Tokenizer.Encode(text, addSpecial: false) is [var first, ..] && Tokenizer.Special.IsControl(first) ? first : null;

    /// <summary>
    /// What the template ends an answer with. Whoever only continues text does not need a template that can be parsed.
    /// </summary>
    string? EndOfTurn()
    {
        try { return Template?.EndOfTurn(TimeProvider.System, BosToken, EosToken); }
        catch (Exception e) when (e is TemplateException or InvalidDataException) { return null; }
    }

    ChatTemplate? Parsed(bool tools) => sources.Value.For(tools) is { } text ? ChatTemplate.Parse(text) : null;

    string? NameOf(int? id) => id is { } known ? Tokenizer.TokenText(known) : null;
}
