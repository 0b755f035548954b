using System.Runtime.InteropServices;
using System.Xml.Linq;
using Dayu.Cli;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Looking at trainings: shown, compared, followed, exported, removed.</summary>
public sealed class RunsTests : IDisposable
{
    readonly TempFolder folder = new();

    public RunsTests()
    {
        File.WriteAllText(folder["dayu.json"], "{}");
        MadeRun.Write(folder["runs"], "a", 60);
        MadeRun.Write(folder["runs"], "b", 40, rate: 2e-3, planned: 80);
    }

    Ran Run(params string[] args) => new Caller { Folder = folder.Path }.Run(args);

    [Fact]
    public void ARunIsShownWithItsCurveItsSamplesAndItsState()
    {
        var shown = Run("runs", "show", "b");
        shown.Says("40 of 80");
        shown.Says("stopped");
        shown.Says("大禹治水␊and more");
        Assert.Contains(shown.Out, c => c is > '\u2800' and <= '\u28FF');
        shown.Says("validation/a/b");
        Assert.DoesNotContain('\e', shown.Out);
        Assert.DoesNotContain(Run("runs", "show", "b", "--plain").Out, c => c is > '\u2800' and <= '\u28FF');
        var json = Run("runs", "show", "a", "--json").Json;
        Assert.Equal(60, json["series"]!["loss"]!.AsArray().Count);
        Assert.Equal(MadeRun.Loss(60), (double)json["series"]!["loss"]![59]![1]!);
        Assert.Equal((3840, "finished"), ((int)json["tokens"]!, (string)json["state"]!));
        var csv = Run("runs", "show", "a", "--format", "csv").Out.Split('\n');
        Assert.Equal("step,loss,gradient_norm,rate,tokens,tokens_per_s,validation_loss,validation/a/b,validation/故事", csv[0]);
        Assert.Equal(["1", "5.1", "0.5", "0.001", "64", "128", "", "", ""], csv[1].Split(','));
        Assert.Equal(62, csv.Length);
    }

    /// <summary>One long name does not push the numbers out of sight; programs get it whole.</summary>
    [Fact]
    public void ALongNameIsShortenedInTheTableOnly()
    {
        var name = new string('训', 60);
        MadeRun.Write(folder["runs"], name, 10);
        var listed = Run("runs", "ls");
        listed.Says(new string('训', 19) + "…");
        Assert.DoesNotContain(name, listed.Out, StringComparison.Ordinal);
        foreach (var format in (string[])["json", "csv"]) Run("runs", "ls", "--format", format).Says(name);
    }

    /// <summary>At a terminal a measurement shows as where it is trained: every source, with the loss averaged.</summary>
    [Fact]
    public void FollowingShowsWhatTrainingShows()
    {
        using var held = new RunFolder(folder["runs/b"]).Hold();
        var interrupts = new Interrupts();
        interrupts.Signal(PosixSignal.SIGINT);
        var tail = new Caller { Folder = folder.Path, Interrupts = interrupts, IsTty = true, OutIsTty = true }.Run("runs", "tail", "b");
        tail.Warns("(a/b 2.0000, 故事 3.0000)");
        Assert.DoesNotContain("perplexity", tail.Error, StringComparison.Ordinal);   // the tokens are characters
        Assert.Equal(4, tail.Error.Split("held out").Length - 1);
    }

    [Fact]
    public void RunsAreComparedInWhatDiffers()
    {
        var table = Run("runs", "compare", "a", "b").Out;
        Assert.Matches(@"(?m)^schedule\.rate +0\.001 +0\.002$", table);   // as columns: rows would be wider than the terminal
        Assert.Matches(@"(?m)^tokens +3\.8 K +2\.6 K$", table);
        Assert.Matches(@"(?m)^b,0\.002,80,40,2\.6 K,", Run("runs", "compare", "a", "b", "--format", "csv").Out);
        Assert.DoesNotContain("window", table, StringComparison.Ordinal);
        var runs = Run("runs", "compare", "a", "b", "--json").Json["runs"]!.AsArray();
        Assert.Equal([0.001, 0.002], runs.Select(r => (double)r!["differences"]!["schedule.rate"]!));
        Assert.Equal(MadeRun.Loss(40) + 0.5, (double)runs[1]!["validation_loss"]!);
        foreach (var options in (string[][])[["--x", "tokens"], ["--x", "seconds", "--log-y"], ["--log-x", "--smooth", "5"]])
        {
            Assert.Equal(0, Run(["runs", "compare", "a", "b", "--out", "c.svg", "--yes", .. options]).Code);
            var lines = XDocument.Load(folder["c.svg"]).Descendants().Where(e => e.Name.LocalName == "polyline").ToArray();
            Assert.True(lines.Length >= 8, $"{lines.Length} lines");
            Assert.DoesNotContain("NaN", File.ReadAllText(folder["c.svg"]), StringComparison.Ordinal);
        }
        Run("runs", "compare", "a", "b", "--out", "c.svg").Warns("DAYU-2005");
        Run("runs", "compare", "a", "nothing").Warns("DAYU-3017");
    }

    [Fact]
    public void ARunThatNobodyTrainsIsNotWaitedFor()
    {
        var tail = Run("runs", "tail", "b", "-n", "3");
        Assert.Equal(0, tail.Code);
        Assert.Equal(4, tail.Out.Trim().Split('\n').Length);
        tail.Says("step=39 loss=1.1025641025641026");
        tail.Says("step=40 prompt=大禹 answer=治水␊and more");
        tail.Warns("train --resume b");
        var events = Run("runs", "tail", "b", "-n", "1", "--format", "jsonl").Lines.ToArray();
        Assert.Equal(["eval", "sample"], events.Select(e => (string)e["event"]!));
        Run("runs", "tail", "a").Warns("has finished all 60 steps");
    }

    /// <summary>Lines that come while it is held are shown, and the end of the training is the end of this.</summary>
    [Fact]
    public async Task ATrainingIsFollowedToItsEnd()
    {
        var run = new RunFolder(folder["runs/b"]);
        var held = run.Hold();
        TaskCompletionSource begun = new(), seen = new();
        var caller = new Caller { Folder = folder.Path, Heard = Heard };
        var tail = Task.Run(() => caller.Run("runs", "tail", "b", "-n", "1"), TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        File.AppendAllLines(run.MetricsPath, MadeRun.Lines(41, 1e-3));
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        File.AppendAllLines(run.MetricsPath, MadeRun.Lines(42, 1e-3));
        held.Dispose();
        var ran = await tail;
        Assert.Equal(0, ran.Code);
        ran.Says("step=42");
        Assert.DoesNotContain("step=39 ", ran.Out, StringComparison.Ordinal);

        void Heard(string text)
        {
            if (text.Contains("step=40", StringComparison.Ordinal)) begun.TrySetResult();
            if (text.Contains("step=41", StringComparison.Ordinal)) seen.TrySetResult();
        }
    }

    [Fact]
    public void CtrlCEndsFollowing()
    {
        using var held = new RunFolder(folder["runs/b"]).Hold();
        var interrupts = new Interrupts();
        var caller = new Caller { Folder = folder.Path, Interrupts = interrupts, IsTty = true, OutIsTty = true };
        interrupts.Signal(PosixSignal.SIGINT);
        var ran = caller.Run("runs", "tail", "b");
        Assert.Equal(130, ran.Code);
        ran.Warns("held out");
        ran.Warns("大禹治水");
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void RunsAndCheckpointsAreRemovedWhenSaid()
    {
        Run("runs", "rm", "a").Warns("DAYU-2033");
        Run("runs", "rm", "a@7", "--yes").Warns("DAYU-3025");
        Run("runs", "rm", "a", "nothing", "--yes").Warns("DAYU-3017");
        Assert.True(Directory.Exists(folder["runs/a"]));
        var one = Run("runs", "rm", "a@60", "--yes", "--json").Json["removed"]![0]!;
        Assert.Equal(("a@60", 1000), ((string)one["name"]!, (int)one["bytes"]!));
        Assert.False(Directory.Exists(folder["runs/a/checkpoints/0000060"]));
        Assert.True(File.Exists(folder["runs/a/metrics.jsonl"]));
        using (new RunFolder(folder["runs/b"]).Hold()) Run("runs", "rm", "a", "b", "--yes").Warns("DAYU-2088");
        Assert.True(Directory.Exists(folder["runs/a"]));
        Assert.Equal(0, Run("runs", "rm", "a", "b", "--yes").Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder["runs"]));
    }

    [Fact]
    public void ExportsLieAsTensorBoardReadsThem()
    {
        var exported = Run("runs", "export", "a", "b", "--tensorboard", "logs", "--json").Json["exported"]!.AsArray();
        Assert.Equal([folder["logs/a/events.out.tfevents.1767323045.dayu"], folder["logs/b/events.out.tfevents.1767323045.dayu"]],
            exported.Select(e => (string)e!["file"]!));
        Assert.True(new FileInfo(folder["logs/a/events.out.tfevents.1767323045.dayu"]).Length > 60 * 4 * 30);
        Run("runs", "export", "a", "--tensorboard", "logs").Warns("DAYU-2005");
        Assert.Equal(0, Run("runs", "export", "a", "--tensorboard", "logs", "--yes").Code);
    }

    public void Dispose() => folder.Dispose();
}
