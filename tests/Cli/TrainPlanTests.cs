using System.Text.Json.Nodes;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary><c>dayu train --dry-run</c>, <c>--time</c>, <c>--tokens</c>: what a training will come to, before it is begun.</summary>
public sealed class TrainPlanTests : IDisposable
{
    readonly TrainFolder folder = new();

    Ran Train(params string[] more) => folder.Train(["eval.tokens=64", .. more]);

    JsonObject Recipe(string run) => folder.Json(run, "recipe.json");

    [Fact]
    public void APlanLeavesNothingBehind()
    {
        var plan = Train("--steps", "100", "--dry-run", "--json");
        Assert.Equal(0, plan.Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
        var json = plan.Json;
        Assert.Equal((100, 3200), ((long)json["steps"]!, (long)json["tokens"]!));
        Assert.Equal((double)json["tokens"]! / (long)json["parameters"]!, (double)json["tokens_per_parameter"]!, 3);
        Assert.True((bool)json["under_trained"]!);
        Assert.Equal((long)json["weight_bytes"]!, (long)json["gradient_bytes"]!);
        Assert.Equal(2 * (long)json["weight_bytes"]!, (long)json["moment_bytes"]!);      // AdamW has two
        Assert.True((long)json["memory_bytes"]! > 4 * (long)json["weight_bytes"]!);
        Assert.True((double)json["seconds"]! > 100 * (double)json["step_seconds"]!);
        var formats = json["formats"]!.AsArray();
        Assert.True((bool)formats.Single(f => (int)f!["block"]! == 32)!["fits"]!);
        Assert.Contains(64, formats.Single(f => (int)f!["block"]! == 256)!["widths_that_do_not"]!.AsArray().Select(w => (int)w!));
    }

    /// <summary>The threads that compute let others go first (proc(5): the 19th field is a thread's niceness).</summary>
    [Fact]
    public async Task ANiceTrainingLetsOthersGoFirst()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "niceness is read from /proc");
        string[] args = ["train", "--data", folder["text.txt"], .. TrainFolder.Small[2..], "--steps", "1000000", "--name", "nice",
            "--nice", "-t", "2"];
        using var process = DayuProcess.Start(args, ("DAYU_DATA_DIR", folder.Path));
        process.StandardInput.Close();
        var ended = DayuProcess.End(process);
        while (!ended.IsCompleted && !File.Exists(folder["runs/nice/metrics.jsonl"]))
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.False(ended.IsCompleted);
        int[] niceness = [.. Directory.GetDirectories($"/proc/{process.Id}/task").Select(t => File.ReadAllText($"{t}/stat"))
            .Select(s => int.Parse(s[(s.LastIndexOf(')') + 2)..].Split(' ')[16]))];
        process.Kill();
        await ended;
        Assert.True(niceness.Count(n => n > 0) >= 2, string.Join(' ', niceness));      // the main thread, and the one it computes with
    }

    /// <summary>As many steps as the time holds, and no room for two more.</summary>
    [Fact]
    public void ATimeIsTurnedIntoSteps()
    {
        var plan = Train("--time", "20s", "--dry-run", "--json");
        Assert.Equal(0, plan.Code);
        var (steps, seconds) = ((long)plan.Json["steps"]!, (double)plan.Json["seconds"]!);
        Assert.InRange(seconds, 0, 20);
        Assert.True(steps * (double)plan.Json["step_seconds"]! <= 20);
        Assert.InRange(seconds + 2 * ((double)plan.Json["step_seconds"]! + (double)plan.Json["evaluation_seconds"]!
            + (double)plan.Json["saving_seconds"]!), 20, double.MaxValue);
    }

    [Fact]
    public void TheResolvedRecipeSaysHowManySteps()
    {
        Assert.Equal(0, Train("--time", "9s", "--name", "timed", "--threads", "1").Code);
        var steps = (long)Recipe("timed")["schedule"]!["steps"]!;
        Assert.InRange(steps, 1, 1L << 30);
        Assert.True(Directory.Exists(folder[$"runs/timed/checkpoints/{steps:D7}"]));
    }

    [Fact]
    public void TokensAreTurnedIntoSteps()
    {
        Assert.Equal(0, Train("--tokens", "0.1k", "--name", "few").Code);
        Assert.Equal(4, (long)Recipe("few")["schedule"]!["steps"]!);     // of 32 tokens each
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("1d", 86_400)]
    public void Times(string text, double seconds)
    {
        Assert.True(LengthOptions.TryTime(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-3m")]
    [InlineData("0s")]
    [InlineData("3m1h")]
    public void WhatIsNoTime(string text) => Assert.False(LengthOptions.TryTime(text, out _));

    [Theory]
    [InlineData("40M", 40_000_000)]
    [InlineData("1.5B", 1_500_000_000)]
    [InlineData("300k", 300_000)]
    [InlineData("12345", 12345)]
    [InlineData("many", 0)]
    [InlineData("-1M", 0)]
    [InlineData("", 0)]
    public void Counts(string text, long count)
    {
        Assert.Equal(count > 0, LengthOptions.TryCount(text, out var found));
        Assert.Equal(count, found);
    }

    [Theory]
    [InlineData("DAYU-2085", "--time", "10")]
    [InlineData("DAYU-2086", "--tokens", "many")]
    [InlineData("DAYU-2064", "--tokens", "1M", "--steps", "3")]
    [InlineData("DAYU-2064", "--time", "1m", "--steps", "3")]
    [InlineData("DAYU-2064", "--time", "1m", "--tokens", "1M")]
    [InlineData("DAYU-2075", "--time", "12s", "--set", "schedule.warmup=100000000")]
    [InlineData("no room for a single step: it takes ", "--time", "0.01s", "--dry-run")]
    [InlineData("DAYU-2076", "--dry-run", "--name", "a b")]
    [InlineData("DAYU-2076", "--time", "20s", "--name", "a@b")]
    [InlineData("Choose another with --name", "--dry-run", "--name", "a b")]
    public void WhatCannotBePlannedIsTold(string said, params string[] args)
    {
        var ran = Train(args);
        Assert.Equal(2, ran.Code);
        ran.Warns(said);
        if (Directory.Exists(folder["runs"])) Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    /// <summary>It is said what measuring took of it, and no time is negative.</summary>
    [Fact]
    public void ATimeThatIsTooShortIsTold()
    {
        var ran = Train("--time", "1s");
        Assert.Equal(2, ran.Code);
        foreach (var said in (string[])["DAYU-2075", "in 1 s there is no room for a single step: measuring took ", "Give more --time"])
            ran.Warns(said);
        Assert.DoesNotMatch(@"(?<!DAYU)-\d", ran.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    /// <summary>A name that is taken is told before anything is measured.</summary>
    [Theory, InlineData("--dry-run"), InlineData("--time", "20s")]
    public void ATakenNameIsToldAtOnce(params string[] plan)
    {
        folder.Done([.. TrainFolder.Small, "--steps", "1", "--name", "one"]);
        var ran = Train([.. plan, "--name", "one"]);
        Assert.Equal(2, ran.Code);
        ran.Warns("there is a run called one");
        ran.Warns("--resume one");
        Assert.DoesNotContain("easuring", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>What a killed plan left behind is gone after the next.</summary>
    [Fact]
    public void WhatAKilledPlanLeftIsRemoved()
    {
        Directory.CreateDirectory(folder["runs/.plan-0123/checkpoints/0000001"]);
        File.WriteAllText(folder["runs/.plan-0123/.lock"], "");
        Assert.Equal(0, Train("--steps", "100", "--dry-run").Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    public void Dispose() => folder.Dispose();
}
