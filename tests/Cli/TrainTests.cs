using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary><c>dayu train</c> and <c>dayu runs</c>, as a user calls them.</summary>
public sealed class TrainTests : IDisposable
{
    static readonly string[] small =
        ["--set", "model.num_hidden_layers=1", "model.hidden_size=64", "--window", "16", "--batch", "2", "--set", "eval.every=3"];

    readonly TrainFolder folder = new();

    Ran Run(params string[] args) => folder.Run(args);

    Ran Train(params string[] more) => Run(["train", "--data", "text.txt", .. small, .. more]);

    [Fact]
    public void WhatWasTrainedAnswersUnderItsName()
    {
        var trained = Train("--steps", "6", "--json", "--set", "eval.prompts=[\"3 and\"]", "eval.sample_tokens=4");
        Assert.Equal(0, trained.Code);
        Assert.Equal("text-0001", (string?)trained.Json["run"]);
        Assert.True((double)trained.Json["validation_loss"]! > 0);
        Assert.Contains("held out", trained.Error, StringComparison.Ordinal);
        var answered = Run("run", "-m", "text-0001", "3 and", "--max-tokens", "5", "--json");
        Assert.Equal(0, answered.Code);
        Assert.Equal(5, (int)answered.Json["usage"]!["completion_tokens"]!);
        Assert.Equal(0, Run("show", "text-0001@6").Code);
        var listed = Run("runs", "ls", "--json").Json["runs"]!.AsArray();
        Assert.Equal(6, (long)Assert.Single(listed)!["steps"]!);
        Assert.Equal(6, Run("runs", "show", "text-0001", "--json").Json["series"]!["loss"]!.AsArray().Count);
    }

    [Fact]
    public void CtrlCSavesAndResumeGoesOn()
    {
        var interrupts = new Interrupts();
        var clock = new StoppingClock(() => interrupts.Signal(PosixSignal.SIGINT), after: 40);
        var caller = new Caller { Folder = folder.Path, Interrupts = interrupts, Clock = clock };
        var stopped = caller.Run(["train", "--data", "text.txt", .. small, "--steps", "5000", "--name", "long"]);
        Assert.Equal(130, stopped.Code);
        stopped.Warns("--resume long");
        var steps = (long)Run("runs", "ls", "--json").Json["runs"]![0]!["steps"]!;
        Assert.InRange(steps, 1, 4999);
        var recipe = Path.Combine(folder.Path, "runs", "long", "recipe.json");
        var shorter = JsonNode.Parse(File.ReadAllText(recipe))!;
        Assert.Equal(5000, (long)shorter["schedule"]!["steps"]!);
        Assert.Equal($"{steps:D7}", Directory.GetDirectories(folder["runs/long/checkpoints"]).Select(Path.GetFileName).Max());
    }

    [Theory]
    [InlineData("DAYU-2072", "train")]
    [InlineData("DAYU-2073", "train", "--data", "text.txt", "--set", "rate")]
    [InlineData("schedule.speed", "train", "--data", "text.txt", "--set", "schedule.speed=1")]
    [InlineData("DAYU-3019: --data: there is no file ", "train", "--data", "nothing.txt")]
    [InlineData("DAYU-3019: <recipe>: there is no file ", "train", "nothing.json")]
    [InlineData("DAYU-2080: --data: ", "train", "--data", ".")]
    [InlineData("DAYU-2084: --data -: ", "train", "--data", "-")]
    [InlineData("DAYU-2084: data.sources -: ", "train", "--set", "data.sources=[\"-\"]")]
    [InlineData("schedule.rate is \"fast\"; a number was expected", "train", "--data", "text.txt", "--set", "schedule.rate=fast")]
    [InlineData("data.sources[0] is 5; a text was expected", "train", "--set", "data.sources=[5]")]
    [InlineData("schedule.kind is \"up\", expected one of constant, ", "train", "--data", "text.txt", "--set", "schedule.kind=up")]
    [InlineData("DAYU-3017", "train", "--resume", "nothing")]
    [InlineData("DAYU-3017", "runs", "show", "nothing")]
    [InlineData("DAYU-2077", "train", "--resume", "nothing", "--lr", "1")]
    [InlineData("DAYU-2077", "train", "--resume", "nothing", "--name", "other")]
    [InlineData("DAYU-2077", "train", "--resume", "nothing", "--sweep", "lr=1,2")]
    [InlineData("window", "train", "--data", "text.txt", "--window", "5000", "-b", "1")]
    [InlineData("DAYU-2076", "train", "--data", "text.txt", "--name", "a/b")]
    [InlineData("--batch", "train", "--data", "text.txt", "--batch", "many")]
    public void WhatCannotBeTrainedIsToldBeforeAnything(string said, params string[] args)
    {
        var ran = Run(args);
        Assert.NotEqual(0, ran.Code);
        ran.Warns(said);
        Assert.DoesNotContain("defect", ran.Error, StringComparison.Ordinal);
        if (Directory.Exists(folder["runs"])) Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    [Fact]
    public void ARunIsNotBegunTwice()
    {
        Assert.Equal(0, Train("--steps", "1", "--name", "one").Code);
        var again = Train("--steps", "1", "--name", "one");
        again.Warns("there is a run called one");
        again.Warns("--resume");
        Assert.Equal(2, again.Code);
    }

    [Fact]
    public void TrainingIsTimed()
    {
        var timed = Run("bench", "train", "--size", "tiny", "--window", "16", "--batch", "1", "-r", "1",
            "--precision", "float32", "--json");
        Assert.Equal(0, timed.Code);
        Assert.True((double)timed.List[0]!["tok_s"]! > 0);
    }

    /// <summary>Sources with weights and names, a line that is broken, a measure of the caller's: shown, and in the files.</summary>
    [Fact]
    public void SourcesAreMeasuredEach()
    {
        File.WriteAllText(folder["lines.jsonl"], "{\n" + string.Concat(Enumerable.Repeat("{\"text\": \"3 and 4; 5 and 6\"}\n", 20)));
        File.WriteAllText(folder["last.txt"], "3 and 4; 4 and 5;\n" + new string('1', 100) + " 2\n5 and 6; 6 and 0;\n");
        const string sources = """[{ "path": "text.txt", "weight": 3 }, { "path": "lines.jsonl", "weight": 1, "name": "short" }]""";
        var trained = Run(["train", .. small, "--steps", "6", "--json", "--set", "eval.lambada=last.txt", "save.best_by=lambada",
            $"data.sources={sources}", "--set", "data.window=32"]);
        Assert.Equal(0, trained.Code);
        trained.Warns("lines.jsonl:1");
        trained.Warns("1 of 3 LAMBADA passages");
        Assert.Matches(@"text \d\.\d{4}, short \d\.\d{4}\)  lambada \d", trained.Error);
        Assert.DoesNotContain("perplexity", trained.Error, StringComparison.Ordinal);
        var read = trained.Json["sources"]!.AsArray();
        Assert.Equal(["text", "short"], read.Select(s => (string?)s!["name"]));
        Assert.True((double)read[1]!["epochs"]! > 0);
        var shown = Run("runs", "show", "text-0001", "--json").Json["series"]!.AsObject();
        foreach (var series in (string[])["validation/text", "validation/short", "epochs/short", "lambada"])
            Assert.NotEmpty(shown[series]!.AsArray());
        Assert.Contains("short", Run("runs", "show", "text-0001").Out, StringComparison.Ordinal);
        Run(["train", "--data", "text.txt", .. small, "--steps", "1", "--set", "eval.lambada=true"]).Warns("DAYU-3022");
    }

    /// <summary>Conversations, by a template of one's own: what was trained answers by it.</summary>
    [Fact]
    public void ConversationsAreLearnt()
    {
        string Said(string role, int i) => $$"""{"role": "{{role}}", "content": "{{i}}!"}""";
        File.WriteAllLines(folder["chat.jsonl"],
            Enumerable.Range(0, 20).Select(i => $$"""{"messages": [{{Said("user", i % 10)}}, {{Said("assistant", i % 7)}}]}"""));
        string[] chat = ["train", "--data", "chat.jsonl", .. small, "--steps", "4", "--set", "data.window=64", "data.kind=chat"];
        Run(chat).Warns("chat template");
        File.WriteAllText(folder["my.jinja"], "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
            + "{% if add_generation_prompt %}assistant: {% endif %}");
        Assert.Equal(0, Run([.. chat, "data.template=my.jinja", "--name", "talk"]).Code);
        Assert.Equal(0, Run("run", "-m", "talk", "3?", "--max-tokens", "5").Code);
        Assert.True(File.Exists(folder["runs/talk/checkpoints/0000004/chat_template.jinja"]));
    }

    public void Dispose() => folder.Dispose();
}
