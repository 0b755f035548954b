using System.Collections.Concurrent;
using Microsoft.Testing.Platform.Extensions.Messages;

namespace Dayu.Tests;

/// <summary>What failed and why, to be read without the rest: artifacts/test-failures.txt.</summary>
public sealed class FailedTests(IServiceProvider services) : RunReport(services)
{
    readonly ConcurrentQueue<string> failures = new();
    int ran;

    public override string DisplayName => "Failed tests";
    protected override string FileName => "test-failures.txt";

    protected override void Take(TestNode test, TestNodeStateProperty state)
    {
        if (state is not (PassedTestNodeStateProperty or FailedTestNodeStateProperty or ErrorTestNodeStateProperty)) return;
        Interlocked.Increment(ref ran);
        var (why, e) = state switch
        {
            FailedTestNodeStateProperty failed => (failed.Explanation, failed.Exception),
            ErrorTestNodeStateProperty error => (error.Explanation, error.Exception),
            _ => (null, null),
        };
        if (state is PassedTestNodeStateProperty) return;
        failures.Enqueue($"failed: {test.DisplayName}{Environment.NewLine}{why}{Environment.NewLine}{e}");
    }

    protected override string[] Lines() => ran == 0 ? [] : [$"failed: {failures.Count} of {ran} tests", .. failures];
}
