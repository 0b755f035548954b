using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>A file of a stored model as it was when it came.</summary>
/// <param name="Path">In the model's folder; the file's name where the model is one file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hexadecimal, small letters.</param>
sealed record StoredFile(string Path, long Bytes, string Sha256)
{
    public JsonObject Json => new() { ["path"] = Path, ["bytes"] = Bytes, ["sha256"] = Sha256 };
}

/// <summary>Where a stored model came from, and what it was then: <c>NAME.manifest.json</c> beside it.</summary>
/// <param name="Source">What was pulled or imported.</param>
/// <param name="Revision">The commit, or whatever the server calls this state by; null: it has no such thing.</param>
/// <param name="Time">When, in UTC, as ISO 8601.</param>
/// <param name="Files">What it consists of.</param>
sealed record Manifest(string Source, string? Revision, string Time, StoredFile[] Files)
{
    public const string Extension = ".manifest.json";

    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>Reads one; null where there is none that can be read: a model needs none.</summary>
    public static Manifest? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            StoredFile[] files = [.. root.GetProperty("files").EnumerateArray().Select(f => new StoredFile(f.GetProperty("path").GetString()!, f.GetProperty("bytes").GetInt64(), f.GetProperty("sha256").GetString()!))];
            return new(root.GetProperty("source").GetString()!, root.GetProperty("revision").GetString(), root.GetProperty("time").GetString()!, files);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>Writes it: whole, or not at all.</summary>
    public void Save(string path)
    {
        var json = new JsonObject { ["v"] = 1, ["source"] = Source, ["revision"] = Revision, ["time"] = Time, ["files"] = new JsonArray([.. Files.Select(f => f.Json)]) };
        SafeFile.Write(path, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true, Encoder = Output.Legible.Encoder }) + "\n"));
    }

    /// <summary>Time as it is written.</summary>
    public static string Now(TimeProvider clock) => clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
