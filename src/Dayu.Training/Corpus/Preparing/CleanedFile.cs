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
    /// <exception cref="FormatException">It names a place outside of its corpus, or no such file.</exception>
    internal static CleanedFile Of(JsonNode? json)
    {
        var file = new CleanedFile((string)json!["source"]!, (string)json["name"]!, (long)json["bytes"]!, (long)json["documents"]!,
            (string)json["sha256"]!);
        bool isOurs = file.Name.Split('-')[0] is TextPrefix or HeldPrefix && IsName(file.Name) && IsName(file.Source);
        return isOurs && file is { Bytes: >= 0, Documents: >= 0 } ? file
            : throw new FormatException($"{file.Source}/{file.Name} is no file of a corpus");
    }

    /// <summary>Whether something is the name of a file or folder, and leads nowhere else.</summary>
    internal static bool IsName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;
}
