using System.Collections.Concurrent;
using Microsoft.Testing.Platform.Extensions.Messages;

namespace Dayu.Tests;

/// <summary>What was not tested and why, grouped by reason: artifacts/test-skips.txt.</summary>
public sealed class SkipSummary(IServiceProvider services) : RunReport(services)
{
    readonly ConcurrentDictionary<string, int> reasons = new(StringComparer.Ordinal);
    int ran;

    public override string DisplayName => "Skipped tests by reason";
    protected override string FileName => "test-skips.txt";

    protected override void Take(TestNode test, TestNodeStateProperty state)
    {
        if (state is SkippedTestNodeStateProperty skipped)
            reasons.AddOrUpdate(skipped.Explanation ?? "(no reason given)", 1, (_, n) => n + 1);
        else if (state is PassedTestNodeStateProperty or FailedTestNodeStateProperty or ErrorTestNodeStateProperty)
            Interlocked.Increment(ref ran);
    }

    protected override string[] Lines()
    {
        if (ran == 0 && reasons.IsEmpty) return [];
        var skipped = reasons.Values.Sum();
        var sorted = reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal);
        return [$"skipped: {skipped} of {ran + skipped} tests", .. sorted.Select(r => $"  {r.Value} × {r.Key}")];
    }
}
