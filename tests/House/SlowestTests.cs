using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Services;

namespace Dayu.Tests;

/// <summary>
/// How long a run took, and the ten tests that took longest: artifacts/test-slowest.txt. Tests run beside one another,
/// so theirs is the time on the clock, not the processor's.
/// </summary>
public sealed class SlowestTests(IServiceProvider services) : RunReport(services)
{
    readonly ConcurrentDictionary<string, (string Test, TimeSpan Time)> times = new(StringComparer.Ordinal);
    long start;

    public override string DisplayName => "The ten slowest tests";
    protected override string FileName => "test-slowest.txt";

    public override Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext)
    {
        start = TimeProvider.System.GetTimestamp();
        return base.OnTestSessionStartingAsync(testSessionContext);
    }

    protected override void Take(TestNode test, TestNodeStateProperty state)
    {
        if (test.Properties.SingleOrDefault<TimingProperty>() is { } timing)
            times[test.Uid.Value] = (test.DisplayName, timing.GlobalTiming.Duration);
    }

    protected override string[] Lines()
    {
        if (times.IsEmpty) return [];
        var whole = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var slowest = times.Values.OrderByDescending(t => t.Time).ThenBy(t => t.Test, StringComparer.Ordinal).Take(10);
        var size = Sizes.Long ? " at full size (DAYU_LONG=1)" : "";
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{times.Count} tests took {whole:F0} s{size}; the slowest:"),
            .. slowest.Select(t => string.Create(CultureInfo.InvariantCulture, $"  {t.Time.TotalSeconds,6:F1} s  {t.Test}")),
        ];
    }
}
