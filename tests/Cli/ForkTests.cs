using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary><c>dayu train --fork</c> and <c>--from</c>: a run that begins where something else stands.</summary>
public sealed class ForkTests : IDisposable
{
    static readonly string pytorch = Path.Combine(Fixtures.Repo, "tests", "fixtures", "pytorch");
    static readonly string[] small =
    [
        .. TrainFolder.Small, "schedule.kind=constant", "schedule.warmup=2", "save.every=6", "save.keep=9",
    ];

    readonly TrainFolder folder = new();

    Ran Run(params string[] args) => folder.Run(["train", .. args]);

    void Done(params string[] args) => folder.Done(args);

    JsonObject Origin(string run) => folder.Json(run, "origin.json");

    /// <summary>With nothing changed but the end, a fork is the run itself.</summary>
    [Fact]
    public void AForkGoesOnAsIfItHadNeverBeenOne()
    {
        Done([.. small, "--steps", "12", "--name", "whole"]);
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        Done("--fork", "trunk", "--steps", "12", "--name", "forked");
        Assert.Equal(folder.Weights("whole", 12), folder.Weights("forked", 12));
        Done("--fork", "whole@6", "--steps", "12", "--name", "again");
        Assert.Equal(folder.Weights("whole", 12), folder.Weights("again", 12));
    }

    /// <summary>The cool-down of a trunk at a constant rate is a whole run with that schedule from the beginning.</summary>
    [Fact]
    public void ACoolDownIsForkedFromATrunk()
    {
        Done([.. small, "--steps", "10", "--name", "trunk", "--set", "save.every=5"]);
        Done([.. small, "--steps", "10", "--name", "whole", "--set", "schedule.kind=wsd", "schedule.decay=0.5"]);
        Done("--fork", "trunk@5", "--set", "schedule.kind=wsd", "schedule.decay=0.5", "--name", "cooled");
        Assert.Equal(folder.Weights("whole", 10), folder.Weights("cooled", 10));
        Assert.NotEqual(folder.Weights("trunk", 10), folder.Weights("cooled", 10));
        var from = Origin("cooled")["forked_from"]!;
        Assert.EndsWith("0000005", (string)from["path"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(folder.Weights("trunk", 5))), (string)from["sha256"]!);
        Assert.Equal("wsd", (string?)folder.Json("cooled", "recipe.json")["schedule"]!["kind"]);
    }

    [Fact]
    public void AStoppedForkGoesOn()
    {
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        Done("--fork", "trunk", "--steps", "12", "--name", "forked");
        var whole = folder.Weights("forked", 12);
        Directory.Delete(folder["runs/forked/checkpoints/0000012"], recursive: true);
        Done("--resume", "forked");
        Assert.Equal(whole, folder.Weights("forked", 12));
    }

    [Theory]
    [InlineData("model.hidden_size", "--set", "model.hidden_size=128")]
    [InlineData("tokenizer", "--tokenizer", "other.json")]
    [InlineData("optimizer.name", "--set", "optimizer.name=sgd")]
    [InlineData("schedule.steps")]
    [InlineData("DAYU-2064", "--from", "trunk")]
    [InlineData("DAYU-2077", "--resume", "trunk")]
    public void WhatMustStayIsNamed(string said, params string[] args)
    {
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        File.WriteAllText(folder["other.json"], Dayu.Training.CharacterTokenizer.Of(["01xyz"]).ToJsonString());
        var ran = Run(["--fork", "trunk", "--set", "schedule.kind=linear", "--name", "forked", .. args]);
        Assert.Equal(2, ran.Code);
        ran.Warns(said);
        Assert.False(Directory.Exists(folder["runs/forked"]));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("trunk@5")]
    public void ACheckpointThatIsNotThereIsTold(string name)
    {
        Done([.. small, "--steps", "6", "--name", "trunk"]);
        var ran = Run("--fork", name);
        Assert.Equal(3, ran.Code);
        ran.Warns("DAYU-3028");
    }

    /// <summary>From weights alone: new moments, step 0, another seed if one likes.</summary>
    [Fact]
    public void ARunStartsFromWeightsOfAnother()
    {
        Done([.. small, "--steps", "6", "--name", "first"]);
        Done("--from", "first@6", "--data", "text.txt", "--window", "16", "--batch", "2", "--steps", "1", "--lr", "0", "--name", "same");
        Assert.Equal(folder.Weights("first", 6), folder.Weights("same", 1));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(folder.Weights("first", 6))),
            (string?)Origin("same")["started_from"]!["sha256"]);
        Run("--from", "first", "--data", "text.txt", "--size", "small").Warns("model");
    }

    /// <summary>nanoGPT's checkpoint and its characters; the window is no longer than what the model was made for.</summary>
    [Fact]
    public void ARunStartsFromNanoGptsCheckpoint()
    {
        File.WriteAllText(folder["letters.txt"], string.Concat(Enumerable.Repeat("abc deed gab!\n", 40)));
        string[] from = ["--from", Path.Combine(pytorch, "nanogpt.pt"), "--data", "letters.txt", "--steps", "3", "--name", "nano"];
        Run([.. from, "--window", "8"]).Warns("DAYU-2074");              // it has no tokenizer of its own
        string[] known = [.. from, "--tokenizer", Path.Combine(pytorch, "nanogpt-meta.pkl")];
        Run([.. known, "--window", "16"]).Warns("data.window");
        Done([.. known, "--window", "8", "--batch", "2"]);
        Assert.Equal("gpt2", (string?)folder.Json("nano", "checkpoints/0000003/config.json")["model_type"]);
        var answered = folder.Run(["run", "-m", "nano", "abc", "--max-tokens", "3"]);
        Assert.Equal(0, answered.Code);
    }

    /// <summary>A GGUF file brings its tokenizer along, and quantised weights become float32.</summary>
    [Fact]
    public void ARunStartsFromAGgufFile()
    {
        var tokenizer = Fixtures.SharedOrSkip("fixtures", "tokenizers", "gpt2.tokenizer.json");
        Done([.. small, "--steps", "2", "--name", "first", "--tokenizer", tokenizer]);
        var quantized = folder.Run(["quantize", "first", "--to", "q8_0", "-o", folder["small.gguf"]]);
        Assert.True(quantized.Code == 0, quantized.Error);
        Done("--from", "small.gguf", "--data", "text.txt", "--window", "16", "--batch", "2", "--steps", "2", "--name", "gguf");
        Assert.True(File.Exists(folder["runs/gguf/checkpoints/0000002/tokenizer.gguf"]));
        var answered = folder.Run(["run", "-m", "gguf", "1 and", "--max-tokens", "3", "--raw"]);
        Assert.True(answered.Code == 0, answered.Error);
    }

    /// <summary>What belongs to a folder's text comes along: a model that was tuned is used as its base was.</summary>
    [Fact]
    public void ATokenizerOfTwoFilesAndATemplateComeAlong()
    {
        Done([.. small, "--steps", "2", "--name", "first"]);
        var model = folder["runs/first/checkpoints/0000002"];
        File.WriteAllText(Path.Combine(model, "chat_template.jinja"), "{{ messages[0].content }}");
        Done("--from", model, "--data", "text.txt", "--window", "16", "--steps", "1", "--name", "second");
        Assert.True(File.Exists(folder["runs/second/checkpoints/0000001/chat_template.jinja"]));
    }

    public void Dispose() => folder.Dispose();
}
