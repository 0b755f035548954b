using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZstdSharp;

namespace Dayu.Recipes;

/// <summary>Files with a JSON object in each line, plain or packed (.zst).</summary>
static class JsonLines
{
    public static readonly JsonSerializerOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The objects of a file, one after another.</summary>
    public static IEnumerable<JsonObject> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".zst", StringComparison.Ordinal) ? new DecompressionStream(file) : file;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Writes objects; the file is there only when it is whole.</summary>
    /// <returns>How many.</returns>
    public static int Write(string path, IEnumerable<JsonObject> objects)
    {
        var count = 0;
        using (var file = File.Create(path + ".part"))
        using (Stream packed = path.EndsWith(".zst", StringComparison.Ordinal) ? new CompressionStream(file, 19) : file)
        using (var writer = new StreamWriter(packed))
            foreach (var line in objects)
            {
                writer.Write(line.ToJsonString(Legible));
                writer.Write('\n');
                count++;
            }
        File.Move(path + ".part", path, overwrite: true);
        return count;
    }

    /// <summary>A text of an object.</summary>
    public static string Text(this JsonObject line, string key) => (string?)line[key] ?? "";

    /// <summary>A conversation of two turns, with or without what the model is told first.</summary>
    public static JsonObject Turns(string user, string? answer = null, string? system = null)
    {
        var messages = new JsonArray();
        if (system is not null) messages.Add(Message("system", system));
        messages.Add(Message("user", user));
        if (answer is not null) messages.Add(Message("assistant", answer));
        return new() { ["messages"] = messages };
    }

    /// <summary>What was asked first, and answered.</summary>
    public static (string Asked, string Answer) TurnsOf(this JsonObject line)
    {
        var messages = line["messages"]!.AsArray().Select(m => m!.AsObject()).ToList();
        return (messages.First(m => m.Text("role") == "user").Text("content"), messages.Last().Text("content"));
    }

    static JsonNode Message(string role, string content) => new JsonObject { ["role"] = role, ["content"] = content };
}
