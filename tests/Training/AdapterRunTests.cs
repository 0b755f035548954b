using Dayu.Cpu;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Trainings of low-rank pairs: in parts as a whole, on quantised models, forked, begun from another's, averaged.</summary>
public sealed class AdapterRunTests : IDisposable
{
    static readonly string[] texts = [string.Concat(Enumerable.Range(0, 400).Select(i => $"{i % 10} and {i % 7}; "))];

    static readonly (string, string)[] rank4 = [("adapter", """{ "rank": 4, "alpha": 8 }""")];

    readonly TinyRun tiny = new();

    static Recipe Recipe(string start, params (string Key, string Value)[] more) => TinyRun.Recipe("null", "[\"text.txt\"]",
        [("start", $"\"{start}\""), .. more.Any(m => m.Key == "adapter") ? [] : rank4, .. more]);

    static string Start(string kind) => kind == "llama" ? Fixtures.GoldenOrSkip("llama")
        : Fixtures.GoldenOrSkip("gguf", $"llama.{kind}.gguf");

    [Theory]
    [InlineData("llama", "null")]
    [InlineData("Q4_0", "null")]
    [InlineData("Q8_0", "0.9")]
    public void InPartsItIsTheSameToTheBit(string start, string ema)
    {
        var (whole, parts) = tiny.Twice(Recipe(Start(start), ("optimizer.ema", ema)), texts);
        Assert.Equal(whole, parts);
    }

    /// <summary>A checkpoint is peft's folder and opens as a model; what lies below is what it was.</summary>
    [Fact]
    public void CheckpointIsAnAdapterOfItsStart()
    {
        var (start, run) = (Start("Q4_0"), tiny.Begun("run", texts));
        var losses = new List<double>();
        TinyRun.GoOn(run, Recipe(start), texts, tell: new() { Evaluated = e => losses.Add(e.Loss!.Value) });
        Assert.True(losses[^1] < losses[0], $"{losses[0]} → {losses[^1]}");
        var config = AdapterConfig.Read(run.Newest!);
        Assert.Equal((Path.GetFullPath(start), 4, 8.0), (config.Base, config.Rank, config.Alpha));
        Assert.False(File.Exists(Path.Combine(run.Newest!, "model.safetensors")));
        using var on = new CpuBackend(1, exact: true);
        using LoadedModel own = LoadedModel.Open(run.Newest!, on), below = LoadedModel.Open(start, on);
        Assert.Equal(14, own.Adapter!.Pairs.Count);
        foreach (var (path, w) in own.Weights)
        {
            var other = below.Weights[path].Tensor;
            Assert.Equal((other.DType, other.ToArray()[0]), (w.Tensor.DType, w.Tensor.ToArray()[0]));
        }
    }

    /// <summary>Memory: what is below is held once, in its own format; moments and gradients are of pairs alone.</summary>
    [Fact]
    public void OnlyPairsHaveMoments()
    {
        using var on = new CpuBackend(1, exact: true);
        var recipe = Recipe(Start("Q4_0"));
        using var run = new TrainingRun(tiny.Begun("run", texts), recipe, TrainingSources.Of(recipe.Data, texts), on, TimeProvider.System);
        var pairs = run.Model.Adapter!.Weights.Sum(w => w.Tensor.Bytes);
        Assert.InRange(run.Bytes.Weights, pairs, pairs + 64 * run.Model.Adapter.Weights.Count());
        Assert.Equal(2 * run.Bytes.Weights, run.Bytes.Moments);
        Assert.Equal(run.Model.Weights.Values.Sum(w => w.Tensor.Bytes), run.Frozen);
        Assert.True(run.Frozen < run.Model.Parameters * 3, "it is quantised");
    }

    /// <summary>From a checkpoint's weights alone: the same pairs, whose training goes on; their kind cannot be another.</summary>
    [Fact]
    public void ARunStartsFromPairsOfAnother()
    {
        var first = tiny.Begun("first", texts);
        TinyRun.GoOn(first, Recipe(Start("llama")), texts);
        var second = Recipe(first.Newest!, ("adapter", "null"));
        second = second with { Schedule = second.Schedule with { Rate = 0 } };
        Assert.Equal(4, AdapterRecipe.Completed(second).Adapter!.Rank);
        var run = tiny.Begun("second", texts);
        TinyRun.GoOn(run, AdapterRecipe.Completed(second), texts);
        Assert.Equal(TinyRun.Weights(first.Newest!), TinyRun.Weights(run.Newest!));
        Assert.Equal(Path.GetFullPath(Start("llama")), AdapterConfig.Read(run.Newest!).Base);
        var other = Recipe(first.Newest!, ("adapter.rank", "8"));
        Throws.Saying<RecipeException>("rank 8", () => AdapterRecipe.Completed(other));
    }

    [Fact]
    public void WhatPairsCannotBePutOnIsTold()
    {
        Throws.Saying<RecipeException>("start is random", () => TinyRun.Recipe(TinyRun.Gpt, "[\"text.txt\"]", ("adapter", "{}")));
        Throws.Saying<RecipeException>("adapter.rank is 0", () => Recipe("x", ("adapter.rank", "0")));
        Throws.Saying<RecipeException>("adapter.targets", () => Recipe("x", ("adapter.targets", "[]")));
        Throws.Saying<RecipeException>("data.tokenizer", () => Recipe("x", ("data.tokenizer", "characters")));
        var none = Recipe(Start("llama"), ("adapter.targets", "[\"nope\"]"));
        Throws.Saying<RecipeException>("no matrix is called nope", () => TinyRun.GoOn(tiny.Begun("run", texts), none, texts));
    }

    /// <summary>The file below a checkpoint has become another one: its pairs say nothing of that.</summary>
    [Fact]
    public void AnotherModelBelowIsRefused()
    {
        var start = tiny.Folder["base.gguf"];
        File.Copy(Start("Q8_0"), start);
        var run = tiny.Begun("run", texts);
        TinyRun.GoOn(run, Recipe(start), texts, until: 3);
        var bytes = File.ReadAllBytes(start);
        bytes[^1] ^= 1;
        File.WriteAllBytes(start, bytes);
        Throws.Saying<RunException>("base is", () => TinyRun.GoOn(run, Recipe(start), texts));
    }

    public void Dispose() => tiny.Dispose();
}
