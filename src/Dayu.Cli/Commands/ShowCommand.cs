using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>Everything about a model that its headers say; or what one of a named size would be.</summary>
sealed class ShowCommand : CliCommand
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> tokenizer = new("--tokenizer") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [name, tokenizer];

    public override int Run(CommandContext call)
    {
        var word = call.Get(name);
        if (word == ShapesAtHand.Prefix) return ListShapes(call);
        if (word is not null && ShapesAtHand.Find(call, word) is { } shape) return Show(call, word, shape);
        if (word is not null && call.Models.Find(word) is null && call.Models.Meant(word) is null && ShapesAtHand.Meant(word) is { } meant)
            throw new CliError(3004, word, ShapesAtHand.Prefix + meant);
        var path = call.Models.Resolve(call.Get(name), call.Say);
        if (AdapterConfig.IsAlone(path)) return Show(call, new AdapterReport(AdapterFacts.Of(path, call.Models.Find)));
        var stored = call.Store.Models().FirstOrDefault(m => m.Path == path);
        var origin = stored is null ? null : call.Store.ManifestOf(stored.Name);
        using var checkpoint = Checkpoint.Open(path);
        var (facts, bytes) = (ModelFacts.Of(checkpoint), ModelStore.BytesAt(path));
        var text = ModelFacts.TextOf(checkpoint, InputFile.Of(call, tokenizer));
        call.Warn(text?.Warnings ?? []);
        call.Out.Result(Json(path, bytes, facts, text, origin), Pairs(call.Say, path, bytes, facts, text, origin));
        return Exit.Ok;
    }

    static int Show(CommandContext call, AdapterReport report)
    {
        call.Out.Result(report.Json, report.Pairs(call.Say));
        return Exit.Ok;
    }

    static int ListShapes(CommandContext call)
    {
        var all = NamedShapes.All.Select(s => (Named: s, Shape: ModelShape.Of(s.Config))).ToArray();
        call.Out.Result("shapes", [.. all.Select(Json)], new(["NAME", "PARAMETERS>", "FAMILY", "SOURCE"],
            [.. all.Select(s => (string[])[s.Named.Name, Units.Count(s.Shape.Parameters), s.Shape.Family.Name, s.Named.Source])]));
        return Exit.Ok;

        static JsonObject Json((NamedShape Named, ModelShape Shape) s) => new()
        {
            ["name"] = s.Named.Name, ["parameters"] = s.Shape.Parameters, ["family"] = s.Shape.Family.Name, ["source"] = s.Named.Source,
        };
    }

    /// <summary>A word that is also a model that can be had says so.</summary>
    static int Show(CommandContext call, string word, NamedShape named)
    {
        var report = new ShapeReport(named, ModelShape.Of(named.Config));
        if (KnownModels.Find(word) is { } known) call.Out.Note(call.Say.Text("shape.not-here", known.Name, Units.Bytes(known.Bytes)));
        if (call.Out.IsText)
        {
            Table[] tables = [report.Facts(call.Say), report.Formats, report.Tensors];
            call.Out.Text(string.Join("\n", tables.Select(t => t.Render(Format.Table))));
        }
        else call.Out.Result(report.Json, report.Tensors);
        return Exit.Ok;
    }

    static JsonObject Json(string path, long bytes, ModelFacts facts, TextParts? text, Manifest? origin) => new()
    {
        ["v"] = 1,
        ["path"] = path,
        ["bytes"] = bytes,
        ["family"] = facts.Family,
        ["architecture"] = facts.Architecture,
        ["parameters"] = facts.Parameters,
        ["context"] = facts.Context,
        ["layers"] = facts.Layers,
        ["width"] = facts.Width,
        ["heads"] = facts.Heads,
        ["kv_heads"] = facts.KvHeads,
        ["vocabulary"] = facts.Vocabulary,
        ["formats"] = facts.Formats.Select(Json).ToJson(),
        ["tokenizer"] = text is null ? null : new JsonObject { ["kind"] = text.Tokenizer.Kind, ["size"] = text.Tokenizer.VocabularySize },
        ["template"] = text?.HasTemplate == true,
        ["ends"] = text is null ? new JsonArray() : text.Ends.Select(i => End(text, i)).ToJson(),
        ["sampler"] = text is null ? null : Sampler(text),
        ["origin"] = origin is null ? null : Json(origin),
    };

    static JsonObject End(TextParts text, int id) => new() { ["id"] = id, ["token"] = LogProbTable.TextOf(text.Tokenizer, id) };

    static JsonObject Json(FormatShare f) => new() { ["name"] = f.Name, ["tensors"] = f.Tensors, ["bytes"] = f.Bytes };

    static JsonObject Json(Manifest origin) => new()
    {
        ["source"] = origin.Source,
        ["revision"] = origin.Revision,
        ["time"] = origin.Time,
        ["files"] = origin.Files.Select(f => f.ToJson()).ToJson(),
    };

    static Table Pairs(Strings say, string path, long bytes, ModelFacts facts, TextParts? text, Manifest? origin) => Table.Pairs(
    [
        (say["show.path"], path),
        (say["show.family"], facts.Family),
        (say["show.architecture"], facts.Architecture),
        (say["show.parameters"], $"{Units.Count(facts.Parameters)} ({facts.Parameters:N0})"),
        (say["show.size"], Units.Bytes(bytes)),
        .. Known(facts.Context, say["show.context"], $"{facts.Context:N0}"),
        (say["show.layers"], $"{facts.Layers}"),
        (say["show.width"], $"{facts.Width}"),
        .. Known(facts.Heads, say["show.heads"], $"{facts.Heads} / {facts.KvHeads}"),
        (say["show.vocabulary"], $"{facts.Vocabulary:N0}"),
        .. facts.Formats.Select(f => (say["show.format"], say.Text("show.tensors", f.Name, f.Tensors, Units.Bytes(f.Bytes)))),
        .. text is null ? [(say["show.tokenizer"], say["none"])] : Pairs(say, text),
        .. origin is null ? [] : Pairs(say, origin),
    ]);

    /// <summary>A row for what the model has: a recurrent one has neither heads nor a longest text.</summary>
    static (string, string)[] Known(int number, string name, string value) => number > 0 ? [(name, value)] : [];

    static (string, string)[] Pairs(Strings say, TextParts text)
    {
        var ends = string.Join("  ", text.Ends.Select(i => $"{i} {LogProbTable.Shown(text.Tokenizer, i)}"));
        return
        [
            (say["show.tokenizer"], $"{text.Tokenizer.Kind}, {text.Tokenizer.VocabularySize:N0}"),
            (say["show.template"], say[text.HasTemplate ? "yes" : "no"]),
            (say["show.ends"], text.Ends.Count == 0 ? say["none"] : ends),
            (say["show.sampler"], string.Join("  ", Sampler(text).Where(p => p.Key != "source").Select(p => $"{p.Key} {p.Value}"))),
            (say["show.sampler-source"], text.SamplerSource),
        ];
    }

    static (string, string)[] Pairs(Strings say, Manifest origin) =>
    [
        (say["show.origin"], origin.Source), (say["show.revision"], origin.Revision ?? say["none"]), (say["show.time"], origin.Time),
    ];

    static JsonObject Sampler(TextParts text) => new()
    {
        ["temperature"] = Math.Round(text.Sampler.Temperature, 4),
        ["top_k"] = text.Sampler.TopK,
        ["top_p"] = Math.Round(text.Sampler.TopP, 4),
        ["min_p"] = Math.Round(text.Sampler.MinP, 4),
        ["typical"] = Math.Round(text.Sampler.Typical, 4),
        ["repeat_penalty"] = Math.Round(text.Sampler.RepetitionPenalty, 4),
        ["source"] = text.SamplerSource,
    };
}
