using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Runs: the same bits however often they are stopped, and nothing is gone on with that does not fit.</summary>
public sealed class TrainingRunTests : IDisposable
{
    const int Steps = 12;

    readonly string folder = Directory.CreateTempSubdirectory("dayu-runs-").FullName;
    readonly string text = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} is {i * i}, "));

    static Recipe Recipe { get; } = RecipeFile.Read(null, new Dictionary<string, string>
    {
        ["model"] = """{ "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 2, "n_head": 2, "n_embd": 32 }""",
        ["data.window"] = "24", ["data.batch"] = "3", ["data.accumulate"] = "2", ["data.sources"] = """["text"]""",
        ["schedule.steps"] = $"{Steps}", ["schedule.warmup"] = "3", ["save.every"] = "4", ["eval.every"] = "5",
    });

    RunFolder Begun(string name, Recipe? recipe = null)
    {
        var run = new RunStore(folder).Create(name, "run");
        Directory.CreateDirectory(run.Path);
        File.WriteAllText(run.TokenizerPath, CharacterTokenizer.Of([text]).ToJsonString());
        File.WriteAllText(run.RecipePath, RecipeFile.Text(recipe ?? Recipe));
        return run;
    }

    /// <summary>Goes on with a run until it has made so many steps.</summary>
    void GoOn(RunFolder run, int threads = 2, long until = long.MaxValue, Recipe? recipe = null)
    {
        using var on = new CpuBackend(threads, exact: true);
        using var stop = new CancellationTokenSource();
        using var training = new TrainingRun(run, recipe ?? Recipe, [text], on, TimeProvider.System);
        training.Run(new() { Stepped = (r, _) => { if (r.Step >= until) stop.Cancel(); } }, stop.Token);
    }

    static byte[] Weights(RunFolder run) => File.ReadAllBytes(Path.Combine(run.Checkpoint(Steps), "model.safetensors"));

    [Fact]
    public void StoppedAndGoneOnWithIsTheSameBits()
    {
        var whole = Begun("whole");
        GoOn(whole);
        var parts = Begun("parts");
        foreach (var (until, threads) in (ValueTuple<long, int>[])[(2, 1), (3, 2), (9, 3), (Steps, 1)]) GoOn(parts, threads, until);
        Assert.Equal(Weights(whole), Weights(parts));
        Assert.Equal(Losses(whole), Losses(parts));

        static double[] Losses(RunFolder run) => [.. File.ReadLines(run.MetricsPath)
            .Select(l => (double?)System.Text.Json.Nodes.JsonNode.Parse(l)!["loss"]).OfType<double>()];
    }

    [Fact]
    public void ACheckpointThatWasBeingWrittenIsNotGoneOnWith()
    {
        var run = Begun("cut");
        GoOn(run, until: 4);
        Directory.CreateDirectory(Path.Combine(run.Path, "checkpoints", ".0000008.part"));
        File.AppendAllText(run.MetricsPath, "{\"step\": 5, \"lo");
        Assert.Equal(run.Checkpoint(4), run.Newest);
        GoOn(run);
        Assert.Equal(Steps, File.ReadLines(run.MetricsPath).Count(l => l.Contains("\"loss\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("optimizer.safetensors", "safetensors")]
    [InlineData("model.safetensors", "safetensors")]
    [InlineData("state.json", "state.json")]
    public void ADamagedCheckpointIsRefusedByName(string file, string named)
    {
        var run = Begun("damaged");
        GoOn(run, until: 4);
        var path = Path.Combine(run.Checkpoint(4), file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
        Assert.Contains(named, Assert.ThrowsAny<Exception>(() => GoOn(run)).Message);
    }

    [Fact]
    public void OtherDataOrAnotherRecipeIsRefused()
    {
        var run = Begun("other");
        GoOn(run, until: 4);
        var other = Recipe with { Optimizer = new() { Decay = 0.5f } };
        Assert.Contains("recipe", Assert.Throws<RunException>(() => GoOn(run, recipe: other)).Message);
        using var on = new CpuBackend(1, exact: true);
        Assert.Contains("data", Assert.Throws<RunException>(() =>
            new TrainingRun(run, Recipe, [text + "more"], on, TimeProvider.System)).Message);
        var longer = Recipe with { Schedule = Recipe.Schedule with { Kind = ScheduleKind.Constant } };
        Assert.Contains("recipe", Assert.Throws<RunException>(() => GoOn(run, recipe: longer)).Message);
    }

    [Fact]
    public void OnlyTheNewestAndTheBestStay()
    {
        var run = Begun("pruned", Recipe);
        var often = Recipe with { Save = new() { Every = 1, Keep = 2 } };
        GoOn(run, recipe: often);
        Assert.InRange(run.Checkpoints.Count, 2, 3);
        Assert.Equal([Steps - 1, Steps], run.Checkpoints.TakeLast(2));
        Assert.Equal(run.Checkpoint(Steps), new RunStore(folder).Checkpoint("pruned"));
        Assert.Equal(run.Checkpoint(Steps - 1), new RunStore(folder).Checkpoint($"pruned@{Steps - 1}"));
        Assert.Null(new RunStore(folder).Checkpoint("pruned@3"));
    }

    /// <summary>What was learnt is a model folder like any other.</summary>
    [Fact]
    public void ACheckpointIsAModel()
    {
        var run = Begun("model");
        GoOn(run);
        using var on = new CpuBackend(1, exact: true);
        using var model = Hub.Pretrained.Open(run.Newest!, on);
        Assert.Equal("17 is 289", model.Tokenizer.Decode([.. model.Tokenizer.Encode("17 is 289")]));
        using var arena = new Arena(on);
        Assert.Equal(model.CausalLm.Vocabulary, model.CausalLm.Forward(new Pass(arena, [.. model.Tokenizer.Encode("17 is")])).Width);
    }

    [Theory]
    [InlineData("schedule.rate", "\"fast\"", "schedule.rate")]
    [InlineData("schedule.speed", "1", "schedule.speed")]
    [InlineData("data.window", "0", "data.window")]
    [InlineData("optimizer.name", "\"adam\"", "adamw")]
    [InlineData("model", "{\"size\": \"huge\"}", "")]
    public void WhatARecipeCannotSayIsNamed(string key, string value, string said)
    {
        if (key == "model") Assert.Contains("tiny", Assert.Throws<RecipeException>(() => ModelSize.Config(
            RecipeFile.Read(null, [new(key, value)]).Model, 65, 64)).Message);
        else Assert.Contains(said, Assert.Throws<RecipeException>(() => RecipeFile.Read(null, [new(key, value)])).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
