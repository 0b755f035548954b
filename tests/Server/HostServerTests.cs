using System.Net;
using Dayu.Inference;
using Dayu.Server;

namespace Dayu.Tests;

/// <summary>Models that are loaded when they are asked for, kept, and given up; and how a server ends.</summary>
public sealed class HostServerTests
{
    const string Chat = "/v1/chat/completions";

    static string Ask(string model, string more = "") =>
        $$"""{ "model": "{{model}}", "messages": [{ "role": "user", "content": "ask" }]{{more}} }""";

    [Fact]
    public async Task ModelsAreLoadedWhenTheyAreAskedFor()
    {
        using var model = ScriptedModel.Chat("Hello");
        var loads = 0;
        ModelOffer Offer(string name) => new(name, () => { Interlocked.Increment(ref loads); return model.Open(); });
        await using var server = await TestServer.Start([Offer("one"), Offer("two/x")]);
        var list = await server.Client.GetStringAsync("/v1/models");
        Assert.Contains("\"two/x\"", list);
        Assert.Contains("\"two/x\"", await server.Client.GetStringAsync("/v1/models/two/x"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/models/three")).StatusCode);
        Assert.Equal(0, loads);
        var error = await server.Refused(400, Chat, """{ "messages": [{ "role": "user", "content": "ask" }] }""");
        Assert.Equal("model", (string?)error["param"]);              // there are two: it must say which
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Ok(Chat, Ask("two/x"))));
        Assert.Equal((1, "two/x"), (loads, server.Models.Loaded.Single().Name));
        await server.Ok(Chat, Ask("ONE"));
        Assert.Equal(2, loads);
    }

    [Fact]
    public async Task ModelThatIsNotUsedIsGivenUp()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        await server.Ok(Chat, Ask("scripted", ", \"keep_alive\": 0"));
        await TestServer.Until(() => server.Models.Loaded.Count == 0);
        await server.Ok(Chat, Ask("scripted", ", \"keep_alive\": \"5m\""));
        await TestServer.Until(() => server.Models.Loaded.Single().Until is not null);
        var left = server.Models.Loaded.Single().Until!.Value - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        await server.Ok(Chat, Ask("scripted", ", \"keep_alive\": -1"));
        await TestServer.Until(() => server.Models.Loaded.Single().Users == 0);
        Assert.Null(server.Models.Loaded.Single().Until);
    }

    [Fact]
    public async Task ModelNeedsItsMemory()
    {
        using var model = ScriptedModel.Chat("Hello");
        var free = 10L << 20;
        ModelOffer Offer(string name, long mib) => new(name, () => { free -= mib << 20; return model.Open(); }) { Bytes = () => mib << 20 };
        ModelOffer small = Offer("small", 6);
        await using var server = await TestServer.Start([small, Offer("large", 20), Offer("other", 6)], free: () => free);
        var error = await server.Refused(503, Chat, Ask("large"));
        Assert.Equal("no_memory", (string?)error["code"]);
        Assert.Contains("20 MiB", (string?)error["message"]);
        await server.Ok(Chat, Ask("small"));
        using (var lease = await server.Models.Use(small))
            Assert.Contains("in use", (string?)(await server.Refused(503, Chat, Ask("other")))["message"]);
        await TestServer.Until(() => server.Models.Loaded.All(m => m.Users == 0));
        free = 4L << 20;
        await server.Refused(503, Chat, Ask("other"));               // the idle one was given up for it, which did not help
        Assert.Empty(server.Models.Loaded);
        free = 10L << 20;
        await server.Ok(Chat, Ask("other"));
    }

    [Fact]
    public async Task ModelThatCannotBeLoadedIsToldAndTriedAgain()
    {
        using var model = ScriptedModel.Chat("Hello");
        var broken = true;
        ModelOffer offer = new("m", () => broken ? throw new InvalidDataException("m.gguf: damaged at byte 7") : model.Open());
        await using var server = await TestServer.Start([offer]);
        Assert.Contains("damaged at byte 7", (string?)(await server.Refused(503, Chat, Ask("m")))["message"]);
        broken = false;
        await server.Ok(Chat, Ask("m"));
    }

    /// <summary>A model that is given up while it is loaded keeps nobody waiting: not who wanted it, and not the next one.</summary>
    [Fact]
    public async Task ModelMayBeGivenUpWhileItIsLoaded()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.Start(
            [new("slow", () => { gate.Wait(); return model.Open(); }), new("other", model.Open)]);
        var asked = server.Post(Chat, Ask("slow"));
        await TestServer.Until(() => server.Models.Loaded.Count > 0);
        var other = server.Ok(Chat, Ask("other"));                   // it waits until the first is loaded
        var gone = server.Models.Unload("slow");
        gate.Set();
        Assert.True(await gone);
        await other;
        Assert.Contains((int)(await asked).Status, (int[])[200, 503]);
    }

    [Theory]
    [InlineData("5m", 300.0)]
    [InlineData("1.5h", 5400.0)]
    [InlineData("90s", 90.0)]
    [InlineData("250ms", 0.25)]
    [InlineData("30", 30.0)]
    [InlineData("0", 0.0)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("m", null)]
    public void TimesAreRead(string text, double? seconds) => Assert.Equal(seconds, KeepAlive.Parse(text)?.TotalSeconds);

    [Theory]
    [InlineData("-1")]
    [InlineData("9999h")]
    public void LongTimesAreForGood(string text) => Assert.Equal(TimeSpan.MaxValue, KeepAlive.Parse(text));

    [Fact]
    public async Task HealthSaysWhatIs()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.Start([new("m", () => { gate.Wait(); return model.Open(); })]);
        Assert.Equal("""{"status":"ok"}""", await server.Client.GetStringAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/ready")).StatusCode);   // it loads when it is asked
        var asked = server.Ok(Chat, Ask("m"));
        await TestServer.Until(() => server.Models.Loaded.Count > 0);
        using (var ready = await server.Client.GetAsync("/ready"))
            Assert.Equal((503, """{"status":"loading"}"""), ((int)ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        gate.Set();
        await asked;
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/ready")).StatusCode);
    }

    [Fact]
    public async Task MetricsAreThoseOfTheConvention()
    {
        using var model = ScriptedModel.Chat("Hello", " world", "!");
        await using var server = await TestServer.Start(model);
        await server.Ok(Chat, Ask("scripted"));
        var text = "";
        while (!text.Contains("gen_ai_server_request_duration_seconds_bucket", StringComparison.Ordinal))    // it gathers now and then
            text = await server.Client.GetStringAsync("/metrics");
        foreach (var name in (string[])["gen_ai_server_request_duration_seconds_bucket", "gen_ai_server_time_to_first_token_seconds_count",
            "gen_ai_server_time_per_output_token_seconds_sum", "gen_ai_client_token_usage", "dayu_engine_running", "dayu_models_loaded"])
            Assert.Contains(name, text);
        Assert.Contains("gen_ai_request_model=\"scripted\"", text);
    }

    /// <summary>What runs may finish for a while; what is left then ends with a word, streamed or not.</summary>
    [Fact]
    public async Task ServerEndsStreamsProperly()
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 200)]);
        ModelOffer offer = new("scripted", model.Open);
        await using var server = await TestServer.Start([offer], s => s with { Grace = TimeSpan.Zero });
        using var lease = await server.Models.Use(offer);
        using var gate = new ManualResetEventSlim();
        var held = lease.Model.Between(_ => { gate.Wait(); return 0; });
        var whole = server.Refused(503, Chat, Ask("scripted"));
        await TestServer.Until(() => lease.Model.Engine.Load.Waiting == 1);
        var streamed = server.Refused(503, Chat, Ask("scripted", ", \"stream\": true"));
        await TestServer.Until(() => lease.Model.Engine.Load.Waiting == 2);
        var stopped = server.Server.Stop();
        Assert.Equal("shutting_down", (string?)(await whole)["code"]);
        Assert.Equal("shutting_down", (string?)(await streamed)["code"]);
        gate.Set();
        await held;
        await stopped;
    }

    [Fact]
    public async Task OwnerControlsIt()
    {
        using var model = ScriptedModel.Chat("Hello");
        var ended = new TaskCompletionSource();
        await using var server = await TestServer.Start(model,
            s => s with { Keys = [ApiKey.Of("user")], Control = new(ApiKey.Of("owner"), ended.SetResult) });
        async Task<int> Post(string path, string body, params (string, string)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            using var answer = await server.Client.SendAsync(request);
            return (int)answer.StatusCode;
        }
        (string, string) user = ("x-api-key", "user"), owner = (ControlKey.Header, "owner");
        Assert.Equal(401, await Post("/dayu/stop", ""));
        Assert.Equal(403, await Post("/dayu/stop", "", user));       // who may use it may not end it
        Assert.Equal(404, await Post("/dayu/unload", """{ "model": "scripted" }""", owner));
        Assert.Equal(200, await Post(Chat, Ask("scripted"), user));
        Assert.Equal(200, await Post("/dayu/unload", """{ "model": "scripted" }""", owner));
        Assert.Empty(server.Models.Loaded);
        Assert.Equal(200, await Post("/dayu/stop", "", owner));
        await ended.Task;
    }
}
