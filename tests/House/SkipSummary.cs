using System.Collections.Concurrent;
using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Extensions.OutputDevice;
using Microsoft.Testing.Platform.Extensions.TestHost;
using Microsoft.Testing.Platform.Messages;
using Microsoft.Testing.Platform.OutputDevice;
using Microsoft.Testing.Platform.Services;

namespace Dayu.Tests;

/// <summary>
/// Says at the end of every run what was not tested and why, grouped by reason: in artifacts/test-skips.txt, which
/// <c>dotnet test</c> names at its end (it shows no output of a test program that succeeds, but lists each skipped test
/// with its reason), and on the console where the test program is run by itself.
/// </summary>
public sealed class SkipSummary(IOutputDevice output, IMessageBus bus) : IDataConsumer, IDataProducer, ITestSessionLifetimeHandler, IOutputDeviceDataProducer
{
    readonly ConcurrentDictionary<string, int> reasons = new(StringComparer.Ordinal);
    int ran;

    /// <summary>
    /// Called by the test program's generated start (see TestingPlatformBuilderHook in Dayu.Tests.csproj).
    /// </summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _)
    {
        var made = new CompositeExtensionFactory<SkipSummary>(services => new(services.GetOutputDevice(), services.GetMessageBus()));
        builder.TestHost.AddDataConsumer(made);
        builder.TestHost.AddTestSessionLifetimeHandler(made);
    }

    public string Uid => nameof(SkipSummary);
    public string Version => "1";
    public string DisplayName => "Skipped tests by reason";
    public string Description => "Says at the end what was not tested and why";
    public Type[] DataTypesProduced => [typeof(SessionFileArtifact)];
    public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
    {
        switch (((TestNodeUpdateMessage)value).TestNode.Properties.SingleOrDefault<TestNodeStateProperty>())
        {
            case SkippedTestNodeStateProperty skipped: reasons.AddOrUpdate(skipped.Explanation ?? "(no reason given)", 1, (_, n) => n + 1); break;
            case PassedTestNodeStateProperty or FailedTestNodeStateProperty or ErrorTestNodeStateProperty: Interlocked.Increment(ref ran); break;
        }
        return Task.CompletedTask;
    }

    public Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext) => Task.CompletedTask;

    public async Task OnTestSessionFinishingAsync(ITestSessionContext testSessionContext)
    {
        if (ran == 0 && reasons.IsEmpty) return;                      // tests were only listed
        string[] lines =
        [
            $"skipped: {reasons.Values.Sum()} of {ran + reasons.Values.Sum()} tests",
            .. reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => $"  {r.Value} × {r.Key}"),
        ];
        var file = Path.Combine(Fixtures.Repo, "artifacts", "test-skips.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(file, lines, testSessionContext.CancellationToken);
        await bus.PublishAsync(this, new SessionFileArtifact(testSessionContext.SessionUid, new(file), lines[0], string.Join(Environment.NewLine, lines)));
        await output.DisplayAsync(this, new TextOutputDeviceData(string.Join(Environment.NewLine, lines)),
            testSessionContext.CancellationToken);
    }
}
