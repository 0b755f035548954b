using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>
/// Chat on the wire, by a model that emits chosen tokens: the faults that users of other servers report, streamed and not; and the stream
/// put together is the whole answer.
/// </summary>
public sealed class ChatServerTests
{
    const string Chat = "/v1/chat/completions";

    static string Body(string more = "", string content = ScriptedModel.Ask) =>
        $$"""{ "model": "scripted", "messages": [{ "role": "user", "content": "{{content}}" }]{{(more.Length > 0 ? ", " + more : "")}} }""";

    /// <summary>The whole answer, after the stream of the same request came to the same.</summary>
    static async Task<JsonObject> Both(TestServer server, string more)
    {
        var whole = await server.Ok(Chat, Body(more));
        var separator = more.Length > 0 ? ", " : "";
        const string streamed = "\"stream\": true, \"stream_options\": { \"include_usage\": true }";
        var events = await server.Events(Chat, Body(more + separator + streamed));
        Assert.Equal(ChatAssembled.Compared(whole, usage: true), ChatAssembled.Compared(ChatAssembled.Of(events), usage: true));
        return whole;
    }

    static JsonNode Choice(JsonObject whole) => whole["choices"]![0]!;

    static string? Content(JsonObject whole) => (string?)Choice(whole)["message"]!["content"];

    static string? Thought(JsonObject whole) => (string?)Choice(whole)["message"]!["reasoning_content"];

    public static TheoryData<string[], string, string?, string, string> Answers => new()
    {
        { ["Hello", " world", "!"], "Hello world!", null, "stop", "" },
        { ["Hello", " world", "!"], "Hello world", null, "length", "\"max_tokens\": 2" },
        { ["Hello", " world", "!"], "Hello world", null, "length", "\"max_completion_tokens\": 2, \"max_tokens\": 9" },
        { [], "", null, "stop", "" },
        { ["大1", "大2", "禹", "😀1", "😀2"], "大禹😀", null, "stop", "" },
        { ["大1", "大2", "大1"], "大\uFFFD", null, "stop", "" },                        // the model broke off in a character
        { ["<think>", "a", "b", "</think>", "\n\n", "Hello"], "Hello", "ab", "stop", "" },
        { ["\n\n", "<think>", "\n\n", "a", "\n\n", "</think>", "Hello"], "Hello", "a", "stop", "" },
        { ["<th", "ink>", "a", " ", "b", "</th", "ink>", "Hello"], "Hello", "a b", "stop", "" },
        { ["<th", "a"], "<tha", null, "stop", "" },                                      // it only looked like the mark
        { ["<th"], "<th", null, "stop", "" },
        { ["a", "</th", "b", "<think>", "c", "</think>"], "a</thb<think>c</think>", null, "stop", "" },
        { ["<think>", "a", "</th", "b", "</think>", "c"], "c", "a</thb", "stop", "" },
        { ["<think>", "a", "b"], "", "ab", "stop", "" },                                 // it never came to speak
        { ["<think>", "a", "b", "</think>", "c"], "", "a", "length", "\"max_tokens\": 2" },
        { ["<think>", "S", "T", "O", "P", "</think>", "a", "STOP", "b"], "a", "STOP", "stop", "\"stop\": \"STOP\"" },
        { ["a", "ST", "OP", "b"], "a", null, "stop", "\"stop\": [\"never\", \"STOP\"]" },
        { ["a", "ST", "b"], "aSTb", null, "stop", "\"stop\": \"STOP\"" },
        { ["a", "ST"], "aST", null, "stop", "\"stop\": \"STOP\"" },                      // what was held back is not lost
        { ["a", "ST", "b"], "aST", null, "length", "\"stop\": \"STOP\", \"max_tokens\": 2" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task StreamPutTogetherIsTheWholeAnswer(string[] script, string content, string? thought, string finish, string more)
    {
        using var model = ScriptedModel.Chat(script);
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, more);
        Assert.Equal((content, thought, finish), (Content(whole), Thought(whole), (string?)Choice(whole)["finish_reason"]));
        var scored = await Both(server, (more.Length > 0 ? more + ", " : "") + "\"logprobs\": true, \"top_logprobs\": 2");
        Assert.Equal((content, thought), (Content(scored), Thought(scored)));
    }

    /// <summary>No event of a stream has text that a stop string's beginning or half a character may become.</summary>
    [Fact]
    public async Task NothingIsSentThatMayHaveToBeTakenBack()
    {
        using var model = ScriptedModel.Chat("a", "ST", "大1", "大2", "ST", "OP");
        await using var server = await TestServer.Start(model);
        var events = await server.Events(Chat, Body("\"stop\": \"STOP\", \"stream\": true"));
        var deltas = events.Select(e => (string?)e["choices"]![0]!["delta"]!["content"]).Where(t => !string.IsNullOrEmpty(t));
        Assert.Equal(["a", "ST大"], deltas);
        Assert.All(events, e => Assert.False(e.ContainsKey("usage")));
    }

    /// <summary>finish_reason is null until the end; with include_usage, the last event has no choice and counts.</summary>
    [Fact]
    public async Task EventsHaveTheirForm()
    {
        using var model = ScriptedModel.Chat("Hello", " world");
        await using var server = await TestServer.Start(model);
        var events = await server.Events(Chat, Body("\"stream\": true, \"stream_options\": { \"include_usage\": true }"));
        Assert.Empty(events[^1]["choices"]!.AsArray());
        Assert.Equal((4, 2, 6), Usage(events[^1]));
        Assert.All(events.SkipLast(1), e => Assert.True(e.ContainsKey("usage") && e["usage"] is null));
        Assert.Equal([null, null, null, "stop"], events.SkipLast(1).Select(e => (string?)e["choices"]![0]!["finish_reason"]));
        Assert.Equal("""{"role":"assistant","content":"","refusal":null}""", events[0]["choices"]![0]!["delta"]!.ToJsonString());
    }

    static (int, int, int) Usage(JsonObject of)
    {
        var u = of["usage"]!;
        return ((int)u["prompt_tokens"]!, (int)u["completion_tokens"]!, (int)u["total_tokens"]!);
    }

    [Fact]
    public async Task ThoughtsAreCounted()
    {
        using var model = ScriptedModel.Chat("<think>", "a", "</think>", "Hello", "!");
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, "\"logprobs\": true");
        Assert.Equal((3, 5), ((int)whole["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!, Usage(whole).Item2));
        var tokens = Choice(whole)["logprobs"]!["content"]!.AsArray();
        Assert.Equal(["Hello", "!"], tokens.Select(t => (string?)t!["token"]));          // of what is said, and of nothing else
    }

    /// <summary>A template that has written the first mark itself.</summary>
    [Fact]
    public async Task ThoughtThatTheTemplateBeganIsOne()
    {
        using var model = new ScriptedModel(ScriptedModel.Ask.Length + 1 + "<think>".Length, "a", "</think>", "Hello");
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, "\"chat_template_kwargs\": { \"thinks\": true }");
        Assert.Equal(("Hello", "a"), (Content(whole), Thought(whole)));
    }

    [Fact]
    public async Task LogProbabilitiesNameBytes()
    {
        using var model = ScriptedModel.Chat("大1", "大2", " world");
        await using var server = await TestServer.Start(model);
        var tokens = Choice(await Both(server, "\"logprobs\": true, \"top_logprobs\": 20"))["logprobs"]!["content"]!.AsArray();
        Assert.Equal([@"bytes:\xe5\xa4", @"bytes:\xa7", " world"], tokens.Select(t => (string?)t!["token"]));
        byte[] all = [.. tokens.SelectMany(t => t!["bytes"]!.AsArray().Select(b => (byte)(int)b!))];
        Assert.Equal("大 world", Encoding.UTF8.GetString(all));
        foreach (var token in tokens)
        {
            var top = token!["top_logprobs"]!.AsArray();
            Assert.Equal(20, top.Count);                             // none is merged with another, however alike they are written
            Assert.Equal((string?)token["token"], (string?)top[0]!["token"]);
            Assert.Equal((double)token["logprob"]!, (double)top[0]!["logprob"]!);
            Assert.DoesNotContain(top, t => ((string?)t!["token"])!.Contains('\uFFFD'));
        }
    }

    [Fact]
    public async Task SeveralChoicesComeWithTheirOwnIndex()
    {
        using var model = ScriptedModel.Chat("Hello", "!");
        await using var server = await TestServer.Start(model);
        var whole = await Both(server, "\"n\": 3, \"logprobs\": true");
        Assert.Equal([0, 1, 2], whole["choices"]!.AsArray().Select(c => (int)c!["index"]!));
        Assert.All(whole["choices"]!.AsArray(), c => Assert.Equal("Hello!", (string?)c!["message"]!["content"]));
        Assert.Equal((4, 6, 10), Usage(whole));                      // a prompt that all have counts once
    }

    [Fact]
    public async Task SameSeedSameAnswerAndTheCacheChangesNothing()
    {
        using var folder = new QuantizeModel();
        using var on = new Dayu.Cpu.CpuBackend(2);
        await using var server = await TestServer.Start([new("tiny", () => Dayu.Hub.Pretrained.Open(folder.Path, on))]);
        var said = string.Concat(Enumerable.Repeat("Once upon a time ", 6));
        const string wanted = "\"seed\": 7, \"temperature\": 1, \"max_tokens\": 20, \"n\": 2, \"logprobs\": true";
        var body = Body(wanted, said).Replace("scripted", "tiny");
        var answers = new List<JsonObject>();
        for (var i = 0; i < 3; i++) answers.Add(await server.Ok(Chat, body));
        Assert.All(answers, a => Assert.Equal(ChatAssembled.Compared(answers[0], usage: true), ChatAssembled.Compared(a, usage: true)));
        Assert.True((int)answers[2]["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > 0);
        var choices = answers[0]["choices"]!.AsArray();
        Assert.NotEqual(choices[0]!["message"]!.ToJsonString(), choices[1]!["message"]!.ToJsonString());
        var events = await server.Events(Chat, body[..^2] + ", \"stream\": true }");
        Assert.Equal(ChatAssembled.Compared(answers[0], usage: false), ChatAssembled.Compared(ChatAssembled.Of(events), usage: false));
    }

    /// <summary>Before the first token it is an error with its status; behind it an event, and no end that looks like one.</summary>
    [Fact]
    public async Task FaultOfTheModelIsTold()
    {
        using var early = ScriptedModel.Chat("NaN");
        await using (var server = await TestServer.Start(early))
        {
            Assert.Equal("not_finite", (string?)(await server.Refused(500, Chat, Body()))["code"]);
            Assert.Equal("not_finite", (string?)(await server.Refused(500, Chat, Body("\"stream\": true")))["code"]);
        }
        using var late = ScriptedModel.Chat("Hello", "NaN");
        await using (var server = await TestServer.Start(late))
        {
            await server.Refused(500, Chat, Body());
            var events = await server.Events(Chat, Body("\"stream\": true"));
            Assert.Equal("not_finite", (string?)events[^1]["error"]!["code"]);
            await TestServer.Until(() => server.Lines.Any(l => l.Fault is not null));
        }
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "\"tools\": [{ \"type\": \"function\", \"function\": { \"name\": \"f\" } }]", "tools", "not supported yet" },
        { "\"tool_choice\": { \"type\": \"function\", \"function\": { \"name\": \"f\" } }", "tool_choice", "not supported yet" },
        { "\"tool_choice\": \"required\"", "tool_choice", "not supported yet" },
        { "\"response_format\": { \"type\": \"json_schema\", \"json_schema\": {} }", "response_format.type", "json_schema" },
        { "\"response_format\": { \"type\": \"json_object\" }", "response_format.type", "json_object" },
        { "\"temperature\": \"hot\"", "temperature", "the string \"hot\", expected a number" },
        { "\"temperature\": -1", "temperature", "is -1; it can be 0 to 100" },
        { "\"n\": 0", "n", "is 0; it can be 1 to 16" },
        { "\"n\": 1.5", "n", "expected a whole number" },
        { "\"max_tokens\": 0", "max_tokens", "is 0" },
        { "\"stream\": \"yes\"", "stream", "expected true or false" },
        { "\"stream_options\": { \"include_usage\": true }", "stream_options", "stream: true" },
        { "\"stop\": [\"a\", 4]", "stop[1]", "the number 4, expected a string" },
        { "\"stop\": {}", "stop", "an object, expected a string or an array of strings" },
        { "\"top_logprobs\": 3", "top_logprobs", "logprobs: true" },
        { "\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs", "0 to 20" },
        { "\"logit_bias\": { \"9999\": 1 }", "logit_bias.9999", "names no token" },
        { "\"logit_bias\": { \"5\": 101 }", "logit_bias.5", "-100 to 100" },
        { "\"seed\": 1e400", "seed", "64 bits" },
        { "\"keep_alive\": \"soon\"", "keep_alive", "a time like" },
        { "\"chat_template_kwargs\": []", "chat_template_kwargs", "an array of 0, expected an object" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task WhatIsWrongIsNamed(string field, string param, string says)
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        foreach (var stream in field.Contains("stream", StringComparison.Ordinal) ? [""] : (string[])["", ", \"stream\": true"])
        {
            var error = await server.Refused(400, Chat, Body(field + stream));
            Assert.Equal((param, "invalid_request_error"), ((string?)error["param"], (string?)error["type"]));
            Assert.Contains(says, (string?)error["message"]);
        }
    }

    [Fact]
    public async Task UnknownFieldsAreTolerated()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var whole = await server.Ok(Chat, Body("""
            "user": "someone", "store": true, "metadata": { "a": "b" }, "service_tier": "auto", "verbosity": "low",
            "parallel_tool_calls": true,
            "tools": [], "tool_choice": "none", "response_format": { "type": "text" }, "stop": null, "never_heard_of": [1, { "x": [] }]
            """));
        Assert.Equal("Hello", Content(whole));
    }

    [Fact]
    public async Task MessagesHaveTheirForms()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var parts = await server.Ok(Chat, """
            { "messages": [{ "role": "developer", "content": [] }, { "role": "user", "content": [{ "type": "text", "text": "as" },
              { "type": "text", "text": "k" }] }] }
            """);
        Assert.Equal("Hello", Content(parts));
        (string Messages, string Param)[] wrong =
        [
            ("[]", "messages"), ("7", "messages"), ("[7]", "messages[0]"), ("""[{ "role": "user" }]""", "messages[0].content"),
            ("""[{ "content": "a" }]""", "messages[0].role"), ("""[{ "role": "king", "content": "a" }]""", "messages[0].role"),
            ("""[{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "x" } }] }]""", "messages[0].content[0]"),
            ("""[{ "role": "user", "content": [{ "type": "text" }] }]""", "messages[0].content[0].text"),
            ("""[{ "role": "assistant", "tool_calls": [{ "function": { "name": "f", "arguments": "{" } }] }]""",
                "messages[0].tool_calls[0].function.arguments"),
        ];
        foreach (var (messages, param) in wrong)
            Assert.Equal(param, (string?)(await server.Refused(400, Chat, $$"""{ "messages": {{messages}} }"""))["param"]);
    }

    [Fact]
    public async Task TooLongPromptIsRefusedWithItsCounts()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var error = await server.Refused(400, Chat, Body(content: new string('x', 300)));
        Assert.Equal("context_length_exceeded", (string?)error["code"]);
        Assert.Contains("301 tokens", (string?)error["message"]);
        Assert.Contains("256", (string?)error["message"]);
    }

    [Fact]
    public async Task UnknownModelIsNamedWithThoseThereAre()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var error = await server.Refused(404, Chat, Body().Replace("scripted", "gpt-5"));
        Assert.Equal(("model_not_found", "model"), ((string?)error["code"], (string?)error["param"]));
        Assert.Contains("there is scripted", (string?)error["message"]);
    }
}
