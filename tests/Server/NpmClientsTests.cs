using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dayu.Server;

namespace Dayu.Tests;

/// <summary>Two published clients from npm talk to the server: openai, and ai with @ai-sdk/openai-compatible.</summary>
public sealed class NpmClientsTests
{
    const string Chat =
        """
        { "model": "scripted", "messages": [{ "role": "user", "content": "ask" }], "temperature": 0, "logprobs": true, "top_logprobs": 2 }
        """;

    static async Task<TestServer> Serve(ScriptedModel model)
    {
        var server = await TestServer.Start(model, s => s with { Keys = [ApiKey.Of(Npm.Key)] });
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Npm.Key);
        return server;
    }

    static ScriptedModel Thinker() => ScriptedModel.Chat("<think>", "a", "</think>", "Hello", " world", "大1", "大2");

    static void Same(JsonNode? expected, JsonNode? found) =>
        Assert.True(JsonNode.DeepEquals(expected, found), $"expected {expected?.ToJsonString()}, found {found?.ToJsonString()}");

    static void SameVectors(JsonNode expected, JsonNode found) => Assert.Equal(
        expected.AsArray().Select(v => v!["embedding"]!.AsArray().Select(x => (float)x!).ToArray()),
        found.AsArray().Select(v => v!.AsArray().Select(x => (float)(double)x!).ToArray()));

    [Fact]
    public async Task OpenAiChats()
    {
        using var model = Thinker();
        await using var server = await Serve(model);
        var plain = await server.Ok("/v1/chat/completions", Chat);
        var heard = await Npm.Run(server, "openai.mjs", "chat");
        Same(plain["choices"], heard["whole"]!["choices"]);
        Same(plain["usage"], heard["whole"]!["usage"]);
        var (choice, message) = (plain["choices"]![0]!, plain["choices"]![0]!["message"]!);
        var streamed = heard["streamed"]!;
        Same(message["content"], streamed["content"]);
        Same(message["reasoning_content"], streamed["reasoning"]);
        Same(choice["logprobs"]!["content"], streamed["probs"]);
        Same(plain["usage"], streamed["usage"]);
        Assert.Equal("""["stop"]""", streamed["finishes"]!.ToJsonString());
        Assert.Equal(1, (int)streamed["ids"]!);
        Assert.Equal(("Hello world大", "a", "Hello world大"),
            ((string)message["content"]!, (string)message["reasoning_content"]!, (string)heard["helper"]!));
    }

    [Fact]
    public async Task OpenAiCompletes()
    {
        using var model = Thinker();
        await using var server = await Serve(model);
        string Asked(string more) => $$"""{ "model": "scripted", "prompt": "asks", "temperature": 0, "logprobs": 2, {{more}} }""";
        var plain = await server.Ok("/v1/completions", Asked("\"max_tokens\": 20"));
        var echoed = await server.Ok("/v1/completions", Asked("\"max_tokens\": 1, \"echo\": true"));
        var heard = await Npm.Run(server, "openai.mjs", "completions");
        Same(plain["choices"], heard["whole"]!["choices"]);
        Same(plain["choices"]![0]!["text"], heard["streamed"]);
        Same(echoed["choices"], heard["echoed"]!["choices"]);
        Assert.Contains("Hello world", (string)heard["streamed"]!);
        Assert.StartsWith("asks", (string)heard["echoed"]!["choices"]![0]!["text"]!);
    }

    [Fact]
    public async Task OpenAiEmbedsListsAndReadsErrors()
    {
        using var model = Thinker();
        await using var server = await Serve(model);
        var plain = await server.Ok("/v1/embeddings", """{ "model": "scripted", "input": ["ab", "c"] }""");
        var heard = await Npm.Run(server, "openai.mjs", "embeddings");
        SameVectors(plain["data"]!, heard["base64"]!);
        SameVectors(plain["data"]!, heard["float"]!);
        Same(plain["usage"], heard["usage"]);
        Assert.Equal("""{"ids":["scripted"],"one":"scripted"}""", (await Npm.Run(server, "openai.mjs", "models")).ToJsonString());

        var errors = await Npm.Run(server, "openai.mjs", "errors");
        (string, int) Of(string name) => ((string)errors[name]!["class"]!, (int)errors[name]!["status"]!);
        Assert.Equal([("AuthenticationError", 401), ("NotFoundError", 404), ("BadRequestError", 400)],
            ((string[])["key", "model", "field"]).Select(Of));
        Assert.Equal("model_not_found", (string)errors["model"]!["code"]!);
        Assert.Contains("temperature", (string)errors["field"]!["message"]!);
    }

    [Fact]
    public async Task AiSdkChatsAndEmbeds()
    {
        using var model = Thinker();
        await using var server = await Serve(model);
        var plain = await server.Ok("/v1/embeddings", """{ "model": "scripted", "input": ["ab", "c"] }""");
        var heard = await Npm.Run(server, "ai.mjs", "chat");
        foreach (var answer in (JsonNode[])[heard["whole"]!, heard["streamed"]!])
        {
            Assert.Equal(("Hello world大", "a", "stop"), ((string)answer["text"]!, (string)answer["reasoning"]!, (string)answer["finish"]!));
            Assert.Equal((4, 7), ((int)answer["usage"]!["inputTokens"]!, (int)answer["usage"]!["outputTokens"]!));
        }
        SameVectors(plain["data"]!, (await Npm.Run(server, "ai.mjs", "embeddings"))["embeddings"]!);
        var errors = await Npm.Run(server, "ai.mjs", "errors");
        Assert.Equal((401, 404), ((int)errors["key"]!["status"]!, (int)errors["model"]!["status"]!));
    }

    /// <summary>It writes its prompt as a dialogue, which is longer than the script: it hears the rest of it.</summary>
    [Fact]
    public async Task AiSdkCompletes()
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 100)]);
        await using var server = await Serve(model);
        var heard = await Npm.Run(server, "ai.mjs", "completions");
        Assert.Matches("^a+$", (string)heard["text"]!);
        Same(heard["text"], heard["streamed"]!["text"]);
        Assert.Equal((string)heard["finish"]!, (string)heard["streamed"]!["finish"]!);
    }

    [Theory]
    [InlineData("openai.mjs")]
    [InlineData("ai.mjs")]
    public async Task ClientThatLeavesFreesItsPlace(string script)
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 240)]);
        ModelOffer offer = new("scripted", model.Open) { Limits = new() { Pieces = 4 } };
        await using var server = await TestServer.Start([offer]);
        using var lease = await server.Models.Use(offer);
        Assert.InRange((int)(await Npm.Run(server, script, "cancel"))["pieces"]!, 3, 239);
        await TestServer.Until(() => lease.Model.Engine.Load is { Running: 0, Waiting: 0 });
    }
}
