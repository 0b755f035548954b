using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What is told of a training that goes wrong, and that nothing is told of one that goes well.</summary>
public sealed class GuardsTests
{
    static StepReport Step(long step, double loss) => new(step, loss, 1, 1e-3, 64);

    /// <summary>A loss that falls as losses do, with noise.</summary>
    static double Good(int step) => 2 + 2 / Math.Sqrt(1 + step) + 0.05 * Math.Sin(step * 12.9898);

    [Fact]
    public void AGoodTrainingIsLeftInPeace()
    {
        var guards = new Guards();
        for (var i = 0; i < 3000; i++)
        {
            Assert.Empty(guards.Stepped(Step(i + 1, 2 + 2 / Math.Sqrt(1 + i / 50.0) + 0.05 * Math.Sin(i * 12.9898))));
            if (i % 250 == 0) Assert.Empty(guards.Evaluated(2.05 + 2 / Math.Sqrt(1 + i / 50.0)));
        }
        Assert.Empty(guards.Saved(free: 1 << 30, checkpoint: 1 << 20));
    }

    [Fact]
    public void ALeapIsToldOnceAndAgainWhenItComesBack()
    {
        var guards = new Guards();
        for (var i = 0; i < 300; i++) Assert.Empty(guards.Stepped(Step(i + 1, Good(i))));
        Assert.Equal([TrainingDoubt.Spike], guards.Stepped(Step(301, 9)));
        Assert.Empty(guards.Stepped(Step(302, 2.1)));
        for (var i = 0; i < 200; i++) guards.Stepped(Step(303 + i, Good(303 + i)));
        Assert.Equal([TrainingDoubt.Spike], guards.Stepped(Step(600, 9)));
    }

    [Fact]
    public void WhatFallsNoMoreIsTold()
    {
        var guards = new Guards();
        var told = Enumerable.Range(1, 2000).SelectMany(i => guards.Stepped(Step(i, 3 + 0.01 * Math.Sin(i)))).ToArray();
        Assert.Equal([TrainingDoubt.Plateau], told);
    }

    [Fact]
    public void LearningByHeartIsTold()
    {
        var guards = new Guards();
        for (var i = 0; i < 400; i++) guards.Stepped(Step(i + 1, 3 - i / 200.0));
        Assert.Empty(guards.Evaluated(2.0));
        Assert.Equal([TrainingDoubt.Overfitting], guards.Evaluated(2.3));
        Assert.Empty(guards.Evaluated(2.4));
    }

    [Fact]
    public void AFullDiskIsToldBeforeItIsFull() => Assert.Equal([TrainingDoubt.DiskLow], new Guards().Saved(free: 100, checkpoint: 90));
}
