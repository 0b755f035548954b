using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What cleaning did: the documents of each source, what was dropped and why, what was found of evaluation texts.</summary>
public sealed class CleaningReport
{
    /// <summary>Reasons of a step that are told apart: what files may say that they have is up to them.</summary>
    const int MostReasons = 64;
    const string OtherReasons = "…";

    readonly List<SourceReport> sources = [];
    readonly SortedDictionary<(CleaningStep, string), DropReport> drops = new(Comparer<(CleaningStep, string)>.Create(
        (a, b) => a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : string.CompareOrdinal(a.Item2, b.Item2)));
    readonly SortedDictionary<string, long> lines = new(StringComparer.Ordinal);
    readonly List<EvaluationReport> evaluations = [];
    readonly long[] ticks = new long[Enum.GetValues<CleaningStep>().Length];

    /// <summary>Nothing yet.</summary>
    internal CleaningReport(IEnumerable<string> names, IEnumerable<EvaluationFile> files)
    {
        sources.AddRange(names.Select(n => new SourceReport(n)));
        evaluations.AddRange(files.Select(f => new EvaluationReport(f)));
    }

    /// <summary>Each source, in the order they are read.</summary>
    public IReadOnlyList<SourceReport> Sources => sources;

    /// <summary>Each reason, by step and name.</summary>
    public IReadOnlyCollection<DropReport> Drops => drops.Values;

    /// <summary>Lines of documents that C4's rules took away, by rule.</summary>
    public IReadOnlyDictionary<string, long> Lines => lines;

    /// <summary>Each file of evaluation texts.</summary>
    public IReadOnlyList<EvaluationReport> Evaluations => evaluations;

    /// <summary>Time that a step took, of all threads together, where it went on from: since it began.</summary>
    public TimeSpan TimeOf(CleaningStep step) => Stopwatch.GetElapsedTime(0, ticks[(int)step]);

    /// <summary>What came to a step, of all sources.</summary>
    public Amount Before(CleaningStep step) => sources.Aggregate(default(Amount), (sum, s) => sum + s.Before(step));

    /// <summary>What was left after it.</summary>
    public Amount After(CleaningStep step) => sources.Aggregate(default(Amount), (sum, s) => sum + s.After(step));

    internal SourceReport Source(string name) => sources.Find(s => s.Name == name)!;

    internal void Drop(JudgedDocument document)
    {
        var (step, reason, _) = document.Drop!;
        if (!drops.ContainsKey((step, reason)) && drops.Keys.Count(k => k.Item1 == step) >= MostReasons) reason = OtherReasons;
        if (!drops.TryGetValue((step, reason), out var report)) drops[(step, reason)] = report = new(step, reason);
        report.Add(document);
    }

    internal void Count(IReadOnlyDictionary<string, int> dropped)
    {
        foreach (var (rule, count) in dropped) lines[rule] = lines.GetValueOrDefault(rule) + count;
    }

    internal void Took(ReadOnlySpan<long> more)
    {
        for (var i = 0; i < ticks.Length; i++) ticks[i] += more[i];
    }

    internal void Took(CleaningStep step, long more) => ticks[(int)step] += more;

    /// <summary>For the record: what does not depend on the machine.</summary>
    public JsonObject ToJson() => new()
    {
        ["sources"] = new JsonArray([.. sources.Select(s => (JsonNode)s.ToJson())]),
        ["dropped"] = new JsonArray([.. drops.Values.Select(d => (JsonNode)d.ToJson())]),
        ["lines"] = new JsonObject(lines.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        ["evaluation"] = new JsonArray([.. evaluations.Select(e => (JsonNode)e.ToJson())]),
    };

    /// <summary>With what is needed to go on.</summary>
    internal JsonObject ToState()
    {
        var json = ToJson();
        json["ticks"] = new JsonArray([.. ticks.Select(t => (JsonNode)t)]);
        json["found"] = new JsonArray([.. evaluations.Select(e => (JsonNode)e.Hashes)]);
        return json;
    }

    /// <summary>From a record or a state.</summary>
    internal static CleaningReport Of(JsonNode json)
    {
        var report = new CleaningReport([], []);
        foreach (var source in json["sources"]!.AsArray()) report.sources.Add(SourceReport.Of(source!));
        foreach (var drop in json["dropped"]!.AsArray().Select(d => DropReport.Of(d!))) report.drops[(drop.Step, drop.Reason)] = drop;
        foreach (var (rule, count) in json["lines"]!.AsObject()) report.lines[rule] = (long)count!;
        foreach (var (i, e) in json["evaluation"]!.AsArray().Index())
            report.evaluations.Add(EvaluationReport.Of(e!, (string?)json["found"]?[i]));
        foreach (var (i, t) in (json["ticks"]?.AsArray() ?? []).Index()) report.ticks[i] = (long)t!;
        return report;
    }
}
