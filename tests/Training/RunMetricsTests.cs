using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What a run's files say: read whatever they hold, while they are written.</summary>
public sealed class RunMetricsTests : IDisposable
{
    readonly TempFolder folder = new();

    [Fact]
    public void EveryNumberIsASeriesWhateverItIsCalled()
    {
        var run = MadeRun.Write(folder.Path, "run", 30);
        File.AppendAllLines(run.MetricsPath,
        [
            """{"step":31,"loss":null,"surprise":[1,2],"name":"x","deep":{"er":{"y":7}}}""",
            """{"step":32,"loss":"NaN"}""", "no json", """{"loss":5}""", """{"step":"33","loss":5}""", """{"step":33,"lo""",
        ]);
        var metrics = RunMetrics.Of(run);
        Assert.Equal(32, metrics.Loss.Count);
        Assert.Equal([double.NaN, double.NaN], metrics.Loss.Values.TakeLast(2));
        Assert.Equal(Enumerable.Range(1, 30).Select(s => MadeRun.Loss(s)), metrics.Loss.Values.Take(30));
        Assert.Equal([10L, 20, 30], metrics["validation/故事"].Steps);
        Assert.Equal(7, metrics["deep/er/y"].Last);
        Assert.Empty(metrics["surprise"].Values);
        Assert.Equal((30, MadeRun.Loss(30) + 0.5), metrics.Validation.Lowest);
    }

    [Fact]
    public void TokensAndSecondsAddUp()
    {
        var metrics = RunMetrics.Of(MadeRun.Write(folder.Path, "run", 30));
        Assert.Equal((1920, 15), (metrics.Tokens, metrics.Seconds));
        Assert.Equal([640.0, 1280, 1920], metrics.Along(metrics.Validation, RunAxis.Tokens));
        Assert.Equal([5.0, 10, 15], metrics.Along(metrics.Validation, RunAxis.Seconds));
        Assert.Equal([10.0, 20, 30], metrics.Along(metrics.Validation, RunAxis.Steps));
    }

    /// <summary>Against the sum of all values so far, each with its weight.</summary>
    [Fact]
    public void SmoothingIsAWeightedMeanWithoutBias()
    {
        var loss = RunMetrics.Of(MadeRun.Write(folder.Path, "run", 30)).Loss;
        var smoothed = loss.Smoothed(8);
        for (var i = 0; i < loss.Count; i++)
        {
            double[] weights = [.. Enumerable.Range(0, i + 1).Select(j => Math.Pow(1 - 1 / 8.0, i - j))];
            Assert.Equal(weights.Zip(loss.Values, (w, v) => w * v).Sum() / weights.Sum(), smoothed[i], 1e-12);
        }
        Assert.Equal(loss.Values, loss.Smoothed(1));
    }

    [Fact]
    public void OnlyDifferencesAreTold()
    {
        RunSummary[] runs = [new(MadeRun.Write(folder.Path, "a", 10)), new(MadeRun.Write(folder.Path, "b", 10, rate: 2e-3))];
        var only = Assert.Single(RunDifferences.Of(runs));
        Assert.Equal(("schedule.rate", 0.001, 0.002), (only.Path, (double)only.Values[0]!, (double)only.Values[1]!));
    }

    /// <summary>The file grows by parts of lines, and is written anew as a run that goes back to a checkpoint does.</summary>
    [Fact]
    public void AFollowerReadsEachLineOnce()
    {
        var path = folder["lines.jsonl"];
        var follower = new LineFollower(path);
        Assert.Empty(follower.Next());
        File.AppendAllText(path, "{\"step\":1}\n{\"step\":2}\n{\"st");
        Assert.Equal([1L, 2], Steps());
        File.AppendAllText(path, "ep\":3}\n");
        Assert.Equal([3L], Steps());
        Assert.Empty(follower.Next());
        File.WriteAllText(path, "{\"step\":1}\n");
        Assert.Empty(follower.Next());
        File.AppendAllText(path, "{\"step\":2}\n{\"step\":3}\n{\"step\":4}\n{\"step\":4,\"validation_loss\":1}\n");
        Assert.Equal([4L, 4], Steps());

        long[] Steps() => [.. follower.Next().Select(l => (long)l["step"]!)];
    }

    [Fact]
    public void WhatIsTrainedIsNotRemoved()
    {
        var run = MadeRun.Write(folder.Path, "run", 10, planned: 20);
        Assert.Equal(RunState.Stopped, new RunSummary(run).State);
        using (run.Hold())
        {
            Assert.Equal(RunState.Training, new RunSummary(run).State);
            Assert.Throws<RunException>(run.Remove);
            Assert.Throws<RunException>(() => run.RemoveCheckpoint(10));
        }
        run.RemoveCheckpoint(10);
        Assert.Empty(run.Checkpoints);
        run.Remove();
        Assert.False(Directory.Exists(run.Path));
    }

    /// <summary>A loss that leaps is told at its step.</summary>
    [Fact]
    public void DoubtsAreThoseOfTheGuards()
    {
        var run = MadeRun.Write(folder.Path, "run", 300);
        RunFolder.Append(run.MetricsPath, new() { ["step"] = 301, ["loss"] = 50.0 });
        Assert.Contains((301L, TrainingDoubt.Spike), new RunSummary(run).Doubts);
    }

    public void Dispose() => folder.Dispose();
}
