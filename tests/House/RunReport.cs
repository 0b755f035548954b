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
/// Says something about a whole run at its end: in a file of artifacts, which <c>dotnet test</c> names (it shows no
/// output of a test program that succeeds), and on the console where the test program is run by itself.
/// </summary>
public abstract class RunReport(IServiceProvider services)
    : IDataConsumer, IDataProducer, ITestSessionLifetimeHandler, IOutputDeviceDataProducer
{
    readonly IOutputDevice output = services.GetOutputDevice();
    readonly IMessageBus bus = services.GetMessageBus();

    /// <summary>
    /// Called by the test program's generated start (see TestingPlatformBuilderHook in Dayu.Tests.csproj).
    /// </summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _)
    {
        Add(new CompositeExtensionFactory<SkipSummary>(services => new SkipSummary(services)));
        Add(new CompositeExtensionFactory<SlowestTests>(services => new SlowestTests(services)));
        Add(new CompositeExtensionFactory<FailedTests>(services => new FailedTests(services)));

        void Add<T>(CompositeExtensionFactory<T> report) where T : RunReport
        {
            builder.TestHost.AddDataConsumer(report);
            builder.TestHost.AddTestSessionLifetimeHandler(report);
        }
    }

    public string Uid => GetType().Name;
    public string Version => "1";
    public abstract string DisplayName { get; }
    public string Description => DisplayName;
    public Type[] DataTypesProduced => [typeof(SessionFileArtifact)];
    public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

    /// <summary>Its name in artifacts.</summary>
    protected abstract string FileName { get; }

    /// <summary>A test has changed its state.</summary>
    protected abstract void Take(TestNode test, TestNodeStateProperty state);

    /// <summary>What is to be said; nothing where tests were only listed.</summary>
    protected abstract string[] Lines();

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
    {
        var test = ((TestNodeUpdateMessage)value).TestNode;
        if (test.Properties.SingleOrDefault<TestNodeStateProperty>() is { } state) Take(test, state);
        return Task.CompletedTask;
    }

    public virtual Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext) => Task.CompletedTask;

    public async Task OnTestSessionFinishingAsync(ITestSessionContext testSessionContext)
    {
        var lines = Lines();
        if (lines.Length == 0) return;
        var file = Path.Combine(Fixtures.Repo, "artifacts", FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(file, lines, testSessionContext.CancellationToken);
        var text = string.Join(Environment.NewLine, lines);
        await bus.PublishAsync(this, new SessionFileArtifact(testSessionContext.SessionUid, new(file), lines[0], text));
        await output.DisplayAsync(this, new TextOutputDeviceData(text), testSessionContext.CancellationToken);
    }
}
