using System.Text;
using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>A folder of texts of two sources with everything in them that cleaning drops, and corpora made of it.</summary>
sealed class MadeCorpus : IDisposable
{
    readonly TempFolder folder = new();

    public string this[string name] => folder[name];

    public CleaningOptions Options { get; init; } = new() { Quality = QualityRules.None, Languages = [], Held = 0.1, SavedBytes = 20_000 };

    public int Threads { get; init; } = 2;

    /// <summary>Texts of random words, each of its own.</summary>
    public static string Text(Random random, int words = 60) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => $"w{random.Next(4000):x}")) + ".";

    /// <summary>Two files of so many documents; every seventh repeats one, every eleventh nearly.</summary>
    public void Write(int documents, int seed = 1)
    {
        var (random, lines) = (new Random(seed), new List<string>());
        for (var i = 0; i < documents; i++)
        {
            var text = i % 7 == 6 ? Said(lines[random.Next(lines.Count)]).ToUpperInvariant()
                : i % 11 == 10 ? Said(lines[random.Next(lines.Count)]) + " more." : Text(random);
            lines.Add(i % 13 == 12 ? "{\"text\": \"broken" : new JsonObject { ["text"] = text }.ToJsonString());
        }
        Directory.CreateDirectory(folder["in"]);
        File.WriteAllLines(folder["in/one.jsonl"], lines.Take(documents / 2));
        Directory.CreateDirectory(folder["in/two"]);
        foreach (var (i, line) in lines.Skip(documents / 2).Index()) File.WriteAllText(folder[$"in/two/{i:D4}.txt"], Said(line));
    }

    static string Said(string line) => line.EndsWith('}') ? (string)JsonNode.Parse(line)!["text"]! : "a word or two";

    public CleaningJob Job(string output) => new()
    {
        Folder = folder[output], Inputs = CorpusInputs.Find([folder["in/one.jsonl"], folder["in/two"]]).Files, Options = Options,
        Threads = Threads,
    };

    public PreparedCorpus Make(string output, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        using var cleaning = new Cleaning(Job(output));
        return cleaning.Run(progress, cancel);
    }

    /// <summary>All that lies in a corpus's folder, but for what is only there while it is made.</summary>
    public string Content(string output)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder[output], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (!file.Contains(".work", StringComparison.Ordinal))
                all.Append($"{Path.GetRelativePath(folder[output], file)} {Convert.ToHexString(File.ReadAllBytes(file))}\n");
        return all.ToString();
    }

    public void Dispose() => folder.Dispose();
}
