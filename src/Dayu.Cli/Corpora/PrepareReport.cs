using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What became of a corpus, for people and programs.</summary>
/// <param name="Say">Texts.</param>
/// <param name="Corpus">The corpus.</param>
sealed record PrepareReport(Strings Say, PreparedCorpus Corpus)
{
    /// <summary>Its token ids; null: there is no tokenizer yet.</summary>
    public ShardReport? Shards { get; init; }

    /// <summary>The report as a page.</summary>
    public string HtmlPath => Path.Combine(Corpus.Folder, "report.html");

    static CleaningStep[] Steps => Enum.GetValues<CleaningStep>();

    /// <summary>What was held out, of all sources.</summary>
    public Amount Held => Corpus.Report.Sources.Aggregate(default(Amount), (sum, s) => sum + s.Held);

    /// <summary>All that is kept, by language.</summary>
    public SortedDictionary<string, Amount> Languages
    {
        get
        {
            var all = new SortedDictionary<string, Amount>(StringComparer.Ordinal);
            foreach (var (language, amount) in Corpus.Report.Sources.SelectMany(s => s.Languages))
                all[language] = all.GetValueOrDefault(language) + amount;
            return all;
        }
    }

    /// <summary>A row for each step.</summary>
    public Table StepTable => new(
        [Say["data.step"], Say["data.in"] + ">", Say["data.out"] + ">", Say["data.dropped"] + ">", Say["data.bytes"] + ">", "MB/s>"],
        [.. Steps.Select(Row)]);

    string[] Row(CleaningStep step)
    {
        var (before, after, time) = (Corpus.Report.Before(step), Corpus.Report.After(step), Corpus.Report.TimeOf(step));
        var speed = time.TotalSeconds > 0.001 ? $"{before.Bytes / 1e6 / time.TotalSeconds:F1}" : "–";
        return [Name(step), $"{before.Documents:N0}", $"{after.Documents:N0}", $"{before.Documents - after.Documents:N0}",
            Units.Bytes(after.Bytes), speed];
    }

    /// <summary>What a step is called.</summary>
    public string Name(CleaningStep step) => Say[$"data.step.{step}".ToLowerInvariant()];

    /// <summary>A row for each source.</summary>
    public Table SourceTable => new(
        [Say["data.source"], Say["data.read"] + ">", Say["data.kept"] + ">", Say["data.held"] + ">", Say["data.bytes"] + ">",
            .. Shards is null ? (string[])[] : [Say["data.tokens"] + ">"], Say["data.languages"]],
        [.. Corpus.Report.Sources.Select(s => (string[])
        [
            s.Name, $"{s.Read.Documents:N0}", $"{s.Kept.Documents:N0}", $"{s.Held.Documents:N0}", Units.Bytes(s.Kept.Bytes),
            .. Shards is null ? (string[])[] : [$"{(Shards.Of(s.Name) is { } set ? set.Tokens + set.Held : 0):N0}"],
            string.Join(' ', s.Languages.Select(l => $"{l.Key} {l.Value.Documents:N0}")),
        ])]);

    /// <summary>A row for each reason.</summary>
    public Table DropTable => new(
        [Say["data.step"], Say["data.reason"], Say["data.documents"] + ">", Say["data.bytes"] + ">", Say["data.example"]],
        [.. Corpus.Report.Drops.Select(d => (string[])
        [
            Name(d.Step), d.Reason, $"{d.Dropped.Documents:N0}", Units.Bytes(d.Dropped.Bytes),
            d.Examples is [var first, ..] ? Label.Short($"{first.Place}: {first.Detail}", 70) : "",
        ])]);

    /// <summary>A row for each file of evaluation texts.</summary>
    public Table EvaluationTable => new(
        [Say["data.evaluation"], Say["data.ngrams"] + ">", Say["data.found"] + ">", Say["data.documents"] + ">", Say["data.excluded"]],
        [.. Corpus.Report.Evaluations.Select(e => (string[])
        [
            Path.GetFileName(e.File.Path), $"{e.File.Grams:N0}", $"{e.Found:N0}", $"{e.Documents:N0}",
            Say[e.File.Excludes ? "affirmed" : "denied"],
        ])]);

    /// <summary>Tells it.</summary>
    public void Tell(CommandContext call)
    {
        if (!call.Out.IsText) call.Out.Result(Json, StepTable);
        else
        {
            Table[] tables = [StepTable, DropTable, SourceTable, EvaluationTable];
            call.Out.Text(string.Join('\n', tables.Where(t => t.Rows.Count > 0).Select(t => t.Render(Format.Table))));
        }
        foreach (var s in Corpus.Report.Sources)
        {
            var (all, good) = (s.Before(CleaningStep.Quality).Documents, s.After(CleaningStep.Quality).Documents);
            if (2 * good < all) call.Out.Note(Say.Text("data.strict", s.Name, all - good, all));
        }
        call.Out.Note(Say.Text("data.made", Corpus.Folder, HtmlPath));
        if (Shards is null && Corpus.Files.Count > 0) call.Out.Note(Say.Text("data.next", ShellWord.Quoted(Corpus.Folder)));
        if (Shards is not null)
            call.Out.Note(Say.Text("data.shards", Shards.Folder, Shards.Sets.Sum(s => s.Tokens), Shards.Sets.Sum(s => s.Held)));
    }

    /// <summary>For programs.</summary>
    public JsonObject Json
    {
        get
        {
            var report = Corpus.Report.ToJson();
            var json = new JsonObject
            {
                ["v"] = 1, ["folder"] = Corpus.Folder, ["fingerprint"] = Corpus.Fingerprint, ["report"] = HtmlPath,
                ["steps"] = Steps.Select(s => (JsonNode)JsonOf(s)).ToJson(),
                ["languages"] = new JsonObject(Languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value.ToJson()))),
            };
            foreach (var (key, value) in report) json[key] = value?.DeepClone();
            json["shards"] = Shards?.Json;
            return json;
        }
    }

    JsonObject JsonOf(CleaningStep step)
    {
        var (before, after) = (Corpus.Report.Before(step), Corpus.Report.After(step));
        return new()
        {
            ["step"] = $"{step}".ToLowerInvariant(), ["in"] = before.Documents, ["out"] = after.Documents,
            ["dropped"] = before.Documents - after.Documents, ["bytes_in"] = before.Bytes, ["bytes_out"] = after.Bytes,
            ["seconds"] = Math.Round(Corpus.Report.TimeOf(step).TotalSeconds, 3),
        };
    }
}
