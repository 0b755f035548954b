namespace Dayu.Recipes;

/// <summary>Makes the texts of recipes/default; README.md there has the calls.</summary>
static class Program
{
    const string Usage = """
        texts openings COUNT -o FILE                  beginnings, for the teacher of stories
        texts questions DATA STORIES -o FILE          what the teacher of turns is asked
        texts learnt DATA SAMPLED -o FOLDER           all that the model learns from
        """;

    static int Main(string[] args)
    {
        var held = new HeldPrompts(Path.Combine(Recipe.Folder, "prompts.md"));
        int? written = args switch
        {
 
             ["openings", var count, "-o", var to] when int.TryParse(count, out var n) =>
                JsonLines.Write(to, Openings.Make(n, seed: 1, held)),
            ["questions", var data, var stories, "-o", var to] => JsonLines.Write(to, Questions.Make(
                [.. JsonLines.Read(Path.Combine(data, "translation.en-zh.jsonl.zst")).Select(l => l.Text("en"))],
                [.. JsonLines.Read(stories).Select(l => l.Text("prompt") + l.Text("text"))], seed: 1, held)),
            ["learnt", var data, var sampled, "-o", var to] => Learnt.Write(data, sampled, to, held),
            _ => null,
        };
        Console.Error.WriteLine(written is { } lines ? $"{args[^1]}: {lines} lines" : Usage);
        return written is null ? 2 : 0;
    }
}
