using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Hub;

/// <summary>A file of a stored model as it was when it came.</summary>
/// <param name="Path">In the model's folder, with slashes; the file's name where the model is one file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal.</param>
public sealed record StoredFile(string Path, long Bytes, string Sha256)
{
    /// <summary>As it is written in a manifest: <c>path</c>, <c>bytes</c>, <c>sha256</c>.</summary>
    public JsonObject ToJson() => new() { ["path"] = Path, ["bytes"] = Bytes, ["sha256"] = Sha256 };

    internal static StoredFile Of(JsonElement file) =>
        new(file.GetProperty("path").GetString()!, file.GetProperty("bytes").GetInt64(), file.GetProperty("sha256").GetString()!);
}

/// <summary>Where a stored model came from, and what it was then: <c>NAME.manifest.json</c> beside it.</summary>
/// <param name="Source">What was pulled, imported or copied.</param>
/// <param name="Revision">The commit; null where the source has none.</param>
/// <param name="Time">When it came, in UTC, as ISO 8601.</param>
/// <param name="Files">What it consists of.</param>
public sealed record Manifest(string Source, string? Revision, string Time, StoredFile[] Files)
{
    internal const string Extension = ".manifest.json";

    static readonly JsonSerializerOptions format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,       // Chinese stays legible
    };

    /// <summary>Length of all files together.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>Reads a manifest; null where there is none that can be read, since a model needs none.</summary>
    internal static Manifest? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            StoredFile[] files = [.. root.GetProperty("files").EnumerateArray().Select(StoredFile.Of)];
            return new(Text("source")!, Text("revision"), Text("time")!, files);

            string? Text(string key) => root.GetProperty(key).GetString();
        }
        catch (Exception e) when (IsUnreadable(e) || IsNoManifest(e)) { return null; }
    }

    static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException;

    static bool IsNoManifest(Exception e) => e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;

    /// <summary>Writes it: whole, or not at all.</summary>
    internal void Save(string path)
    {
        var json = new JsonObject
        {
            ["v"] = 1,
            ["source"] = Source,
            ["revision"] = Revision,
            ["time"] = Time,
            ["files"] = new JsonArray([.. Files.Select(f => f.ToJson())]),
        };
        WholeFile.Write(path, Encoding.UTF8.GetBytes(json.ToJsonString(format) + "\n"));
    }

    /// <summary>The present time as a manifest says it.</summary>
    internal static string Now(TimeProvider clock) => clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
