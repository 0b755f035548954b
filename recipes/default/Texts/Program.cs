using Dayu.Recipes;

// Makes the texts of recipes/default; each line of README.md there is one call.
//   openings COUNT -o FILE                    beginnings, for the teacher of stories
//   questions DATA STORIES -o FILE            what the teacher of turns is asked
//   learnt DATA SAMPLED -o FOLDER             all that the model learns from
if (args is not [var verb, .. var given, "-o", var output])
{
    Console.Error.WriteLine("texts: expected a verb, what it reads, and -o FILE; README.md has the calls");
    return 2;
}
var held = new HeldPrompts(Path.Combine(Recipe.Folder, "prompts.md"));
var written = verb switch
{
    "openings" => JsonLines.Write(output, Openings.Make(int.Parse(given[0]), seed: 1, held)),
    "questions" => JsonLines.Write(output, Questions.Make(
        [.. JsonLines.Read(Path.Combine(given[0], "translation.en-zh.jsonl.zst")).Select(l => l.Text("en"))],
        [.. JsonLines.Read(given[1]).Select(l => l.Text("prompt") + l.Text("text"))], seed: 1, held)),
    "learnt" => Learnt.Write(given[0], given[1], output, held),
    _ => throw new ArgumentException($"texts: no verb '{verb}'"),
};
Console.Error.WriteLine($"{output}: {written}");
return 0;
