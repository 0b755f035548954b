namespace Dayu.Tests;

/// <summary>What went wrong with trainings once, as a user saw it.</summary>
public sealed class TrainFaultTests : IDisposable
{
    static readonly string[] small =
    [
        .. TrainFolder.Small, "schedule.warmup=2", "save.every=6", "save.keep=9",
    ];

    static readonly string[] lstm =
    [
        "--data", "text.txt", "--window", "16", "--batch", "2", "--name", "trunk", "--steps", "6", "--set", "model.model_type=lstm",
        "model.embedding_size=16", "model.hidden_size=16", "model.num_layers=1",
    ];

    readonly TrainFolder folder = new();

    Ran Run(params string[] args) => folder.Run(args);

    void Done(params string[] args) => folder.Done(args);

    /// <summary>A recipe that an earlier program wrote: kinds in capitals.</summary>
    [Fact]
    public void ARunOfAnEarlierProgramIsShownAndGoneOnWith()
    {
        Done([.. small, "--steps", "6", "--name", "old"]);
        var recipe = folder["runs/old/recipe.json"];
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("\"cosine\"", "\"Cosine\"").Replace("\"text\"", "\"Text\""));
        Assert.Contains("\"Text\"", File.ReadAllText(recipe), StringComparison.Ordinal);
        Assert.Equal(0, Run("runs", "show", "old").Code);
        Assert.Equal(0, Run("train", "--resume", "old").Code);
        Assert.Equal(0, Run("train", "--fork", "old", "--steps", "8").Code);
    }

    /// <summary>A fork that lost its checkpoints begins again as a fork, and never from random weights.</summary>
    [Fact]
    public void AForkWithoutCheckpointsIsStillOne()
    {
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        Done("--fork", "trunk", "--steps", "12", "--name", "forked");
        var whole = folder.Weights("forked", 12);
        Directory.Delete(folder["runs/forked/checkpoints"], recursive: true);
        Done("--resume", "forked");
        Assert.Equal(whole, folder.Weights("forked", 12));
        Directory.Delete(folder["runs/forked/checkpoints"], recursive: true);
        Directory.Delete(folder["runs/trunk"], recursive: true);
        var lost = Run("train", "--resume", "forked");
        Assert.NotEqual(0, lost.Code);
        Assert.Contains("is gone", lost.Error, StringComparison.Ordinal);
    }

    /// <summary>Nothing stays of a run that could not be begun, whatever was wrong.</summary>
    [Theory, InlineData("eval.lambada=true"), InlineData("save.best_by=foo"), InlineData("eval.prompts=[\"\"]")]
    public void WhatCannotBeginLeavesNothing(string wrong)
    {
        Assert.NotEqual(0, Run(["train", .. small, "--steps", "6", "--name", "x", "--set", wrong]).Code);
        Assert.False(Directory.Exists(folder["runs/x"]));
    }

    /// <summary>States of texts are of no use to other texts.</summary>
    [Theory, InlineData("-b", "3"), InlineData("--seed", "9")]
    public void ARecurrentForkKeepsItsTexts(params string[] other)
    {
        Done(lstm);
        Done("--fork", "trunk", "--steps", "8", "--name", "same");
        var refused = Run(["train", "--fork", "trunk", "--steps", "8", "--name", "x", .. other]);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("whose states it carries on", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["runs/x"]));
    }

    [Theory]
    [InlineData("DAYU-2064", "--tokens", "1k", "--set", "schedule.steps=7")]
    [InlineData("model.qk_norm is a switch", "--set", "model={\"model_type\":\"llama\",\"qk_norm\":true}")]
    [InlineData("model.num_hidden_layers: lstm has no such key; num_layers is perhaps meant", "--set",
        "model={\"model_type\":\"lstm\",\"embedding_size\":16,\"hidden_size\":16,\"num_hidden_layers\":2}")]
    [InlineData("dayu show shape:", "--set", "model={\"model_type\":\"gpt2\",\"n_layer\":1,\"n_embd\":32,\"n_heads\":2}")]
    [InlineData("model has shape and model_type", "--size", "tiny", "--set", "model.model_type=gpt2")]
    public void WhatContradictsItselfIsSaid(string says, params string[] args)
    {
        var ran = Run(["train", "--data", "text.txt", "--window", "16", "-b", "2", .. args]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AForkHasTheStartOfItsTrunk()
    {
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        var ran = Run("train", "--fork", "trunk", "--steps", "8", "--set", "start=elsewhere");
        Assert.Equal(2, ran.Code);
        Assert.Contains("leave start out", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>A path of the command line is the same wherever the run's recipe is read.</summary>
    [Fact]
    public void ATokenizersPathIsWhole()
    {
        Done([.. small, "--steps", "2", "--name", "first"]);
        File.Copy(folder["runs/first/tokenizer.json"], folder["own.json"]);
        Done([.. small, "--steps", "2", "--name", "second", "--tokenizer", "own.json"]);
        Assert.Contains(folder["own.json"], File.ReadAllText(folder["runs/second/recipe.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherTokenizerThanTheModelsIsTold()
    {
        Done([.. small, "--steps", "2", "--name", "first"]);
        File.WriteAllText(folder["more.txt"], File.ReadAllText(folder["text.txt"]) + "!?");
        string[] same = ["train", "--from", "first", "--data", "more.txt", "--window", "16", "--batch", "2", "--steps", "1"];
        Assert.DoesNotContain("another tokenizer", Run([.. same]).Error, StringComparison.Ordinal);
        Assert.Contains("another tokenizer", Run([.. same, "--tokenizer", "characters"]).Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
