using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Training on shards and on files of ids is training on the same documents in memory, batch for batch and bit for bit.</summary>
public sealed class ShardTrainingTests : IDisposable
{
    readonly TinyRun run = new();

    static Recipe Recipe(string model, string path) =>
        TinyRun.Recipe(model, new JsonArray(path).ToJsonString(), ("data.validation", "0.3"));

    static LoadedModel Model(string model, RunFolder folder, CpuBackend on) => LoadedModel.Create(RecipeModel.Config(
        JsonNode.Parse(model)!.AsObject(), TokenizerFiles.Open(folder.TokenizerPath).VocabularySize, TinyRun.Window), on, seed: 3);

    [Theory, InlineData(TinyRun.Gpt, 1L << 27), InlineData(TinyRun.Gpt, 500), InlineData(TinyRun.Lstm, 300), InlineData(TinyRun.Lstm, 1)]
    public void BatchesAreThoseOfMemory(string model, long tokensPerFile)
    {
        using var on = new CpuBackend(1, exact: true);
        var folder = run.Begun("run", [ShardSource.Lines]);
        using var net = Model(model, folder, on);
        var recipe = Recipe(model, "lines.jsonl");
        var memory = new TrainingData(recipe, TrainingSources.Of(recipe.Data, [ShardSource.Lines]), TextCoding.Of(folder), net.Net);
        var path = run.Folder["sets/lines"];
        ShardSource.Write(memory.Sources[0], folder, path, tokensPerFile);
        using var sources = TrainingSources.Open(Recipe(model, path).Data);
        var shards = new TrainingData(Recipe(model, path), sources, TextCoding.Of(folder), net.Net);
        Assert.Equal(memory.Tokens, shards.Tokens);
        Assert.Equal(memory.Sources[0].Validation.Counted, shards.Sources[0].Validation.Counted);
        for (var n = 0; n < 60; n++) Same(memory.Batches.At(n), shards.Batches.At(n));
        foreach (var tokens in (int?[])[null, 100])
            foreach (var (one, other) in memory.Held(memory.Sources[0], tokens).Zip(shards.Held(shards.Sources[0], tokens)))
                Same(one, other);
        Assert.Equal(memory.Held(memory.Sources[0]).Count(), shards.Held(shards.Sources[0]).Count());
    }

    static void Same(Batch memory, Batch shards)
    {
        Assert.Equal(memory.Ids, shards.Ids);
        Assert.Equal(memory.Targets, shards.Targets);
        Assert.Equal(memory.Starts, shards.Starts);
        Assert.Equal(memory.States?.From, shards.States?.From);
        Assert.Equal(memory.States?.To, shards.States?.To);
        Assert.Equal(memory.Places.Select(p => p.Replace("lines.jsonl:", "lines#", StringComparison.Ordinal)), shards.Places);
    }

    /// <summary>A whole training, stopped on the way; the bits are those of memory.</summary>
    [Fact]
    public void AWholeTrainingHasTheBitsOfMemory()
    {
        using var on = new CpuBackend(1, exact: true);
        var memory = run.Begun("memory", [ShardSource.Lines]);
        TinyRun.GoOn(memory, Recipe(TinyRun.Gpt, "lines.jsonl"), [ShardSource.Lines]);
        using (var net = Model(TinyRun.Gpt, memory, on))
        {
            var source = ShardSource.InMemory(Recipe(TinyRun.Gpt, "lines.jsonl"), memory, net.Net);
            ShardSource.Write(source, memory, run.Folder["sets/lines"], 400);
        }
        var (parts, recipe) = (run.Begun("parts", [ShardSource.Lines]), Recipe(TinyRun.Gpt, run.Folder["sets/lines"]));
        foreach (var until in (long[])[3, TinyRun.Steps]) GoOn(parts, recipe, until);
        Assert.Equal(File.ReadAllBytes(Path.Combine(memory.Newest!, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Newest!, "model.safetensors")));
        // another set in its place is other data
        var path = Path.Combine(run.Folder["sets/lines"], "shards.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["files"]![0]!["sha256"] = new string('0', 64);
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains("data is ", Assert.Throws<RunException>(() => GoOn(parts, recipe, TinyRun.Steps)).Message);
    }

    static void GoOn(RunFolder folder, Recipe recipe, long until)
    {
        using var on = new CpuBackend(1, exact: true);
        using var stop = new CancellationTokenSource();
        using var sources = TrainingSources.Open(recipe.Data);
        using var training = new TrainingRun(folder, recipe, sources, on, TimeProvider.System);
        training.Run(new() { Stepped = (r, _) => { if (until < TinyRun.Steps && r.Step >= until) stop.Cancel(); } }, stop.Token);
    }

    /// <summary>Another tokenizer than that of the set: both are named.</summary>
    [Fact]
    public void AnotherTokenizerIsRefused()
    {
        using var on = new CpuBackend(1, exact: true);
        var folder = run.Begun("run", [ShardSource.Lines]);
        using var net = Model(TinyRun.Gpt, folder, on);
        ShardSource.Write(ShardSource.InMemory(Recipe(TinyRun.Gpt, "lines.jsonl"), folder, net.Net), folder, run.Folder["sets/lines"], 400);
        var other = run.Begun("other", [ShardSource.Lines, "龙"]);
        var recipe = Recipe(TinyRun.Gpt, run.Folder["sets/lines"]);
        var said = Assert.Throws<RecipeException>(() => GoOn(other, recipe, 1)).Message;
        Assert.Contains(ShardTokenizer.Hash(folder.TokenizerPath), said, StringComparison.Ordinal);
        Assert.Contains(ShardTokenizer.Hash(other.TokenizerPath), said, StringComparison.Ordinal);
        Throws.Saying<InvalidDataException>("another tokenizer", () => ShardTokenizer.Keep(other.TokenizerPath, run.Folder["sets"]));
        File.Copy(other.TokenizerPath, run.Folder["sets/tokenizer.json"], overwrite: true);
        Throws.Saying<InvalidDataException>("lies beside it", () => ShardSet.Open(run.Folder["sets/lines"]));
    }

    /// <summary>A recipe that says no tokenizer has the sets'; a folder of sets is a source for each.</summary>
    [Fact]
    public void ARecipeIsCompletedByItsShards()
    {
        using var on = new CpuBackend(1, exact: true);
        var folder = run.Begun("run", [ShardSource.Lines]);
        using var net = Model(TinyRun.Gpt, folder, on);
        var source = ShardSource.InMemory(Recipe(TinyRun.Gpt, "lines.jsonl"), folder, net.Net);
        foreach (var name in (string[])["b", "a"]) ShardSource.Write(source, folder, run.Folder[$"sets/{name}"], 400);
        var made = ShardRecipe.Completed(Recipe(TinyRun.Gpt, run.Folder["sets"]));
        Assert.Equal(["a", "b"], made.Data.Sources.Select(s => s.Name));
        Assert.Equal(run.Folder["sets/tokenizer.json"], made.Data.Tokenizer);
        Throws.Saying<RecipeException>("a, b", () => SourceContent.Open(new() { Path = run.Folder["sets"] }, SourceKind.Text));
        var weighed = TinyRun.Recipe(TinyRun.Gpt, $$"""[{ "path": "{{run.Folder["sets"]}}", "weight": 2 }]""");
        Throws.Saying<RecipeException>("a, b", () => ShardRecipe.Completed(weighed));
        File.Delete(run.Folder["sets/tokenizer.json"]);
        Throws.Saying<RecipeException>("no tokenizer lies beside", () => ShardRecipe.Completed(Recipe(TinyRun.Gpt, run.Folder["sets"])));
    }

    public void Dispose() => run.Dispose();
}
