using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary><c>dayu finetune</c>: what holds where nothing is said, what the data are, and what is wrong with them.</summary>
public sealed class FinetuneTests : IDisposable
{
    const string Chat = """{"messages": [{"role": "user", "content": "How far?"}, {"role": "assistant", "content": "Rather far."}]}""";
    const string Pair = """{"prompt": "How far?", "chosen": "Rather far away.", "rejected": "Near."}""";

    readonly TrainFolder folder = new();
    readonly QuantizeModel start = new();

    public FinetuneTests()
    {
        File.WriteAllText(folder["template.jinja"], TinyRun.Template);
        File.WriteAllLines(folder["chat.jsonl"], Enumerable.Repeat(Chat, 20));
        var pairs = Enumerable.Range(0, 20).Select(i => Pair.Replace("Near", $"Near {i}", StringComparison.Ordinal));
        File.WriteAllLines(folder["pairs.jsonl"], pairs);
    }

    Ran Tune(string data, params string[] more) => folder.Run(["finetune", start.Path, "--data", data, "--window", "64",
        "--name", "tuned", .. more, "--set", "data.template=template.jinja", "data.batch=2", "eval.tokens=64"]);

    JsonNode Recipe() => folder.Json("tuned", "recipe.json");

    [Fact]
    public void DefaultsAreThoseOfFineTuning()
    {
        var ran = Tune("chat.jsonl", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        var recipe = Recipe();
        Assert.Equal((16, 32.0), ((int)recipe["adapter"]!["rank"]!, (double)recipe["adapter"]!["alpha"]!));
        Assert.Equal((2e-4, "linear"), ((double)recipe["schedule"]!["rate"]!, (string)recipe["schedule"]!["kind"]!));
        Assert.Equal(0, (double)recipe["optimizer"]!["decay"]!);
        Assert.Equal("chat", (string?)recipe["data"]!["sources"]![0]!["kind"]);
        var steps = (long)recipe["schedule"]!["steps"]!;
        Assert.Equal((long)Math.Ceiling(0.05 * steps), (long)recipe["schedule"]!["warmup"]!);
        Assert.InRange((double)ran.Json["sources"]![0]!["epochs"]!, 3, 3.3);
        Assert.True(File.Exists(Path.Combine((string)ran.Json["checkpoint"]!, "adapter_config.json")));
        Assert.True(File.Exists(Path.Combine((string)ran.Json["checkpoint"]!, "chat_template.jinja")));
        folder.Run("show", "tuned").Says("rank");
    }

    [Fact]
    public void AllWeightsAreTrainedWhereThatIsAsked()
    {
        folder.Done([.. TrainFolder.Small, "--steps", "1", "--name", "first"]);
        var ran = folder.Run("finetune", "first", "--data", "text.txt", "--full", "--steps", "2", "--name", "tuned");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Null(Recipe()["adapter"]);
        Assert.Equal((2e-5, 16), ((double)Recipe()["schedule"]!["rate"]!, (int)Recipe()["data"]!["window"]!));    // its context
        Assert.True(File.Exists(folder["runs/tuned/checkpoints/0000002/model.safetensors"]));
    }

    [Fact]
    public void PreferencesAreToldFromTheirLines()
    {
        var ran = Tune("pairs.jsonl", "--epochs", "2");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("preference", (string?)Recipe()["data"]!["sources"]![0]!["kind"]);
        Assert.Equal(18, (long)Recipe()["schedule"]!["steps"]!);                 // 18 pairs twice, two a step
        Assert.Contains(RunFolder.Read(folder["runs/tuned/metrics.jsonl"]), l => l.ContainsKey("validation_accuracy"));
    }

    [Fact]
    public void ThePlanCountsWhatIsBelowOnce()
    {
        var plan = Tune("chat.jsonl", "--dry-run", "--json");
        Assert.True(plan.Code == 0, plan.Error);
        Assert.Equal(4 * (long)plan.Json["parameters"]!, (long)plan.Json["frozen_bytes"]!);
        Assert.Equal(2 * (long)plan.Json["weight_bytes"]!, (long)plan.Json["moment_bytes"]!);
        Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    /// <summary>A run's checkpoint goes on: its pairs are those that are trained.</summary>
    [Fact]
    public void PairsOfARunAreTrainedFurther()
    {
        Assert.Equal(0, Tune("chat.jsonl", "--steps", "2", "--set", "adapter.rank=4").Code);
        var ran = folder.Run("finetune", "tuned", "--data", "chat.jsonl", "--window", "64", "--steps", "1", "--name", "more");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(4, (int)folder.Json("more", "recipe.json")["adapter"]!["rank"]!);
        folder.Run("finetune", "tuned", "--data", "chat.jsonl", "--full").Warns("--full");
    }

    [Fact]
    public void WhatIsWrongIsTold()
    {
        folder.Run("finetune", "--data", "chat.jsonl").Warns("DAYU-2019");
        Tune("chat.jsonl", "--epochs", "1", "--steps", "3").Warns("DAYU-2064");
        Tune("chat.jsonl", "--epochs", "0").Warns("DAYU-2006");
        File.WriteAllText(folder["wrong.jsonl"], """{"messages": [{"content": "a"}]}""");
        Tune("wrong.jsonl").Warns("wrong.jsonl:1: it has no messages");
        File.WriteAllText(folder["template.jinja"],
            "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}");
        Tune("chat.jsonl").Warns("the template leaves out what the assistant says in message 2");
        Assert.False(Directory.Exists(folder["runs/tuned"]));
    }

    public void Dispose()
    {
        folder.Dispose();
        start.Dispose();
    }
}
