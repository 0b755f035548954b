using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What documents share with a file of evaluation texts.</summary>
/// <param name="file">The file.</param>
public sealed class EvaluationReport(EvaluationFile file)
{
    const int Shown = 20;

    readonly HashSet<ulong> found = [];
    int recorded;                                                    // of a record, which names no hashes
    readonly List<DropExample> examples = [];

    /// <summary>The file.</summary>
    public EvaluationFile File => file;

    /// <summary>Documents that share an n-gram with it.</summary>
    public long Documents { get; private set; }

    /// <summary>Its n-grams that were found.</summary>
    public int Found => Math.Max(found.Count, recorded);

    /// <summary>The first of them: where, which file, which n-gram.</summary>
    public IReadOnlyList<DropExample> Examples => examples;

    internal void Add(JudgedDocument document, int number)
    {
        var (any, isNew) = (false, false);
        foreach (var hit in document.Hits)
        {
            if (hit.File != number) continue;
            any = true;
            isNew |= found.Add(hit.Gram);
        }
        if (any) Documents++;
        if (isNew && examples.Count < Shown && document.Hits[0].File == number)
            examples.Add(new(document.Place, Path.GetFileName(file.Path), document.Gram ?? ""));
    }

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["path"] = file.Path, ["excludes"] = file.Excludes, ["texts"] = file.Texts, ["ngrams"] = file.Grams,
        ["documents"] = Documents, ["found"] = Found,
        ["examples"] = new JsonArray([.. examples.Select(e => (JsonNode)new JsonObject { ["place"] = e.Place, ["ngram"] = e.Text })]),
    };

    /// <summary>What is needed to go on, beside the record.</summary>
    internal string Hashes => Convert.ToBase64String(MemoryMarshal.AsBytes<ulong>(found.Order().ToArray()));

    internal static EvaluationReport Of(JsonNode json, string? hashes)
    {
        var file = new EvaluationFile(
            (string)json["path"]!, (bool)json["excludes"]!, (int)json["texts"]!, (int)json["ngrams"]!);
        var report = new EvaluationReport(file) { Documents = (long)json["documents"]!, recorded = (int)json["found"]! };
        foreach (var hash in MemoryMarshal.Cast<byte, ulong>(Convert.FromBase64String(hashes ?? ""))) report.found.Add(hash);
        foreach (var e in json["examples"]!.AsArray())
            report.examples.Add(new((string)e!["place"]!, Path.GetFileName(file.Path), (string)e["ngram"]!));
        return report;
    }
}
