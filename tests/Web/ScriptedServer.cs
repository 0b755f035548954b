using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Dayu.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dayu.Tests;

/// <summary>The page and the two routes that it asks, answered as tests say.</summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly Channel<Script> scripts = Channel.CreateUnbounded<Script>();
    WebApplication app;
    int port;

    ScriptedServer(string[] models)
    {
        Models = models;
        app = Build();
    }

    /// <summary>What it offers.</summary>
    public string[] Models { get; set; }

    /// <summary>The key it wants; null: none.</summary>
    public string? Key { get; set; }

    public string Address => $"http://127.0.0.1:{port}/";

    public static async Task<ScriptedServer> Start(params string[] models)
    {
        var server = new ScriptedServer(models);
        await server.Listen();
        return server;
    }

    /// <summary>How the next question is answered.</summary>
    public Script Next(Script script)
    {
        scripts.Writer.TryWrite(script);
        return script;
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task GoAway() => await app.DisposeAsync();

    /// <summary>It listens again, where it was.</summary>
    public async Task ComeBack()
    {
        app = Build();
        await Listen();
    }

    async Task Listen()
    {
        await app.StartAsync();
        port = new Uri(app.Urls.First()).Port;
    }

    WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var built = builder.Build();
        built.UseRouting();
        built.MapDayuPage();
        built.MapGet("/v1/models", http => Allowed(http) ? http.Response.WriteAsync(List()) : Refuse(http));
        built.MapPost("/v1/chat/completions", async http =>
            await (Allowed(http) ? (await scripts.Reader.ReadAsync(http.RequestAborted)).Answer(http) : Refuse(http)));
        return built;
    }

    bool Allowed(HttpContext http) => Key is null || http.Request.Headers.Authorization == $"Bearer {Key}";

    static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = 401;
        return http.Response.WriteAsync("""{"error":{"message":"a key is needed","code":"invalid_api_key"}}""");
    }

    string List() => new JsonObject
    {
        ["data"] = new JsonArray([.. Models.Select(m => (JsonNode)new JsonObject { ["id"] = m, ["object"] = "model" })]),
    }.ToJsonString();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
