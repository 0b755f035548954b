using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How much text there is in files or a corpus, and of what kind; how many tokens in shards.</summary>
sealed class DataStatsCommand : CliCommand
{
    const int Frequent = 10;

    static readonly double[] quantiles = [0.1, 0.5, 0.9, 0.99];

    readonly NamedInputs inputs = new();
    readonly CorpusFileOptions files = new();
    readonly Option<string?> tokenizer = new("--tokenizer") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [.. inputs.All, .. files.All, tokenizer];

    public override int Run(CommandContext call)
    {
        var whose = InputFile.Of(call, tokenizer) is { } file ? TokenizerFiles.Open(file) : null;
        var only = call.Get(inputs.Paths) is [var name] ? Path.GetFullPath(Path.Combine(call.Terminal.Folder, name)) : null;
        string[] sets = only is null ? [] : ShardSet.Is(only) ? [only] : [.. ShardSet.Within(only)];
        if (sets.Length > 0) return TellShards(call, sets);
        var (all, skipped) = only is not null && PreparedCorpus.Open(only) is { } corpus
            ? (OfCorpus(call, corpus, whose), []) : OfFiles(call, whose);
        if (all.Values.All(s => s.All.Documents == 0)) throw new CliError(7121, skipped.Values.Sum());
        Tell(call, all, skipped, whose is not null);
        return Exit.Ok;
    }

    static Dictionary<string, CorpusStatistics> OfCorpus(CommandContext call, PreparedCorpus corpus, Tokenizer? whose)
    {
        using var progress = new Progress(call, call.Say["reading-files"], "documents");
        var (all, done, count) = (new Dictionary<string, CorpusStatistics>(), 0L, corpus.Files.Sum(f => f.Documents));
        foreach (var source in corpus.Sources)
        {
            var statistics = all[source] = new(whose);
            foreach (var document in corpus.Read(source))
            {
                call.Cancel.ThrowIfCancellationRequested();
                statistics.Add(document.Text, document.Language);
                progress.Report(++done, count);
            }
        }
        return all;
    }

    (Dictionary<string, CorpusStatistics>, Dictionary<string, long>) OfFiles(CommandContext call, Tokenizer? whose)
    {
        var (all, skipped, options) = (new Dictionary<string, CorpusStatistics>(), new Dictionary<string, long>(), files.Of(call));
        using var progress = new Progress(call, call.Say["reading-files"], "bytes") { Show = Units.Bytes };
        var found = inputs.Find(call).Files;
        var (done, bytes) = (0L, found.Sum(f => f.Bytes));
        foreach (var file in found)
        {
            if (!all.TryGetValue(file.Source, out var statistics)) all[file.Source] = statistics = new(whose);
            foreach (var document in CorpusFile.Read(file.Path, options, Skip))
            {
                call.Cancel.ThrowIfCancellationRequested();
                statistics.Add(document.Text);
            }
            progress.Report(done += file.Bytes, bytes);

            void Skip(SkippedDocument s)
            {
                skipped[file.Source] = skipped.GetValueOrDefault(file.Source) + 1;
                if (skipped[file.Source] == 1) call.Out.Note(call.Say.Text("data.skipped-first", s.Place, s.Reason));
            }
        }
        return (all, skipped);
    }

    static void Tell(CommandContext call, Dictionary<string, CorpusStatistics> all, Dictionary<string, long> skipped, bool hasTokens)
    {
        string[] heads = [call.Say["data.source"], call.Say["data.documents"] + ">", call.Say["data.skipped"] + ">",
            call.Say["data.bytes"] + ">", call.Say["data.characters"] + ">", .. hasTokens ? (string[])[call.Say["data.tokens"] + ">"] : [],
            .. quantiles.Select(q => $"{100 * q:0.#} %>"), call.Say["data.longest"] + ">", call.Say["data.languages"],
            call.Say["data.frequent"]];
        string[][] rows = [.. all.Select(s => (string[])[s.Key, $"{s.Value.All.Documents:N0}", $"{skipped.GetValueOrDefault(s.Key):N0}",
            Units.Bytes(s.Value.All.Bytes), $"{s.Value.All.Characters:N0}", .. hasTokens ? (string[])[$"{s.Value.Tokens:N0}"] : [],
            .. quantiles.Select(q => $"{s.Value.Lengths.Quantile(q):N0}"), $"{s.Value.Lengths.Longest:N0}",
            string.Join(' ', s.Value.Languages.Select(l => $"{l.Key} {l.Value.Documents:N0}")),
            string.Join(' ', s.Value.MostFrequent(Frequent).Select(u => u.Unit))])];
        var table = new Table(heads, rows);
        call.Out.Result("sources", [.. all.Select(s => Json(s.Key, s.Value, skipped.GetValueOrDefault(s.Key), hasTokens))],
            call.Out.IsText && rows.Length < 3 ? table.Turned() : table);
    }

    static JsonObject Json(string name, CorpusStatistics s, long skipped, bool hasTokens) => new()
    {
        ["source"] = name, ["documents"] = s.All.Documents, ["skipped"] = skipped, ["bytes"] = s.All.Bytes,
        ["characters"] = s.All.Characters, ["tokens"] = hasTokens ? s.Tokens : null,
        ["lengths"] = new JsonObject([.. quantiles.Select(q => KeyValuePair.Create($"{q}", (JsonNode?)s.Lengths.Quantile(q))),
            KeyValuePair.Create("1", (JsonNode?)s.Lengths.Longest)]),
        ["languages"] = new JsonObject(s.Languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value.ToJson()))),
        ["frequent"] = s.MostFrequent(Frequent).Select(u => (JsonNode)new JsonObject { ["unit"] = u.Unit, ["count"] = u.Times }).ToJson(),
    };

    static int TellShards(CommandContext call, IEnumerable<string> folders)
    {
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var folder in folders)
        {
            using var set = ShardSet.Open(folder);
            var held = set.Files.Where(f => f.Part == ShardFile.Held).Sum(f => f.Tokens);
            items.Add(new()
            {
                ["name"] = set.Name, ["documents"] = set.Documents, ["tokens"] = set.Tokens, ["held_tokens"] = held,
                ["vocabulary"] = set.Vocabulary, ["tokenizer"] = set.TokenizerHash,
            });
            rows.Add([set.Name, $"{set.Documents:N0}", $"{set.Tokens:N0}", $"{held:N0}", $"{set.Vocabulary:N0}", set.TokenizerHash[..12]]);
        }
        string[] heads = [call.Say["data.source"], call.Say["data.documents"] + ">", call.Say["data.tokens"] + ">",
            call.Say["data.held"] + ">", call.Say["data.vocabulary"] + ">", call.Say["data.tokenizer"]];
        call.Out.Result("sets", items, new(heads, rows));
        return Exit.Ok;
    }
}
