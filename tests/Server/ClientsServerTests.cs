using System.ClientModel;
using System.ClientModel.Primitives;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Server;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace Dayu.Tests;

/// <summary>Two published clients of OpenAI talk to the server as they talk to any other.</summary>
public sealed class ClientsServerTests
{
    static OpenAIClient Client(TestServer server, string key = "any") => new(new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = server.V1, RetryPolicy = new ClientRetryPolicy(0) });

    static ChatClient Chat(TestServer server, string model = "scripted") => Client(server).GetChatClient(model);

    static UserChatMessage[] Messages => [new(ScriptedModel.Ask)];

    [Fact]
    public async Task OpenAiChats()
    {
        using var model = ScriptedModel.Chat("Hello", " world", "大1", "大2");
        await using var server = await TestServer.Start(model);
        var options = new ChatCompletionOptions
        {
            IncludeLogProbabilities = true, TopLogProbabilityCount = 3, MaxOutputTokenCount = 50, Temperature = 0, EndUserId = "someone",
            StopSequences = { "STOP" }, FrequencyPenalty = 0.1f,
        };
        ChatCompletion whole = await Chat(server).CompleteChatAsync(Messages, options);
        Assert.Equal(("Hello world大", OpenAI.Chat.ChatFinishReason.Stop), (whole.Content[0].Text, whole.FinishReason));
        Assert.Equal((4, 4, 8), (whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount, whole.Usage.TotalTokenCount));
        Assert.Equal("Hello", whole.ContentTokenLogProbabilities[0].Token);
        Assert.Equal([0xE5, 0xA4], whole.ContentTokenLogProbabilities[2].Utf8Bytes!.Value.ToArray());
        Assert.All(whole.ContentTokenLogProbabilities, t => Assert.Equal(3, t.TopLogProbabilities.Count));

        List<StreamingChatCompletionUpdate> updates = [];
        await foreach (var update in Chat(server).CompleteChatStreamingAsync(Messages, options)) updates.Add(update);
        Assert.Equal("Hello world大", string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(c => c.Text)));
        Assert.Equal(OpenAI.Chat.ChatFinishReason.Stop, updates.Last(u => u.FinishReason is not null).FinishReason);
        Assert.Equal(8, updates[^1].Usage.TotalTokenCount);
        Assert.Equal(whole.ContentTokenLogProbabilities.Select(t => (t.Token, t.LogProbability)),
            updates.SelectMany(u => u.ContentTokenLogProbabilities).Select(t => (t.Token, t.LogProbability)));
        Assert.Single(updates.Select(u => u.CompletionId).Distinct());
    }

    [Fact]
    public async Task OpenAiListsModelsAndReadsErrors()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { Keys = [ApiKey.Of("right")] });
        var models = (await Client(server, "right").GetOpenAIModelClient().GetModelsAsync()).Value;
        Assert.Equal(("scripted", "dayu"), (models.Single().Id, models.Single().OwnedBy));
        Assert.Equal("scripted", (await Client(server, "right").GetOpenAIModelClient().GetModelAsync("scripted")).Value.Id);

        async Task<ClientResultException> Fails(string key, string name, ChatCompletionOptions? options = null) =>
            await Assert.ThrowsAsync<ClientResultException>(() =>
                Client(server, key).GetChatClient(name).CompleteChatAsync(Messages, options));
        Assert.Equal(401, (await Fails("wrong", "scripted")).Status);
        Assert.Equal(404, (await Fails("right", "other")).Status);
        var refused = await Fails("right", "scripted", new() { Tools = { ChatTool.CreateFunctionTool("f") } });
        Assert.Equal(400, refused.Status);
        Assert.Contains("tools is not supported yet", refused.Message);
    }

    [Fact]
    public async Task OpenAiHearsOfAFaultInTheMiddleOfAStream()
    {
        using var model = ScriptedModel.Chat("Hello", "NaN");
        await using var server = await TestServer.Start(model);
        var heard = "";
        var fault = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in Chat(server).CompleteChatStreamingAsync(Messages))
                heard += string.Concat(update.ContentUpdate.Select(c => c.Text));
        });
        Assert.Equal("Hello", heard);
        Assert.DoesNotContain("stop", fault?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientCancels()
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 240)]);
        ModelOffer offer = new("scripted", model.Open) { Limits = new() { Pieces = 4 } };
        await using var server = await TestServer.Start([offer]);
        using var lease = await server.Models.Use(offer);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Chat(server).CompleteChatStreamingAsync(Messages, cancellationToken: cancel.Token))
                await cancel.CancelAsync();
        });
        await TestServer.Until(() => lease.Model.Engine.Load is { Running: 0, Waiting: 0 });
    }

    [Fact]
    public async Task ExtensionsChat()
    {
        using var model = ScriptedModel.Chat("<think>", "a", "</think>", "Hello", "!");
        await using var server = await TestServer.Start(model);
        using var client = Chat(server).AsIChatClient();
        var whole = await client.GetResponseAsync(ScriptedModel.Ask, new() { Temperature = 0, MaxOutputTokens = 40, Seed = 5, TopP = 1 });
        Assert.Equal(("Hello!", Microsoft.Extensions.AI.ChatFinishReason.Stop), (whole.Text, whole.FinishReason));
        Assert.Equal((4, 5), (whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount));
        Assert.Equal(3, whole.Usage.ReasoningTokenCount);
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync(ScriptedModel.Ask)) updates.Add(update);
        var assembled = updates.ToChatResponse();
        Assert.Equal(("Hello!", Microsoft.Extensions.AI.ChatFinishReason.Stop), (assembled.Text, assembled.FinishReason));
        Assert.Equal(5, assembled.Usage!.OutputTokenCount);
        Assert.Equal("a", string.Concat(assembled.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(r => r.Text)));
    }

    [Fact]
    public async Task BothEmbed()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var plain = (await server.Ok("/v1/embeddings", """{ "input": ["ab", "c"] }"""))["data"]!;
        var client = Client(server).GetEmbeddingClient("scripted");
        var vectors = (await client.GenerateEmbeddingsAsync(["ab", "c"])).Value;         // asks for base64
        Assert.Equal(plain[0]!["embedding"]!.AsArray().Select(x => (float)x!), vectors[0].ToFloats().ToArray());
        Assert.Equal(3, vectors.Usage.TotalTokenCount);
        using var generator = client.AsIEmbeddingGenerator();
        var generated = await generator.GenerateAsync(["ab", "c"], new() { Dimensions = 8 });
        Assert.Equal([8, 8], generated.Select(g => g.Vector.Length));
    }

    /// <summary>A real model, both clients at the same time; what is streamed is what is not.</summary>
    [Fact]
    public async Task RealModelAnswersBothAtOnce()
    {
        var path = TestModels.Chat;
        using var on = new CpuBackend(2);
        await using var server = await TestServer.Start([new("smollm2", () => Pretrained.Open(path, on))]);
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 16 };
        UserChatMessage[] asked = [new("Name the three primary colours.")];
        var whole = Chat(server, "smollm2").CompleteChatAsync(asked, options);
        using var other = Chat(server, "smollm2").AsIChatClient();
        var streamed = "";
        var same = new ChatOptions { Temperature = 0, MaxOutputTokens = 16 };
        await foreach (var update in other.GetStreamingResponseAsync(asked[0].Content[0].Text, same))
            streamed += update.Text;
        Assert.NotEmpty(streamed);
        Assert.Equal((await whole).Value.Content[0].Text, streamed);
    }
}
