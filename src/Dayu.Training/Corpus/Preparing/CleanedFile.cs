using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A file of documents that were kept: JSON lines, packed with Zstandard.</summary>
/// <param name="Source">The source of its documents.</param>
/// <param name="Name">
/// What it is called in the source's folder: <c>text-00000.jsonl.zst</c>; of those held out <c>held-00000.jsonl.zst</c>.
/// </param>
/// <param name="Bytes">Packed.</param>
/// <param name="Documents">How many.</param>
/// <param name="Sha256">Of the packed bytes; empty while it is written.</param>
public sealed record CleanedFile(string Source, string Name, long Bytes, long Documents, string Sha256 = "")
{
    /// <summary>How names of files of what is held out begin; those of the others.</summary>
    internal const string HeldPrefix = "held", TextPrefix = "text";

    /// <summary>Whether its documents are held out.</summary>
    public bool IsHeld => Name.StartsWith(HeldPrefix, StringComparison.Ordinal);

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["source"] = Source, ["name"] = Name, ["bytes"] = Bytes, ["documents"] = Documents, ["sha256"] = Sha256,
    };

    /// <summary>From the record.</summary>
    internal static CleanedFile Of(JsonNode? json) => new((string)json!["source"]!, (string)json["name"]!, (long)json["bytes"]!,
        (long)json["documents"]!, (string)json["sha256"]!);
}
