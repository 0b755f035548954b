using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>A corpus that was made: a folder for each source, and <c>prepare.json</c>: of what, how, and what came of it.</summary>
public sealed class PreparedCorpus
{
    /// <summary>The record; a folder without it is no corpus.</summary>
    public const string Record = "prepare.json";

    /// <summary>The folder of what is only needed while it is made.</summary>
    internal const string Work = ".work";

    /// <summary>The folder of token ids, a set for each source.</summary>
    public const string Shards = "shards";

    static readonly JsonSerializerOptions legible = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    PreparedCorpus(string folder, JsonObject json)
    {
        Folder = folder;
        Made = json["made"]!.AsObject();
        Fingerprint = (string)json["fingerprint"]!;
        Files = [.. json["files"]!.AsArray().Select(CleanedFile.Of)];
        Report = CleaningReport.Of(json["report"]!);
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Options and inputs.</summary>
    public JsonObject Made { get; }

    /// <summary>Of options, inputs and files: SHA-256, hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>The files of documents.</summary>
    public IReadOnlyList<CleanedFile> Files { get; }

    /// <summary>What came of it.</summary>
    public CleaningReport Report { get; internal init; }

    /// <summary>Names of sources that have documents.</summary>
    public IEnumerable<string> Sources => Files.Select(f => f.Source).Distinct();

    /// <summary>Where a file lies.</summary>
    public string PathOf(CleanedFile file) => Path.Combine(Folder, file.Source, file.Name);

    /// <summary>The documents of a source: first those for training, then those held out, each in their order.</summary>
    /// <exception cref="InvalidDataException">A file is not as it was written.</exception>
    public IEnumerable<CleanedDocument> Read(string source)
    {
        foreach (var file in Files.Where(f => f.Source == source).OrderBy(f => f.IsHeld))
        {
            var (path, count) = (PathOf(file), 0L);
            using var content = Packing.Open(File.OpenRead(path), path);
            foreach (var line in TextLines.Of(content, Array.MaxLength))
            {
                yield return CleanedDocument.Of(line, file.IsHeld)
                    ?? throw new InvalidDataException($"{path}:{line.Number} is not as it was written. Prepare the corpus anew");
                count++;
            }
            if (count != file.Documents)
                throw new InvalidDataException($"{path} has {count:N0} documents; {file.Documents:N0} were expected. "
                    + "Prepare the corpus anew");
        }
    }

    /// <summary>Opens one; null: the folder holds none.</summary>
    /// <exception cref="InvalidDataException">Its record is damaged, or a file has not the size that it says.</exception>
    public static PreparedCorpus? Open(string folder)
    {
        var path = Path.Combine(folder, Record);
        if (!File.Exists(path)) return null;
        PreparedCorpus corpus;
        try { corpus = new(folder, JsonNode.Parse(File.ReadAllBytes(path))!.AsObject()); }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or ArgumentException
            or FormatException)
        {
            throw new InvalidDataException($"{path} is no record of a corpus, or is damaged; prepare the corpus anew", e);
        }
        foreach (var file in corpus.Files)
            if (new FileInfo(corpus.PathOf(file)) is var info && (!info.Exists || info.Length != file.Bytes))
                throw new InvalidDataException($"{corpus.PathOf(file)} {(info.Exists ? $"has {info.Length:N0} bytes" : "is not there")}; "
                    + $"{file.Bytes:N0} bytes were expected. Prepare the corpus anew");
        return corpus;
    }

    /// <summary>Writes the record, last of all.</summary>
    internal static PreparedCorpus Write(string folder, JsonObject made, IEnumerable<CleanedFile> files, CleaningReport report)
    {
        CleanedFile[] hashed = [.. files.Select(f => f with { Sha256 = FileHash.Of(Path.Combine(folder, f.Source, f.Name)) })];
        var json = new JsonObject
        {
            ["v"] = 1, ["made"] = made.DeepClone(), ["fingerprint"] = "",
            ["files"] = new JsonArray([.. hashed.Select(f => (JsonNode)f.ToJson())]), ["report"] = report.ToJson(),
        };
        json["fingerprint"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json.ToJsonString())));
        WholeFile.Write(Path.Combine(folder, Record), Encoding.UTF8.GetBytes(json.ToJsonString(legible) + "\n"));
        return new(folder, json) { Report = report };
    }
}
