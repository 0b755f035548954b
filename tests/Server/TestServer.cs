using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dayu.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Tests;

/// <summary>A server with models, on a port of its own, and a client that has no opinion of what it gets.</summary>
public sealed class TestServer : IAsyncDisposable
{
    readonly DayuServer server;
    readonly ModelHost models;
    ulong luck;

    TestServer(
        Func<ServerSettings, ServerSettings> with, ModelOffer[] offers, TimeSpan? keepAlive, Func<long>? free,
        Action<IEndpointRouteBuilder>? pages = null)
    {
        models = new(() => offers, TimeProvider.System, free ?? (() => long.MaxValue), keepAlive);
        server = new(with(new() { Port = 0, Luck = () => Interlocked.Increment(ref luck), Log = Lines.Enqueue }), models, pages);
    }

    /// <summary>What was told of requests.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<RequestLine> Lines { get; } = new();

    /// <summary>Its models.</summary>
    public ModelHost Models => models;

    /// <summary>The server.</summary>
    public DayuServer Server => server;

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Where OpenAI's clients find it.</summary>
    public Uri V1 => new(server.Address, "/v1");

    /// <summary>Starts one.</summary>
    public static async Task<TestServer> Start(
        ModelOffer[] offers, Func<ServerSettings, ServerSettings>? with = null, TimeSpan? keepAlive = null, Func<long>? free = null)
    {
        var server = new TestServer(with ?? (s => s), offers, keepAlive, free);
        await server.server.Start();
        server.Client.BaseAddress = server.server.Address;
        return server;
    }

    /// <summary>One with a scripted model, which is called <c>scripted</c>.</summary>
    public static Task<TestServer> Start(ScriptedModel model, Func<ServerSettings, ServerSettings>? with = null) =>
        Start([new("scripted", model.Open)], with);

    /// <summary>One with a page.</summary>
    public static Task<TestServer> WithPages(ScriptedModel model) =>
        WithPages([new("scripted", model.Open)], app => app.MapGet("/", http => http.Response.WriteAsync("a page")));

    /// <summary>One with pages.</summary>
    public static async Task<TestServer> WithPages(
        ModelOffer[] offers, Action<IEndpointRouteBuilder> pages, Func<ServerSettings, ServerSettings>? with = null)
    {
        var server = new TestServer(with ?? (s => s), offers, null, null, pages);
        await server.server.Start();
        server.Client.BaseAddress = server.server.Address;
        return server;
    }

    /// <summary>Waits for something that comes, however long it takes.</summary>
    public static async Task Until(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(2);
    }

    /// <summary>The answer to a body.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> Post(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>The answer to a body that is in order.</summary>
    public async Task<JsonObject> Ok(string path, string body)
    {
        var (status, answer) = await Post(path, body);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return answer;
    }

    /// <summary>The error of a body that is not.</summary>
    public async Task<JsonObject> Refused(int status, string path, string body)
    {
        var (found, answer) = await Post(path, body);
        Assert.True((int)found == status, $"{(int)found}: {answer.ToJsonString()}");
        return answer["error"]!.AsObject();
    }

    /// <summary>The events of an answer; the last one was <c>[DONE]</c>, or an error.</summary>
    public async Task<List<JsonObject>> Events(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("\n\n", text);
        var data = text[..^2].Split("\n\n");
        Assert.All(data, d => Assert.StartsWith("data: ", d));
        var isDone = data[^1] == "data: [DONE]";
        List<JsonObject> events = [.. (isDone ? data[..^1] : data).Select(d => JsonNode.Parse(d["data: ".Length..])!.AsObject())];
        Assert.True(isDone || events[^1].ContainsKey("error"), "the stream has no end");
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.Stop();
        await server.DisposeAsync();
        await models.DisposeAsync();
    }
}
