using System.Runtime.InteropServices;
using Dayu.Cli;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary><c>dayu train --sweep</c>: runs in turn, gone on with by the same command.</summary>
public sealed class SweepTests : IDisposable
{
    static readonly string[] small =
        ["train", .. TrainFolder.Small, "--set", "eval.every=2", "schedule.steps=4"];

    readonly TrainFolder folder = new();

    Ran Run(params string[] more) => folder.Run([.. small, .. more]);

    string[] Names => [.. Directory.GetDirectories(folder["runs"]).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Fact]
    public void EveryCombinationIsARunAndTheBestComesFirst()
    {
        string[] sweep = ["--sweep", "lr=1e-5,1e-2", "--seeds", "2"];
        var swept = Run([.. sweep, "--json"]);
        Assert.Equal(0, swept.Code);
        Assert.Equal(["text-lr1e-2-seed1", "text-lr1e-2-seed2", "text-lr1e-5-seed1", "text-lr1e-5-seed2"], Names);
        var groups = swept.Json["sweep"]!.AsArray();
        Assert.Equal(["1e-2", "1e-5"], groups.Select(g => (string)g!["values"]!["schedule.rate"]!));
        double[] best = [.. groups[0]!["runs"]!.AsArray().Select(r => (double)r!["best_validation_loss"]!)];
        Assert.Equal((best[0] + best[1]) / 2, (double)groups[0]!["mean"]!, 1e-12);
        Assert.Equal(Math.Abs(best[0] - best[1]) / Math.Sqrt(2), (double)groups[0]!["spread"]!, 1e-12);
        Assert.Equal(0, (int)swept.Json["unfinished"]!);

        var written = File.GetLastWriteTimeUtc(folder["runs/text-lr1e-2-seed1/metrics.jsonl"]);
        var again = Run([.. sweep, "--json"]);
        again.Warns("has already finished");
        Assert.Equal(swept.Out, again.Out);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder["runs/text-lr1e-2-seed1/metrics.jsonl"]));
        Run([.. sweep, "--set", "optimizer.decay=0.5"]).Warns("DAYU-2090");
        Run([.. sweep, "--set", "optimizer.decay=0.5"]).Warns("optimizer.decay is 0.1 there, 0.5 here");
    }

    [Fact]
    public void CtrlCSavesAndTheSameCommandGoesOn()
    {
        string[] sweep = ["--sweep", "optimizer.name=adamw,sgd", "--name", "two"];
        var interrupts = new Interrupts();
        var clock = new StoppingClock(() => interrupts.Signal(PosixSignal.SIGINT), after: 4);      // where the second step begins
        var caller = new Caller { Folder = folder.Path, Interrupts = interrupts, Clock = clock };
        var stopped = caller.Run([.. small, .. sweep, "--json"]);
        Assert.Equal(130, stopped.Code);
        stopped.Warns("The same command resumes the sweep");
        Assert.Equal(["two-nameadamw"], Names);
        Assert.Equal(2, (int)stopped.Json["unfinished"]!);
        var ended = Run([.. sweep, "--json"]);
        Assert.Equal(0, ended.Code);
        Assert.Equal(0, (int)ended.Json["unfinished"]!);
        Assert.Equal(["two-nameadamw", "two-namesgd"], Names);
        var lines = File.ReadLines(folder["runs/two-nameadamw/metrics.jsonl"]);
        Assert.Equal(4, lines.Count(l => l.Contains("\"loss\"", StringComparison.Ordinal)));
    }

    /// <summary>One that diverges does not end the others.</summary>
    [Fact]
    public void ARunThatDivergesIsToldAndTheOthersGoOn()
    {
        var swept = Run("--set", "optimizer.clip=null", "schedule.steps=30", "--sweep", "lr=100,1e-3", "--json");
        Assert.Equal(1, swept.Code);
        swept.Warns("text-lr100: DAYU-1040: step");
        var groups = swept.Json["sweep"]!.AsArray();
        Assert.Equal("1e-3", (string)groups[0]!["values"]!["schedule.rate"]!);
        Assert.Equal(1, (int)swept.Json["unfinished"]!);
        Assert.Empty(groups[0]!["failed"]!.AsArray());
        Assert.Equal("DAYU-1040", (string)Assert.Single(groups[1]!["failed"]!.AsArray())!["error"]!);
    }

    /// <summary>Whatever is wrong with one: its recipe, its texts, its shape; the others are trained, and all stand in the table.</summary>
    [Theory]
    [InlineData("DAYU-2075", "1000", "--sweep", "lr=1000,1e-3")]
    [InlineData("DAYU-3019", "[\"gone.txt\"]", "--sweep", "data.sources=[\"gone.txt\"],[\"text.txt\"]")]
    [InlineData("DAYU-2075", "7000", "--sweep", "data.window=7000,16")]
    [InlineData("DAYU-2006", "7", "--sweep", "model.num_attention_heads=7,2")]
    public void AMemberThatCannotBeTrainedIsARow(string error, string value, params string[] sweep)
    {
        var swept = Run([.. sweep, "--json"]);
        Assert.Equal(1, swept.Code);
        swept.Warns(error);
        var groups = swept.Json["sweep"]!.AsArray();
        Assert.Equal(2, groups.Count);
        Assert.Single(groups[0]!["runs"]!.AsArray());
        Assert.Empty(groups[0]!["failed"]!.AsArray());
        Assert.Equal(value, (string)groups[1]!["values"]!.AsObject().Single().Value!);
        var failed = Assert.Single(groups[1]!["failed"]!.AsArray())!;
        Assert.Equal(error, (string)failed["error"]!);
        Assert.Single(Names);
        var table = Run(sweep);
        Assert.Equal(1, table.Code);
        table.Says(error);
        table.Says((string)failed["message"]!);
    }

    /// <summary>One that another process trains is left to it.</summary>
    [Fact]
    public void ARunThatIsHeldIsARow()
    {
        Assert.Equal(0, Run("--sweep", "lr=1e-3,2e-3").Code);
        Directory.Delete(folder["runs/text-lr1e-3/checkpoints"], recursive: true);
        using var held = new RunFolder(folder["runs/text-lr1e-3"]).Hold();
        var swept = Run("--sweep", "lr=1e-3,2e-3,3e-3", "--json");
        Assert.Equal(1, swept.Code);
        swept.Warns("being trained by another process");
        Assert.Equal(3, Names.Length);
    }

    [Theory]
    [InlineData("DAYU-2089", "--sweep", "lr")]
    [InlineData("DAYU-2089", "--sweep", "lr=1e-3,")]
    [InlineData("DAYU-2089", "--sweep", "lr=1", "schedule.rate=2")]
    [InlineData("DAYU-2091", "--sweep", "lr=1e-3,1e-3")]
    [InlineData("DAYU-2064", "--sweep", "seed=1,2", "--seeds", "2")]
    [InlineData("DAYU-2006", "--seeds", "0")]
    [InlineData("schedule.speed", "--sweep", "schedule.speed=1,2")]
    [InlineData("schedule.rate is 1000", "--sweep", "lr=2000,1000")]
    public void WhatCannotBeSweptIsToldBeforeAnything(string said, params string[] more)
    {
        Run(more).Warns(said);
        Assert.False(Directory.Exists(folder["runs"]));
    }

    /// <summary>A name that is said is never cut; one that is made of a file's leaves room for what the sweep puts behind it.</summary>
    [Fact]
    public void NamesFitIntoTheFileSystem()
    {
        Run("--sweep", "lr=1e-3,2e-3", "--name", new string('训', 66)).Warns("expected at most 200");
        Assert.False(Directory.Exists(folder["runs"]));
        var text = new string('训', 80) + ".txt";
        File.Copy(folder["text.txt"], folder[text]);
        Assert.Equal(0, Run("--sweep", "lr=1e-3,2e-3", "--set", $"data.sources=[\"{text}\"]").Code);
        Assert.Equal([new string('训', 64) + "-lr1e-3", new string('训', 64) + "-lr2e-3"], Names);
    }

    /// <summary>Values of JSON hold commas of their own, and those too long for a name are numbered.</summary>
    [Fact]
    public void ValuesMayBeLists()
    {
        Assert.Equal(0, Run("--sweep", """eval.prompts=["1, 2"],["3","4"]""", "data.window=8,16").Code);
        Assert.Equal(["text-prompts1-window16", "text-prompts1-window8", "text-prompts2-window16", "text-prompts2-window8"],
            Names.Select(n => n.Replace("--1--2--", "1", StringComparison.Ordinal).Replace("--3---4--", "2", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    public void Dispose() => folder.Dispose();
}
