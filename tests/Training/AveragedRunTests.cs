using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Runs whose weights are averaged: what is measured is what is saved, and what is trained is what it was without.</summary>
public sealed class AveragedRunTests : IDisposable
{
    static readonly string[] texts = [string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} is {i * i}, "))];

    readonly TinyRun tiny = new();

    static Recipe Recipe(string ema, string model = TinyRun.Gpt) =>
        TinyRun.Recipe(model, """["text"]""", ("optimizer.ema", ema), ("save.keep", "9"));

    static byte[] File(RunFolder run, string name, long step = TinyRun.Steps) =>
        System.IO.File.ReadAllBytes(Path.Combine(run.Checkpoint(step), name));

    RunFolder Whole(string name, Recipe recipe)
    {
        var run = tiny.Begun(name, texts);
        TinyRun.GoOn(run, recipe, texts);
        return run;
    }

    /// <summary>Forks a run's checkpoint and trains it to the end.</summary>
    RunFolder Forked(string name, RunFolder from, long step, Recipe recipe)
    {
        var run = tiny.Begun(name, texts);
        using var on = new CpuBackend(1, exact: true);
        var sources = TrainingSources.Of(recipe.Data, texts);
        using var training = new TrainingRun(run, recipe, sources, on, TimeProvider.System, from.Checkpoint(step));
        training.Run(new(), default);
        return run;
    }

    /// <summary>The weights of a checkpoint's model, in the order of parameters.</summary>
    static float[] WeightsOf(RunFolder run, long step = TinyRun.Steps)
    {
        using var on = new CpuBackend(1, exact: true);
        using var model = LoadedModel.Open(run.Checkpoint(step), on, train: true);
        using var parameters = new Parameters(model);
        return parameters.Values.ToArray();
    }

    static float[] RawWeightsOf(RunFolder run, long step = TinyRun.Steps)
    {
        using var file = Safetensors.Open(Path.Combine(run.Checkpoint(step), "optimizer.safetensors"));
        return file["weights"].Values();
    }

    [Theory, InlineData(TinyRun.Gpt), InlineData(TinyRun.Lstm)]
    public void StoppedAndGoneOnWithIsTheSameBits(string model)
    {
        var (whole, parts) = (Whole("whole", Recipe("0.9", model)), tiny.Begun("parts", texts));
        foreach (var (until, threads) in (ValueTuple<long, int>[])[(1, 1), (3, 2), (6, 1), (TinyRun.Steps, 3)])
            TinyRun.GoOn(parts, Recipe("0.9", model), texts, until, threads);
        foreach (var file in (string[])["model.safetensors", "optimizer.safetensors"]) Assert.Equal(File(whole, file), File(parts, file));
    }

    [Fact]
    public void TheWeightsThemselvesAreThoseOfARunWithout()
    {
        var (averaged, plain) = (Whole("averaged", Recipe("0.9")), Whole("plain", Recipe("null")));
        Assert.Equal(WeightsOf(plain), RawWeightsOf(averaged));
        Assert.NotEqual(WeightsOf(plain), WeightsOf(averaged));
    }

    /// <summary>The loss that is told is that of the model in the checkpoint, the sample its text.</summary>
    [Fact]
    public void WhatIsMeasuredAndSampledIsWhatIsSaved()
    {
        var recipe = Recipe("0.9");
        recipe.Eval.Prompts = ["17 is"];
        var (run, sampled) = (tiny.Begun("measured", texts), new List<float>());
        TinyRun.GoOn(run, recipe, texts, tell: new()
        {
            Sample = (model, _, _) =>
            {
                using var arena = new Arena(model.Model.On);
                sampled.Add(model.CausalLm.Forward(new Pass(arena, [1, 2, 3])).ToArray()[0]);
                return "";
            },
        });
        using var on = new CpuBackend(1, exact: true);
        using var saved = LoadedModel.Open(run.Checkpoint(TinyRun.Steps), on, train: true);
        using var parameters = new Parameters(saved);
        using var optimizer = new AdamW(parameters, new());
        var data = new TrainingData(recipe, TrainingSources.Of(recipe.Data, texts), TextCoding.Of(run), saved.Net);
        using var trainer = new Trainer(saved, optimizer, new(ScheduleKind.Constant, 1e-3, 1), data.Batches, new());
        var told = RunFolder.Read(run.MetricsPath).Last(l => l["validation_loss"] is not null)["validation_loss"];
        Assert.Equal(trainer.Evaluate(data.Held(data.Sources[0], recipe.Eval.Tokens)), (double)told!);
        using var own = new Arena(on);
        Assert.Equal(((ICausalLm)saved.Net).Forward(new Pass(own, [1, 2, 3])).ToArray()[0], sampled[^1]);
    }

    /// <summary>A fork goes on from the weights themselves, with their averages, without, or with new ones.</summary>
    [Fact]
    public void AForkTakesTheWeightsAndTheirAverages()
    {
        var (averaged, plain) = (Whole("averaged", Recipe("0.9")), Whole("plain", Recipe("null")));
        var (same, without, begun) = (Forked("same", averaged, 4, Recipe("0.9")), Forked("without", averaged, 4, Recipe("null")),
            Forked("begun", plain, 4, Recipe("0.9")));
        Assert.Equal(WeightsOf(averaged), WeightsOf(same));
        Assert.Equal(WeightsOf(plain), WeightsOf(without));
        Assert.Equal(WeightsOf(plain), RawWeightsOf(begun));
        Assert.NotEqual(WeightsOf(averaged), WeightsOf(begun));
    }

    [Fact]
    public void ARunFromItBeginsWithTheAverages()
    {
        var averaged = Whole("averaged", Recipe("0.9"));
        var recipe = Recipe("null");
        (recipe.Start, recipe.Model) = (averaged.Checkpoint(TinyRun.Steps), null);
        var next = tiny.Begun("next", texts);
        using var on = new CpuBackend(1, exact: true);
        using var training = new TrainingRun(next, recipe, TrainingSources.Of(recipe.Data, texts), on, TimeProvider.System);
        using var parameters = new Parameters(training.Model);
        Assert.Equal(WeightsOf(averaged), parameters.Values.ToArray());
    }

    public void Dispose() => tiny.Dispose();
}
