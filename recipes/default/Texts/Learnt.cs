using System.Text.Json.Nodes;

namespace Dayu.Recipes;

/// <summary>Everything that the model learns from, a file a source: {"text"} for the long training, {"messages"} for the last.</summary>
static class Learnt
{
    /// <summary>Writes the files.</summary>
    /// <param name="data">The folder of public texts.</param>
    /// <param name="sampled">The folder of sampled ones: stories.jsonl.zst, answers.jsonl.zst.</param>
    /// <param name="output">A folder.</param>
    /// <param name="held">What none of them may hold.</param>
    public static int Write(string data, string sampled, string output, HeldPrompts held)
    {
        Directory.CreateDirectory(output);
        var words = new Words();
        var (stories, poems, pairs) = (new StoryTurns(held, words, 1), new Poems(held, 2), new Translations(held, 3));
        string Data(string name) => Path.Combine(data, name + ".jsonl.zst");
        string Out(string name) => Path.Combine(output, name + ".jsonl.zst");

        var simplified = new Simplified();
        List<string> modern = [.. JsonLines.Read(Data("classical-modern.zh")).Select(l => simplified.Of(l.Text("modern")).Trim())
            .Where(t => t.Length > 4 && !held.AreIn(t))];
        List<(string, string)> sentences = [.. pairs.Of(JsonLines.Read(Data("translation.en-zh")))];
        var known = Known(modern.Concat(sentences.Select(s => s.Item2)));
        List<string> tales = [.. stories.Texts(JsonLines.Read(Path.Combine(sampled, "stories.jsonl.zst")))];
        List<(string Title, string Form, string Text)> verses = [.. poems.Of(JsonLines.Read(Data("poems.zh")), known)];
        List<JsonObject> answers = [.. new Answers(held, 4).Kept(JsonLines.Read(Path.Combine(sampled, "answers.jsonl.zst")))];
        List<JsonObject> written = [.. new WrittenTurns(held, words, 5).Make(24000)];
        List<JsonObject> translated = [.. sentences.SelectMany(pairs.Turns)];

        var random = new Random(6);
        JsonObject[] turns = [.. answers, .. written, .. translated,
            .. tales.Index().Where(t => t.Index % 3 == 0).Select(t => stories.Turn(t.Item)),
            .. verses.Index().Where(v => v.Index % 4 == 0).Select(v => poems.Turn(v.Item))];
        random.Shuffle(turns);
        return JsonLines.Write(Out("stories"), tales.Select(Text))
            + JsonLines.Write(Out("modern"), modern.Chunk(8).Select(c => Text(string.Join('\n', c))))
            + JsonLines.Write(Out("poems"), verses.Select(v => Text($"《{v.Title}》\n{v.Text}")))
            + JsonLines.Write(Out("pairs"), sentences.Select(s => Text($"{s.Item1}\n{s.Item2}")))
            + JsonLines.Write(Out("turns"), turns);
    }

    static JsonObject Text(string text) => new() { ["text"] = text };

    /// <summary>Characters that come ten times at least.</summary>
    static HashSet<char> Known(IEnumerable<string> texts)
    {
        var counts = new int[char.MaxValue + 1];
        foreach (var text in texts) foreach (var c in text) counts[c]++;
        return [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] >= 10).Select(c => (char)c)];
    }
}
