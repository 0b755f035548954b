using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>When the caller works alone. Ticks are microseconds.</summary>
public sealed class OversubscriptionTests
{
    const long Ms = 1000, Start = 1_000_000;

    /// <summary>The caller waits three milliseconds, twice within a hundredth of a second.</summary>
    static long Trouble(ref Oversubscription oversubscription, long at)
    {
        oversubscription.Waited(at, at + 3 * Ms);
        oversubscription.Waited(at + 5 * Ms, at + 8 * Ms);
        return at + 8 * Ms;
    }

    [Fact]
    public void LastChunksAndRareSlicesAreNothing()
    {
        var oversubscription = new Oversubscription(1_000_000);
        for (var i = 0; i < 1000; i++) oversubscription.Waited(Start + i * Ms, Start + i * Ms + 150);
        for (var i = 0; i < 100; i++) oversubscription.Waited(Start + i * 100 * Ms, Start + i * 100 * Ms + 3 * Ms);
        Assert.False(oversubscription.MayBeAlone);
    }

    /// <summary>
    /// The last chunk of a long parallel-for may be long itself: that of weights being packed, while the tokenizer is made.
    /// </summary>
    [Fact]
    public void OneLongWaitIsNothingAndTwoInARowAre()
    {
        var oversubscription = new Oversubscription(1_000_000);
        oversubscription.Waited(Start, Start + 50 * Ms);
        Assert.False(oversubscription.MayBeAlone);
        oversubscription.Waited(Start + 100 * Ms, Start + 150 * Ms);
        Assert.False(oversubscription.MayBeAlone);
        oversubscription.Waited(Start + 110 * Ms, Start + 160 * Ms);
        Assert.True(oversubscription.IsAlone(Start + 161 * Ms));
    }

    [Fact]
    public void TwoSlicesAreFollowedByAWhileAlone()
    {
        var oversubscription = new Oversubscription(1_000_000);
        var now = Trouble(ref oversubscription, Start);
        Assert.True(oversubscription.MayBeAlone);
        Assert.True(oversubscription.IsAlone(now + 99 * Ms));
        Assert.False(oversubscription.IsAlone(now + 101 * Ms));
        Assert.False(oversubscription.MayBeAlone);
    }

    [Fact]
    public void TheWhileGrowsWhileItGoesOnAndIsShortAgainAfterCalm()
    {
        var oversubscription = new Oversubscription(1_000_000);
        List<long> whiles = [];
        var now = Start;
        for (var i = 0; i < 7; i++)
        {
            var from = now = Trouble(ref oversubscription, now);
            while (oversubscription.IsAlone(now)) now += Ms;
            whiles.Add((now - from) / Ms);
        }
        Assert.Equal([100, 200, 400, 800, 1600, 1600, 1600], whiles);
        now = Trouble(ref oversubscription, now + 600 * Ms);
        Assert.True(oversubscription.IsAlone(now + 99 * Ms));
        Assert.False(oversubscription.IsAlone(now + 101 * Ms));
    }
}
