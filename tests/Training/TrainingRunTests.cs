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
        using var training = new TrainingRun(run, recipe ?? Recipe, Sources(text), on, TimeProvider.System);
        training.Run(new() { Stepped = (r, _) => { if (r.Step >= until) stop.Cancel(); } }, stop.Token);
    }

    static TrainingSources Sources(string text) => TrainingSources.Of(Recipe.Data, [text]);

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

    /// <summary>A whole file that is not what a moment is read from: too short, in another number format, without it.</summary>
    [Theory]
    [InlineData("m", 8, "8 values"), InlineData("m", 0, "bf16"), InlineData("other", -1, "no tensor")]
    public void MomentsOfAnotherShapeAreRefusedByName(string name, int count, string said)
    {
        var run = Begun("moments");
        GoOn(run, until: 4);
        var path = Path.Combine(run.Checkpoint(4), "optimizer.safetensors");
        using var on = new CpuBackend(1);
        using var arena = new Arena(on);
        long values;
        using (var file = Safetensors.Open(path)) values = file["m"].Shape.Count;
        var tensor = count > 0 ? arena.New(count) : arena.New(count == 0 ? DType.BF16 : DType.F32, new(values));
        Safetensors.Write(path, [TensorSource.Of(name, tensor)]);
        var refused = Assert.ThrowsAny<Exception>(() => GoOn(run));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("optimizer.safetensors", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherDataOrAnotherRecipeIsRefused()
    {
        var run = Begun("other");
        GoOn(run, until: 4);
        var other = Recipe with { Optimizer = new() { Decay = 0.5f } };
        Assert.Contains("optimizer.decay is 0.1", Assert.Throws<RunException>(() => GoOn(run, recipe: other)).Message);
        using var on = new CpuBackend(1, exact: true);
        Assert.Contains("data", Assert.Throws<RunException>(() =>
            new TrainingRun(run, Recipe, Sources(text + "more"), on, TimeProvider.System)).Message);
        var longer = Recipe with { Schedule = Recipe.Schedule with { Kind = ScheduleKind.Constant } };
        Assert.Contains("schedule.kind", Assert.Throws<RunException>(() => GoOn(run, recipe: longer)).Message);
    }

    [Fact]
    public void OnlyTheNewestAndTheBestStay()
    {
        var run = Begun("pruned", Recipe);
        var often = Recipe with { Save = new() { Every = 1, Keep = 2 } };
        GoOn(run, recipe: often);
        Assert.InRange(run.Checkpoints.Count, 2, 3);
        Assert.Equal([Steps - 1, Steps], run.Checkpoints.TakeLast(2));
        Assert.Equal(run.Checkpoint(Steps), new RunStore(folder).Checkpoint("pruned")!.Path);
        Assert.Equal(run.Checkpoint(Steps - 1), new RunStore(folder).Checkpoint($"pruned@{Steps - 1}")!.Path);
        Assert.Null(new RunStore(folder).Checkpoint("pruned@3"));
    }

    /// <summary>The best of the held-out losses keeps its checkpoint, also where the run is gone on with.</summary>
    [Fact]
    public void TheBestStaysAfterResuming()
    {
        var often = Recipe with { Save = new() { Every = 1, Keep = 1 }, Eval = new() { Every = 1 } };
        var run = Begun("best", often);
        GoOn(run, recipe: often, until: 6);
        var best = RunFolder.Read(run.MetricsPath).Where(l => l["validation_loss"] is not null)
            .MinBy(l => (double)l["validation_loss"]!)!;
        System.Text.Json.Nodes.JsonObject[] lines = [.. RunFolder.Read(run.MetricsPath)];
        lines.Single(l => l["validation_loss"] is not null && (long)l["step"]! == 3)["validation_loss"] = 0.01;   // as if it had been
        File.WriteAllLines(run.MetricsPath, lines.Select(l => l.ToJsonString()));
        Directory.CreateDirectory(run.Checkpoint(3));
        GoOn(run, recipe: often);
        Assert.True(Directory.Exists(run.Checkpoint(3)));
        Assert.True((double)best["validation_loss"]! > 0.01);
    }

    /// <summary>Whatever ends a run, the steps since its last checkpoint are kept.</summary>
    [Fact]
    public void AFaultOfAListenerLosesNoStep()
    {
        var run = Begun("fault");
        using var on = new CpuBackend(1, exact: true);
        using (var training = new TrainingRun(run, Recipe, Sources(text), on, TimeProvider.System))
            Assert.Throws<InvalidTimeZoneException>(() => training.Run(new()
            {
                Stepped = (r, _) => { if (r.Step == 7) throw new InvalidTimeZoneException(); },
            }, default));
        Assert.Equal(run.Checkpoint(7), run.Newest);
    }

    [Fact]
    public void ARunIsTrainedByOneAtATime()
    {
        var run = Begun("held");
        using var on = new CpuBackend(1, exact: true);
        using var first = new TrainingRun(run, Recipe, Sources(text), on, TimeProvider.System);
        Assert.Contains("another process", Assert.Throws<RunException>(() =>
            new TrainingRun(run, Recipe, Sources(text), on, TimeProvider.System)).Message);
    }

    [Theory]
    [InlineData("Collected Works", "Collected-Works-0001")]
    [InlineData(".hidden", "hidden-0001")]
    [InlineData("a@b(1)", "a-b-1--0001")]
    [InlineData("", "run-0001")]
    public void WhateverAFileIsCalledItsRunCanBeNamed(string prefix, string name)
    {
        var store = new RunStore(folder);
        var run = store.Create(null, prefix);
        Assert.Equal(name, run.Name);
        File.WriteAllText(run.RecipePath, "{}");
        Assert.NotNull(store.Find(name));
        Assert.Equal(name.Replace("0001", "0002", StringComparison.Ordinal), store.Create(null, prefix).Name);
    }

    /// <summary>Validation of a large vocabulary gives each piece of logits back.</summary>
    [Fact]
    public void EvaluationHoldsFewLogits()
    {
        using var on = new CpuBackend(1, exact: true);
        using var model = LoadedModel.Create(RecipeModel.Config(null, 8192, 64), on, 1);
        using var parameters = new Parameters(model);
        using var optimizer = new AdamW(parameters, new());
        var data = new RandomWindows([.. Enumerable.Range(0, 5000)], 64, 32, 1);
        using var trainer = new Trainer(model, optimizer, new(ScheduleKind.Constant, 1e-3, 1), data, new());
        trainer.Evaluate([data.At(0)]);
        Assert.InRange(trainer.Bytes, 0, 40L << 20);                  // all logits of 2,048 tokens alone would be 64 MiB
    }

    /// <summary>What a recipe leaves out keeps its default; a prompt that cannot be sampled is told before anything is trained.</summary>
    [Fact]
    public void APromptThatDoesNotFitIsToldAtOnce()
    {
        var asked = Recipe with { Eval = new() { Prompts = [new string('1', 30)] } };
        Assert.Contains("eval.prompts", Assert.Throws<RecipeException>(() => GoOn(Begun("prompt", asked), recipe: asked)).Message);
        Assert.Equal((16, 2000), (RecipeFile.Read(null, []).Data.Batch, (int)RecipeFile.Read(null, []).Schedule.Steps));
    }

    [Theory]
    [InlineData("inverse_sqrt", ScheduleKind.InverseSqrt)]
    [InlineData("wsd", ScheduleKind.Wsd)]
    [InlineData("Cosine", ScheduleKind.Cosine)]
    public void SchedulesAreNamedAsTheRecipeSays(string name, ScheduleKind kind)
    {
        var recipe = RecipeFile.Read(null, new Dictionary<string, string> { ["schedule.kind"] = name });
        Assert.Equal(kind, recipe.Schedule.Kind);
        Assert.Contains(name.ToLowerInvariant(), RecipeFile.Text(recipe), StringComparison.Ordinal);
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
    [InlineData("model", "{\"size\": \"huge\"}", "tiny")]
    [InlineData("model", "{\"depth\": \"6\"}", "model.depth")]
    [InlineData("model", "{\"dept\": 12}", "model.dept")]
    [InlineData("eval.tokens", "0", "eval.tokens")]
    [InlineData("eval.sample_tokens", "0", "eval.sample_tokens")]
    [InlineData("eval.prompts", "null", "eval.prompts")]
    [InlineData("eval.prompts", "[null]", "eval.prompts has a null")]
    [InlineData("data", "null", "data")]
    [InlineData("version", "2", "version 2")]
    [InlineData("data.batch", "65536", "data.window")]
    [InlineData("optimizer.epsilon", "0", "optimizer.epsilon")]
    [InlineData("optimizer.ema", "1", "optimizer.ema is 1, expected 0")]
    [InlineData("precision", "half", "precision is 'half'")]
    public void WhatARecipeCannotSayIsNamed(string key, string value, string said)
    {
        var set = new Dictionary<string, string> { [key] = value };
        if (key == "data.batch") set["data.window"] = "65536";
        Assert.Contains(said, Assert.Throws<RecipeException>(() => RecipeModel.Config(RecipeFile.Read(null, set).Model, 65, 64)).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
