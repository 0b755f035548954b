using System.Text.Json;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The shared texts by language: those that the model is made of, and those that it is measured on.</summary>
static class LanguageCorpus
{
    /// <summary>Feeds a trainer as it was fed for the model that comes along.</summary>
    public static void Train(LanguageTrainer trainer)
    {
        foreach (var text in English()) trainer.AddEnglish(text);
        foreach (var text in Sentences("zh")) trainer.AddModern(text, simplified: false);
        foreach (var (classical, modern) in Pairs())
        {
            trainer.AddModern(modern, simplified: true);
            trainer.AddClassical(classical, traditional: false);
        }
        foreach (var (i, text) in Texts("poems.zh", "text").Index()) if (i % 6 == 0) trainer.AddClassical(text, traditional: true);
    }

    /// <summary>Paragraphs of novels, problems, instructions, sentences.</summary>
    public static IEnumerable<string> English() => Texts("books.en", "text").SelectMany(Paragraphs)
        .Concat(Lines("math.en").Select(d => Text(d, "question") + "\n" + Text(d, "answer")))
        .Concat(Texts("instructions.en", "prompt"))
        .Concat(Sentences("en"));

    /// <summary>Sentences of the same meaning in classical and modern Chinese, in simplified characters.</summary>
    public static IEnumerable<(string Classical, string Modern)> Pairs() =>
        Lines("classical-modern.zh").Select(d => (Text(d, "classical"), Text(d, "modern")));

    /// <summary>One side of the short translations, without the lines in which columns have slipped.</summary>
    public static IEnumerable<string> Sentences(string side) =>
        Lines("translation.en-zh").Where(d => !Text(d, "zh").Contains("CC-BY", StringComparison.Ordinal)).Select(d => Text(d, side));

    /// <summary>A field of each document.</summary>
    public static IEnumerable<string> Texts(string name, string field) => Lines(name).Select(d => Text(d, field));

    /// <summary>What is said in dialogues.</summary>
    public static IEnumerable<string> Turns() =>
        Lines("dialogue.en").SelectMany(d => d.GetProperty("turns").EnumerateArray().Select(t => Text(t, "text")));

    /// <summary>Passages that questions are asked about, in simplified characters.</summary>
    public static IEnumerable<string> Passages()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.SharedOrSkip("data", "eval", "cmrc2018_dev.json")));
        foreach (var article in file.RootElement.GetProperty("data").EnumerateArray())
            foreach (var paragraph in article.GetProperty("paragraphs").EnumerateArray()) yield return Text(paragraph, "context");
    }

    /// <summary>Sentences that were written for this test in 29 other languages.</summary>
    public static IEnumerable<(string Language, string Text)> Foreign() =>
        File.ReadLines(House.At("tests/fixtures/languages/foreign.tsv")).Select(l => l.Split('\t')).Select(p => (p[0], p[1]));

    /// <summary>Lines, and the sentences of those that have several.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            yield return line;
            var from = 0;
            for (var i = 0; i < line.Length; i++)
            {
                var isEnd = line[i] is '。' or '！' or '？' || line[i] is '.' or '?' or '!' && i + 1 < line.Length && line[i + 1] == ' ';
                if (!isEnd) continue;
                var sentence = line[from..(i + 1)].Trim();
                if (sentence.Length > 0 && sentence.Length < line.Length) yield return sentence;
                from = i + 1;
            }
        }
    }

    static string[] Paragraphs(string book) => book.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static IEnumerable<JsonElement> Lines(string name)
    {
        var path = Fixtures.SharedOrSkip("data", name + ".jsonl.zst");
        using var lines = new StreamReader(Packing.Open(File.OpenRead(path), path));
        while (lines.ReadLine() is { } line) yield return JsonElement.Parse(line);
    }

    static string Text(JsonElement element, string field) => element.GetProperty(field).GetString()!;
}
