using System.Net;
using System.Net.Sockets;
using System.Text;
using Dayu.Inference;
using Dayu.Server;

namespace Dayu.Tests;

/// <summary>Who is let in: names, origins, keys; how much at a time; and what of it is written down.</summary>
public sealed class SafetyServerTests
{
    const string Chat = "/v1/chat/completions";
    const string Body = """{ "messages": [{ "role": "user", "content": "ask" }] }""";

    static async Task<HttpResponseMessage> Send(
        TestServer server, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await server.Client.SendAsync(request);
    }

    static async Task<int> Status(
        TestServer server, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await Send(server, method, path, body, headers);
        return (int)answer.StatusCode;
    }

    [Fact]
    public void OtherMachinesNeedAKey()
    {
        ServerSettings open = new() { Address = IPAddress.Any, Luck = () => 1 };
        Throws.Saying<ArgumentException>("other machines", () => open.Checked());
        (open with { AllowsAnonymous = true }).Checked();
        (open with { Keys = [ApiKey.Of("secret")] }).Checked();
        (open with { Address = IPAddress.IPv6Loopback }).Checked();
    }

    [Fact]
    public void OfKeysOnlyTheHashIsKept()
    {
        var key = ApiKey.Of("secret");
        Assert.Equal("sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", key.ToString());
        Assert.True(ApiKey.Of(key.ToString()).Is("secret"));
        Assert.False(key.Is("Secret"));
        Throws.Saying<ArgumentException>("64 hexadecimal digits", () => ApiKey.Of("sha256:12"));
        Throws.Saying<ArgumentException>("empty", () => ApiKey.Of(" "));
    }

    [Fact]
    public async Task KeyLetsIn()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { Keys = [ApiKey.Of("one"), ApiKey.Of("two")] });
        using (var answer = await Send(server, "POST", Chat, Body))
        {
            Assert.Equal((401, "Bearer"), ((int)answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
            Assert.Contains("invalid_api_key", await answer.Content.ReadAsStringAsync());
        }
        Assert.Equal(401, await Status(server, "POST", Chat, Body, ("Authorization", "Bearer three")));
        Assert.Equal(401, await Status(server, "GET", "/nothing"));
        Assert.Equal(401, await Status(server, "GET", "/metrics"));
        (string, string)[] right =
            [("Authorization", "Bearer one"), ("Authorization", "bearer  two"), ("x-api-key", "two"), ("api-key", "one")];
        foreach (var header in right) Assert.Equal(200, await Status(server, "POST", Chat, Body, header));
        using (var health = await Send(server, "GET", "/health"))
            Assert.Equal("nosniff", health.Headers.GetValues("X-Content-Type-Options").Single());
        foreach (var open in (string[])["/health", "/ready", "/", "/openapi.json"]) Assert.Equal(200, await Status(server, "GET", open));
    }

    [Fact]
    public async Task NamesThatAreNotOursAreRefused()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { Hosts = ["ai.example.com"] });
        foreach (var host in (string[])["evil.example.com", "127.0.0.1.evil.com", "localhost.evil.com"])
            Assert.Equal(403, await Status(server, "GET", "/v1/models", null, ("Host", host)));
        foreach (var host in (string[])["localhost:1", "127.0.0.1", "[::1]:5199", "dayu.localhost", "192.168.1.7:80", "AI.example.com"])
            Assert.Equal(200, await Status(server, "GET", "/v1/models", null, ("Host", host)));
    }

    [Theory]
    [InlineData("http://evil.example.com", 403)]
    [InlineData("null", 403)]
    [InlineData("null", 200, "null")]
    [InlineData("app://obsidian.md", 403)]
    [InlineData("app://obsidian.md", 200, "app://*")]
    [InlineData("chrome-extension://abcdef", 200, "chrome-extension://*")]
    [InlineData("chrome-extension://abcdef", 200, "chrome-extension://abcdef")]
    [InlineData("moz-extension://abcdef", 403, "chrome-extension://*")]
    [InlineData("https://ai.example.com", 200, "https://ai.example.com")]
    [InlineData("https://ai.example.com.evil.com", 403, "https://ai.example.com")]
    [InlineData("http://localhost:3000", 200, "http://localhost:*")]
    [InlineData("http://localhost:3000.evil.com", 403, "http://localhost:*")]
    [InlineData("https://anything", 200, "*")]
    public async Task OriginsAreThoseThatWereAllowed(string origin, int status, params string[] allowed)
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { Origins = allowed, Keys = [ApiKey.Of("k")] });
        using (var answer = await Send(server, "POST", Chat, Body, ("Origin", origin), ("x-api-key", "k")))
        {
            Assert.Equal(status, (int)answer.StatusCode);
            var told = answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values : [];
            Assert.Equal(status == 200 ? [origin] : [], told);
        }
        using var preflight = await Send(server, "OPTIONS", Chat, null,                  // a browser asks without a key
            ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"));
        Assert.Equal(status == 200 ? 204 : 403, (int)preflight.StatusCode);
        if (status == 200)
            Assert.Equal("authorization,content-type", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single());
    }

    [Fact]
    public async Task PagesOfTheServerItselfMayAsk()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var own = server.Server.Address.ToString().TrimEnd('/');
        Assert.Equal(200, await Status(server, "POST", Chat, Body, ("Origin", own)));
        Assert.Equal(403, await Status(server, "POST", Chat, Body, ("Origin", "http://127.0.0.1:1")));
    }

    [Fact]
    public async Task TooMuchIsRefused()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { MostBytes = 1000 });
        var (status, answer) = await server.Post(Chat, $$"""{ "messages": "{{new string('x', 2000)}}" }""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("larger", (string?)answer["error"]!["message"]);
    }

    [Fact]
    public async Task BodyThatDoesNotComeIsNotWaitedFor()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { BodyTime = TimeSpan.FromMilliseconds(50) });
        using var client = new TcpClient(server.Server.Address.Host, server.Server.Address.Port);
        var begun = Encoding.UTF8.GetBytes($"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{{");
        await client.GetStream().WriteAsync(begun);
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains(" 408 ", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task AnswerThatTakesTooLongIsEnded()
    {
        using var model = ScriptedModel.Chat("Hello");
        ModelOffer offer = new("scripted", model.Open);
        await using var server = await TestServer.Start([offer], s => s with { AnswerTime = TimeSpan.FromSeconds(1) });
        using var lease = await server.Models.Use(offer);
        using var gate = new ManualResetEventSlim();
        var held = lease.Model.Between(_ => { gate.Wait(); return 0; });
        foreach (var stream in (string[])["false", "true"])
        {
            var (status, error) = await server.Post(Chat, Body[..^1] + $", \"stream\": {stream} }}");
            Assert.Equal((503, "timeout"), ((int)status, (string?)error["error"]!["code"]));
        }
        gate.Set();
        await held;
    }

    /// <summary>While the compute thread is held, requests fill the places that there are; the next is told when to come back.</summary>
    [Theory]
    [InlineData(2, 64)]
    [InlineData(64, 1)]
    public async Task TooManyAreToldWhenToAskAgain(int requests, int waiting)
    {
        using var model = ScriptedModel.Chat("Hello");
        ModelOffer offer = new("scripted", model.Open) { Limits = new() { Together = 1, Waiting = waiting } };
        await using var server = await TestServer.Start([offer], s => s with { MostRequests = requests });
        using var lease = await server.Models.Use(offer);
        using var gate = new ManualResetEventSlim();
        var held = lease.Model.Between(_ => { gate.Wait(); return 0; });
        var taken = Enumerable.Range(0, 2).Select(_ => Send(server, "POST", Chat, Body)).ToArray();
        await TestServer.Until(() => lease.Model.Engine.Load.Waiting == 2);
        using var refused = await Send(server, "POST", Chat, Body);
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        gate.Set();
        await held;
        foreach (var answer in await Task.WhenAll(taken))
        {
            Assert.Equal(200, (int)answer.StatusCode);
            answer.Dispose();
        }
    }

    [Fact]
    public async Task LogHasNoTextUnlessAskedFor()
    {
        using var model = ScriptedModel.Chat("Hello");
        foreach (var logs in (bool[])[false, true])
        {
            await using var server = await TestServer.Start(model, s => s with { LogsText = logs });
            await server.Ok(Chat, Body);
            await server.Client.GetStringAsync("/health");
            await TestServer.Until(() => server.Lines.Any(l => l.Path == Chat));
            var line = server.Lines.Single(l => l.Path == Chat);
            Assert.Equal(("POST", 200, logs ? Body : null), (line.Method, line.Status, line.Text));
            Assert.DoesNotContain("ask", (line with { Text = null }).ToString());
        }
    }

    /// <summary>A client that leaves while others compute, or while its own prompt is read, frees its place.</summary>
    [Fact]
    public async Task ClientThatLeavesFreesItsPlace()
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 200)]);
        ModelOffer offer = new("scripted", model.Open);
        await using var server = await TestServer.Start([offer]);
        using var lease = await server.Models.Use(offer);
        using var gate = new ManualResetEventSlim();
        var held = lease.Model.Between(_ => { gate.Wait(); return 0; });
        var address = server.Server.Address;
        using (var client = new TcpClient(address.Host, address.Port))
        {
            var text = $"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
            await TestServer.Until(() => lease.Model.Engine.Load.Waiting > 0);
        }
        gate.Set();
        await held;
        await TestServer.Until(() => lease.Model.Engine.Load is { Running: 0, Waiting: 0 });
        await TestServer.Until(() => !server.Lines.IsEmpty);
        Assert.Equal(499, server.Lines.Single().Status);
        await server.Ok(Chat, Body[..^1] + ", \"max_tokens\": 1 }");
    }

    [Fact]
    public async Task PagesHaveTheirPlace()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var bare = await TestServer.Start(model);
        Assert.StartsWith("Dayu is running", await Get(bare, "text/html"));
        await using var server = await TestServer.WithPages(model);
        Assert.Equal("a page", await Get(server, "text/html,application/xhtml+xml"));
        Assert.StartsWith("Dayu is running", await Get(server, "*/*"));

        static async Task<string> Get(TestServer server, string accept)
        {
            using var answer = await Send(server, "GET", "/", null, ("Accept", accept));
            return await answer.Content.ReadAsStringAsync();
        }
    }
}
