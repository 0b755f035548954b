using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dayu.Server;

/// <summary>Models on the wire, for many at once.</summary>
public sealed class DayuServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly CancellationTokenSource ending = new();
    readonly ServerSettings settings;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="settings">Where it listens, and whom it lets in.</param>
    /// <param name="models">Who answers; they stay the caller's.</param>
    /// <param name="pages">Adds pages for people; null: there are none.</param>
    /// <exception cref="ArgumentException">Anybody could come in from elsewhere.</exception>
    public DayuServer(ServerSettings settings, ModelHost models, Action<IEndpointRouteBuilder>? pages = null)
    {
        this.settings = settings.Checked();
        app = Host(settings);
        var serving = new Serving(settings, models, ending.Token);
        app.UseErrorFrame(settings);
        app.UseRoot(pages is not null);
        app.UseRouting();
        app.MapOpenAi(serving);
        pages?.Invoke(app);
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
            kestrel.Listen(settings.Address, settings.Port);
        });
        return builder.Build();
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Task Start(CancellationToken cancel = default) => app.StartAsync(cancel);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

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
        ending.Dispose();
    }

    /// <summary>Signals are the program's, not the server's.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
