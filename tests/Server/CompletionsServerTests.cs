using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>To go on with texts and to score them, as lm-evaluation-harness does: token arrays, echo, log-probabilities.</summary>
public sealed class CompletionsServerTests
{
    const string Path = "/v1/completions";

    static JsonNode Choice(JsonObject whole, int i = 0) => whole["choices"]![i]!;

    /// <summary>The events put together.</summary>
    static JsonArray Assembled(List<JsonObject> events)
    {
        var choices = new SortedDictionary<int, JsonObject>();
        foreach (var told in events.SelectMany(e => e["choices"]!.AsArray()).Select(c => c!.AsObject()))
        {
            var index = (int)told["index"]!;
            if (!choices.TryGetValue(index, out var choice))
            {
                choices[index] = told.DeepClone().AsObject();
                continue;
            }
            choice["text"] = (string?)choice["text"] + (string?)told["text"];
            choice["finish_reason"] = told["finish_reason"]?.DeepClone();
            if (told["logprobs"] is not JsonObject more) continue;
            if (choice["logprobs"] is not JsonObject all) choice["logprobs"] = more.DeepClone();
            else foreach (var (name, list) in more) foreach (var item in list!.AsArray()) all[name]!.AsArray().Add(item?.DeepClone());
        }
        return [.. choices.Values];
    }

    static async Task<JsonObject> Both(TestServer server, string body)
    {
        var whole = await server.Ok(Path, body);
        const string streamed = ", \"stream\": true, \"stream_options\": { \"include_usage\": true } }";
        var events = await server.Events(Path, body[..body.LastIndexOf('}')] + streamed);
        Assert.Equal(whole["choices"]!.ToJsonString(), Assembled(events).ToJsonString());
        Assert.Empty(events[^1]["choices"]!.AsArray());
        Assert.Equal((int)whole["usage"]!["total_tokens"]!, (int)events[^1]["usage"]!["total_tokens"]!);
        return whole;
    }

    [Fact]
    public async Task TextsAndTokensAreGoneOnWith()
    {
        using var model = new ScriptedModel(3, "Hello", " world", "大1", "大2");
        await using var server = await TestServer.Start(model);
        foreach (var prompt in (string[])["\"abc\"", "[\"abc\"]", "[97, 98, 99]", "[[97, 98, 99]]"])
        {
            var whole = await Both(server, $$"""{ "model": "scripted", "prompt": {{prompt}} }""");
            Assert.Equal(("Hello world大", "stop"), ((string?)Choice(whole)["text"], (string?)Choice(whole)["finish_reason"]));
            Assert.Equal((3, 4), ((int)whole["usage"]!["prompt_tokens"]!, (int)whole["usage"]!["completion_tokens"]!));
        }
        var several = await Both(server, """{ "prompt": ["abc", [97, 98, 99]], "n": 2, "echo": true, "max_tokens": 1 }""");
        Assert.Equal(4, several["choices"]!.AsArray().Count);
        Assert.All(several["choices"]!.AsArray(),
            c => Assert.Equal(("abcHello", "length"), ((string?)c!["text"], (string?)c["finish_reason"])));
    }

    [Fact]
    public async Task LogProbabilitiesSayWhereTokensAre()
    {
        using var model = new ScriptedModel(2, "大1", "大2", "Hello");
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, """{ "prompt": "ab", "echo": true, "logprobs": 2 }""");
        var told = Choice(whole)["logprobs"]!;
        Assert.Equal(["a", "b", @"bytes:\xe5\xa4", @"bytes:\xa7", "Hello", "<|end|>"], told["tokens"]!.AsArray().Select(t => (string?)t));
        Assert.Equal([0, 1, 2, 2, 3, 8], told["text_offset"]!.AsArray().Select(o => (int)o!));
        var scores = told["token_logprobs"]!.AsArray();
        Assert.Null(scores[0]);
        Assert.Null(told["top_logprobs"]![0]);
        Assert.All(scores.Skip(1), s => Assert.True((double)s! <= 0));
        Assert.All(told["top_logprobs"]!.AsArray().Skip(2), t => Assert.Equal(2, t!.AsObject().Count));
        Assert.Equal("ab大Hello", (string?)Choice(whole)["text"]);
    }

    /// <summary>What the harness sends; each token's score is what the network says where it is asked alone.</summary>
    [Fact]
    public async Task ScoresAreThoseOfTheModel()
    {
        using var folder = new QuantizeModel(context: 512);
        using var on = new CpuBackend(2);
        await using var server = await TestServer.Start([new("tiny", () => Pretrained.Open(folder.Path, on))]);
        int[] ids = [.. Enumerable.Range(0, 300).Select(i => 5 + i * 37 % 300)];         // longer than what is read at a time
        using var model = Pretrained.Open(folder.Path, on);
        foreach (var most in (int[])[0, 1, 3])
        {
            var whole = await Both(server, $$"""
                { "model": "tiny", "prompt": [{{string.Join(", ", ids)}}], "echo": true, "logprobs": 1, "max_tokens": {{most}},
                  "temperature": 0, "seed": 1234 }
                """);
            var told = Choice(whole)["logprobs"]!;
            var scores = told["token_logprobs"]!.AsArray();
            Assert.Equal(ids.Length + most, scores.Count);
            Assert.Equal(ids.Length + most, told["tokens"]!.AsArray().Count);
            foreach (var at in (int[])[1, 2, 127, 128, 129, 299])
            {
                using var session = new Session(model, context: 512);
                var alone = session.Answer(ids[..at], new() { MaxTokens = 1, LogProbs = 1, Sampler = SamplerSettings.Greedy }).First();
                var (best, first) = (alone.LogProbs[0], told["top_logprobs"]![at]!.AsObject());
                Assert.Equal((double)best.LogProb, first.Max(t => (double)t.Value!), 1e-5);
                if (best.Id == ids[at]) Assert.Equal((double)best.LogProb, (double)scores[at]!, 1e-5);
            }
            Assert.Equal((300, most), ((int)whole["usage"]!["prompt_tokens"]!, (int)whole["usage"]!["completion_tokens"]!));
        }
    }

    /// <summary>
    /// The harness leaves the last score out: there is one more than the prompt has tokens, also where the model ends at once.
    /// </summary>
    [Fact]
    public async Task EndThatComesAtOnceHasItsScore()
    {
        using var model = new ScriptedModel(3);
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, """{ "prompt": [97, 98, 99], "echo": true, "logprobs": 1, "max_tokens": 1, "temperature": 0 }""");
        Assert.Equal(4, Choice(whole)["logprobs"]!["token_logprobs"]!.AsArray().Count);
        Assert.Equal(("abc", "stop"), ((string?)Choice(whole)["text"], (string?)Choice(whole)["finish_reason"]));
    }

    [Fact]
    public async Task BestOfSeveralIsGiven()
    {
        using var folder = new QuantizeModel(context: 512);
        using var on = new CpuBackend(2);
        await using var server = await TestServer.Start([new("tiny", () => Pretrained.Open(folder.Path, on))]);
        const string body = """{ "prompt": "Once upon", "max_tokens": 6, "temperature": 1, "seed": 3, "logprobs": 0, """;
        var all = await server.Ok(Path, body + "\"n\": 5 }");
        var best = await server.Ok(Path, body + "\"best_of\": 5 }");
        double Mean(JsonNode c) => c["logprobs"]!["token_logprobs"]!.AsArray().Average(s => (double)s!);
        Assert.Single(best["choices"]!.AsArray());
        Assert.Equal(all["choices"]!.AsArray().Max(c => Mean(c!)), Mean(Choice(best)));
        Assert.Equal((int)all["usage"]!["completion_tokens"]!, (int)best["usage"]!["completion_tokens"]!);
    }

    [Theory]
    [InlineData("{ }", "prompt")]
    [InlineData("""{ "prompt": "" }""", "prompt")]
    [InlineData("""{ "prompt": [] }""", "prompt")]
    [InlineData("""{ "prompt": 7 }""", "prompt")]
    [InlineData("""{ "prompt": [[97], "a", true] }""", "prompt[2]")]
    [InlineData("""{ "prompt": [97, -1] }""", "prompt[1]")]
    [InlineData("""{ "prompt": "a", "suffix": "b" }""", "suffix")]
    [InlineData("""{ "prompt": "a", "logprobs": 6 }""", "logprobs")]
    [InlineData("""{ "prompt": "a", "logprobs": true }""", "logprobs")]
    [InlineData("""{ "prompt": "a", "n": 3, "best_of": 2 }""", "best_of")]
    [InlineData("""{ "prompt": "a", "best_of": 2, "stream": true }""", "best_of")]
    public async Task WhatIsWrongIsNamed(string body, string param)
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        Assert.Equal(param, (string?)(await server.Refused(400, Path, body))["param"]);
    }

    [Fact]
    public async Task TokensThatThereAreNotAreRefused()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        Assert.Contains("99999", (string?)(await server.Refused(400, Path, """{ "prompt": [97, 99999] }"""))["message"]);
        var tooLong = await server.Refused(400, Path, $$"""{ "prompt": "{{new string('a', 400)}}", "echo": true, "logprobs": 1 }""");
        Assert.Equal("context_length_exceeded", (string?)tooLong["code"]);
    }
}
