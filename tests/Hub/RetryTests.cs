using System.Net.Http;
using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>How often and how long a server is tried.</summary>
public sealed class RetryTests
{
    static readonly TransientException unreached = new("refused") { IsConnectFailure = true }, cut = new("cut");

    readonly SteppedClock clock = new();
    readonly List<RetryScheduled> told = [];

    HubUnreachableException GivesUp(Func<Task<int>> once) => Assert.Throws<HubUnreachableException>(() =>
        new Retry("hub.example", clock, e => told.Add((RetryScheduled)e)).Do(once, () => 0, default).GetAwaiter().GetResult());

    [Fact]
    public void AServerThatIsDownIsTriedThreeTimes()
    {
        Assert.False(GivesUp(() => throw unreached).HasAnswered);
        Assert.Equal([(2, 3, 1.0), (3, 3, 1.0)], told.Select(r => (r.Try, r.Tries, r.Wait.TotalSeconds)));
    }

    /// <summary>A connection that takes five seconds to fail was patience enough.</summary>
    [Theory, InlineData(5, 1), InlineData(1.4, 3), InlineData(2.6, 2)]
    public void ASilentServerIsGivenUpAfterFiveSeconds(double seconds, int tries)
    {
        var tried = 0;
        GivesUp(() =>
        {
            tried++;
            clock.Step(seconds);
            throw unreached;
        });
        Assert.Equal(tries, tried);
    }

    /// <summary>A download that was on its way is worth half a minute, and so is a server that says it is busy.</summary>
    [Fact]
    public void AServerThatHasAnsweredIsWaitedFor()
    {
        var tried = 0;
        Assert.True(GivesUp(() => throw (tried++ == 0 ? cut : unreached)).HasAnswered);
        Assert.Equal([1.0, 2, 4, 8, 16], told.Select(r => r.Wait.TotalSeconds));
        Assert.Equal([(2, 6), (3, 6), (4, 6), (5, 6), (6, 6)], told.Select(r => (r.Try, r.Tries)));
    }

    [Fact]
    public async Task WhatSucceededIsAnAnswer()
    {
        var retry = new Retry("hub.example", clock, e => told.Add((RetryScheduled)e));
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(7, await retry.Do(() => Task.FromResult(7), () => 0, cancel));
        await Assert.ThrowsAsync<HubUnreachableException>(() => retry.Do<int>(() => throw unreached, () => 0, cancel));
        Assert.Equal(5, told.Count);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, true), InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.SecureConnectionError, true), InlineData(HttpRequestError.ProxyTunnelError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false), InlineData(HttpRequestError.Unknown, false)]
    public void WhatCountsAsNoConnection(HttpRequestError error, bool isConnectFailure) =>
        Assert.Equal(isConnectFailure, HubClient.Failure(new HttpRequestException(error)).IsConnectFailure);

    [Fact]
    public void ACutBodyIsNoConnectFailure() => Assert.False(HubClient.Failure(new IOException("cut")).IsConnectFailure);

    /// <summary>A clock that goes by its own waits, at once, and by steps.</summary>
    sealed class SteppedClock : TimeProvider
    {
        long ticks;

        public void Step(double seconds) => ticks += (long)(seconds * TimestampFrequency);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Step(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
