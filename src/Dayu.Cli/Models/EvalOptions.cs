using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace Dayu.Cli;

/// <summary>What is measured on: text, or a passage a line (<c>.jsonl</c>: its <c>text</c>).</summary>
sealed class EvalOptions
{
    readonly Option<string> data = new("--data") { Required = true, HelpName = "file" };
    readonly Option<int?> limit = new("--limit") { HelpName = "n" };

    public IEnumerable<Symbol> All => [data, limit];

    public int? Limit(Call call) => call.Get(limit) is { } n && n < 1 ? throw new Complaint(2006, call.Say.Text("not-positive", "--limit", n)) : call.Get(limit);

    /// <summary>The whole text; of <c>.jsonl</c>, its texts one after another.</summary>
    public string Text(Call call)
    {
        var path = Path.Combine(call.Terminal.Folder, call.Get(data)!);
        return IsJsonl(path) ? string.Join('\n', Lines(path)) : Read(path);
    }

    /// <summary>The passages, as many as are wanted.</summary>
    public List<string> Passages(Call call) => [.. Lines(Path.Combine(call.Terminal.Folder, call.Get(data)!)).Take(Limit(call) ?? int.MaxValue)];

    static bool IsJsonl(string path) => path.EndsWith("jsonl", StringComparison.OrdinalIgnoreCase);

    static IEnumerable<string> Lines(string path) => Read(path).Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Trim().Length > 0).Select((l, i) => IsJsonl(path) ? TextOf(l, i, path) : l);

    static string Read(string path)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"{path} is a folder; a file was expected");
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF') is { Length: > 0 } text ? text : throw new InvalidDataException($"{path} is empty"); }
        catch (DecoderFallbackException e) { throw new InvalidDataException($"{path}, byte {e.Index}: no UTF-8 text", e); }
    }

    static string TextOf(string line, int index, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("text").GetString() ?? throw new InvalidDataException($"{path}, passage {index + 1}: text is null");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { throw new InvalidDataException($"{path}, passage {index + 1}: a JSON object with a text was expected ({e.Message})", e); }
    }
}
