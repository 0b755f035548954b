using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Everything about a model that its headers say.</summary>
sealed class ShowCommand : CliCommand
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> tokenizer = new("--tokenizer") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [name, tokenizer];

    public override int Run(CommandContext call)
    {
        var path = call.Models.Resolve(call.Get(name), call.Say);
        var origin = call.Store.Models().FirstOrDefault(m => m.Path == path) is { } stored ? call.Store.ManifestOf(stored.Name) : null;
        using var checkpoint = Checkpoint.Open(path);
        var facts = new ModelFacts(checkpoint);
        var text = Text(call, checkpoint);
        var json = new JsonObject
        {
            ["v"] = 1, ["path"] = path, ["bytes"] = ModelStore.BytesAt(path), ["family"] = checkpoint.Family.Name, ["architecture"] = facts.Architecture,
            ["parameters"] = facts.Parameters, ["context"] = facts.Context, ["layers"] = facts.Layers, ["width"] = facts.Width, ["heads"] = facts.Heads, ["kv_heads"] = facts.KvHeads, ["vocabulary"] = facts.Vocabulary,
            ["formats"] = new JsonArray([.. facts.Formats.Select(f => new JsonObject { ["name"] = f.Name, ["tensors"] = f.Tensors, ["bytes"] = f.Bytes })]),
            ["tokenizer"] = text is null ? null : new JsonObject { ["kind"] = text.Tokenizer.Kind, ["size"] = text.Tokenizer.VocabularySize },
            ["template"] = text?.Template is not null,
            ["ends"] = new JsonArray([.. (text?.Ends ?? []).Select(i => new JsonObject { ["id"] = i, ["token"] = text!.Tokenizer.TokenText(i) })]),
            ["sampler"] = text is null ? null : Sampler(text),
            ["origin"] = origin is null ? null : new JsonObject { ["source"] = origin.Source, ["revision"] = origin.Revision, ["time"] = origin.Time, ["files"] = new JsonArray([.. origin.Files.Select(f => f.ToJson())]) },
        };
        call.Out.Result(json, Pairs(call.Say, checkpoint, facts, text, path, origin));
        return Exit.Ok;
    }

    /// <summary>What the model says of text; null: it has no tokenizer, and is a model all the same.</summary>
    TextParts? Text(CommandContext call, Checkpoint checkpoint)
    {
        var named = call.Get(tokenizer);
        if (named is null && checkpoint.Metadata?.Has("tokenizer.ggml.tokens") == false) return null;
        try { return TextParts.Of(checkpoint, named); }
        catch (FileNotFoundException) when (named is null) { return null; }
    }

    static Table Pairs(Strings say, Checkpoint checkpoint, ModelFacts facts, TextParts? text, string path, Manifest? origin) => Table.Pairs(
    [
        (say["show.path"], path), (say["show.family"], checkpoint.Family.Name), (say["show.architecture"], facts.Architecture),
        (say["show.parameters"], $"{Units.Count(facts.Parameters)} ({facts.Parameters:N0})"), (say["show.size"], Units.Bytes(ModelStore.BytesAt(path))),
        (say["show.context"], $"{facts.Context:N0}"), (say["show.layers"], $"{facts.Layers}"), (say["show.width"], $"{facts.Width}"),
        (say["show.heads"], $"{facts.Heads} / {facts.KvHeads}"), (say["show.vocabulary"], $"{facts.Vocabulary:N0}"),
        .. facts.Formats.Select(f => (say["show.format"], say.Text("show.tensors", f.Name, f.Tensors, Units.Bytes(f.Bytes)))),
        .. text is null ? [(say["show.tokenizer"], say["none"])] : TextPairs(say, text),
        .. origin is null ? [] : ((string, string)[])[(say["show.origin"], origin.Source), (say["show.revision"], origin.Revision ?? say["none"]), (say["show.time"], origin.Time)],
    ]);

    static (string, string)[] TextPairs(Strings say, TextParts text) =>
    [
        (say["show.tokenizer"], $"{text.Tokenizer.Kind}, {text.Tokenizer.VocabularySize:N0}"), (say["show.template"], say[text.Template is null ? "no" : "yes"]),
        (say["show.ends"], text.Ends.Length == 0 ? say["none"] : string.Join("  ", text.Ends.Select(i => $"{i} {LogProbTable.Shown(text.Tokenizer, i)}"))),
        (say["show.sampler"], string.Join("  ", Sampler(text).Where(p => p.Key != "source").Select(p => $"{p.Key} {p.Value}"))),
        (say["show.sampler-source"], text.SamplerSource),
    ];

    static JsonObject Sampler(TextParts text) => new()
    {
        ["temperature"] = Math.Round(text.Sampler.Temperature, 4), ["top_k"] = text.Sampler.TopK, ["top_p"] = Math.Round(text.Sampler.TopP, 4), ["min_p"] = Math.Round(text.Sampler.MinP, 4),
        ["typical"] = Math.Round(text.Sampler.Typical, 4), ["repeat_penalty"] = Math.Round(text.Sampler.RepetitionPenalty, 4), ["source"] = text.SamplerSource,
    };
}
