namespace Dayu.Inference;

/// <summary>
/// Times work fairly: everyone once to warm up, then everyone in turn, round after round, so that what disturbs the
/// machine disturbs all.
/// </summary>
public static class InterleavedRuns
{
    /// <summary>Runs all cases.</summary>
    /// <param name="cases">Who is timed; what they did before stays.</param>
    /// <param name="rounds">How often each is timed, at least once.</param>
    /// <param name="clock">Tells the time: the clock on the wall, or <see cref="ProcessorTime"/>.</param>
    /// <param name="report">Told of runs done, of how many.</param>
    /// <param name="cancel">Stops it: what was measured by then remains.</param>
    /// <returns>False: it was stopped.</returns>
    public static bool Run(
        IReadOnlyList<BenchmarkCase> cases, int rounds, TimeProvider clock, Action<int, int>? report = null,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentNullException.ThrowIfNull(clock);
        var (done, all) = (0, (int)Math.Min(int.MaxValue, (rounds + 1L) * cases.Count));
        try
        {
            for (var round = 0; round <= rounds; round++)
                foreach (var c in cases)
                {
                    cancel.ThrowIfCancellationRequested();
                    report?.Invoke(done++, all);
                    if (round == 0) c.WarmUp(cancel);
                    else c.Measure(clock, cancel);
                }
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { return false; }
    }
}

/// <summary>
/// A clock that goes while this process's threads compute. With one thread it leaves out what other programs take
/// meanwhile; with more, seconds of all threads are added.
/// </summary>
public sealed class ProcessorTime : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
