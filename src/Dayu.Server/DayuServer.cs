using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Dayu.Server;

/// <summary>Models on the wire, for many at once.</summary>
public sealed class DayuServer : IAsyncDisposable
{
    const int ConnectionsEach = 4;                                   // connections to each request that is worked on: most wait for one

    readonly WebApplication app;
    readonly CancellationTokenSource ending = new();
    readonly ServerSettings settings;
    readonly ServerMeters meters;
    readonly MeterProvider gathered = MetricsRoute.Gather();

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="settings">Where it listens, and whom it lets in.</param>
    /// <param name="models">Who answers; they stay the caller's.</param>
    /// <param name="pages">Adds pages for people, for which no key is asked; <c>GET /</c> of who accepts text/html is theirs. null: there
    /// are none.</param>
    /// <exception cref="ArgumentException">Anybody could come in from elsewhere.</exception>
    public DayuServer(ServerSettings settings, ModelHost models, Action<IEndpointRouteBuilder>? pages = null)
    {
        (this.settings, meters) = (settings.Checked(), new(models));
        app = Host(settings);
        var (guard, serving) = (new Guard(settings), new Serving(settings, models, meters, ending.Token));
        app.UseErrorFrame(settings);
        app.Use(guard.CheckOrigin);
        app.UseRoot(pages is not null);
        app.UseRouting();
        app.Use(guard.Enter);
        app.MapOpenAi(serving);
        new TextRoutes(serving).Map(app);
        new ControlRoutes(serving).Map(app);
        app.MapHealth(serving);
        app.MapMetrics(gathered);
        app.MapOpenApi();
        pages?.Invoke(app.MapGroup("").WithMetadata(new OpenToAll()));
    }

    static WebApplication Host(ServerSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.Grace + TimeSpan.FromSeconds(5));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MostBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxConcurrentConnections = ConnectionsEach * settings.MostRequests;
            kestrel.Listen(settings.Address, settings.Port);
        });
        return builder.Build();
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Task Start(CancellationToken cancel = default) => app.StartAsync(cancel);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What can be asked: methods and paths.</summary>
    internal IEnumerable<string> Routes => ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
        .Select(e => $"{e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET"} "
            + "/" + e.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal));

    /// <summary>Takes no more requests, lets those that run finish for a while, and ends the rest with a word.</summary>
    public async Task Stop()
    {
        ending.CancelAfter(settings.Grace);
        await app.StopAsync().ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Frees what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        gathered.Dispose();
        meters.Dispose();
        ending.Dispose();
    }

    /// <summary>Signals are the program's, not the server's.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
