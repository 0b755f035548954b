using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>Conversations with tools, calls and options, through real templates of the shared fixtures.</summary>
public sealed class ChatPromptTests
{
    const string Qwen3 = "Qwen-Qwen3-0.6B";
    const char Mark = '\uE000';

    static readonly JsonArray tools =
    [
        JsonNode.Parse("""{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}"""),
    ];

    static string Render(ChatPrompt prompt)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "templates", Qwen3 + ".jinja");
        return ChatTemplate.Parse(File.ReadAllText(path), Qwen3).Render(prompt, TimeProvider.System).Text;
    }

    [Fact]
    public void ThinkingCanBeSwitchedOff()
    {
        ChatMessage[] messages = [new("user", "2+2?")];
        const string turn = "<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n", off = "<think>\n\n</think>\n\n";
        Assert.Equal(turn, Render(new(messages)));
        Assert.Equal(turn, Render(new(messages) { Variables = new() { ["enable_thinking"] = true } }));
        Assert.Equal(turn + off, Render(new(messages) { Variables = new() { ["enable_thinking"] = false } }));
    }

    [Fact]
    public void ToolsCallsAndResultsAreWritten()
    {
        var text = Render(new([
            new("user", "Weather?"),
            new("assistant", "") { ToolCalls = [new("weather", new() { ["city"] = "北京" }, "call00001")] },
            new("tool", "sunny") { ToolCallId = "call00001", Name = "weather" }]) { Tools = tools });
        Assert.Contains($"<tools>\n{tools[0]!.ToJsonString()
            .Replace("\":", "\": ", StringComparison.Ordinal).Replace(",\"", ", \"", StringComparison.Ordinal)}\n</tools>", text);
        Assert.Contains("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"北京\"}}\n</tool_call><|im_end|>", text);
        Assert.Contains("<|im_start|>user\n<tool_response>\nsunny\n</tool_response><|im_end|>\n<|im_start|>assistant\n", text);
        Assert.DoesNotContain("<tools>", Render(new([new("user", "Weather?")])));
    }

    /// <summary>A prompt in types gives what the same conversation gives as JSON.</summary>
    [Theory, MemberData(nameof(TemplateFixtureTests.Names), MemberType = typeof(TemplateFixtureTests))]
    public void AllConversationsCanBeWrittenInTypes(string name)
    {
        int rendered = 0;
        foreach (var (conversation, variables, template) in Conversations(name))
        {
            if (Attempt(() => template.Render(variables, TemplateFixtureTests.Clock)) is not { } expected)
                continue;
            Assert.Equal((conversation, expected.Text), (conversation, template.Render(Typed(variables), TemplateFixtureTests.Clock).Text));
            rendered++;
        }
        Assert.True(rendered > 0);
    }

    /// <summary>A mark in all that was said, wherever a real template puts it, is never said to be the template's.</summary>
    [Theory, MemberData(nameof(TemplateFixtureTests.Names), MemberType = typeof(TemplateFixtureTests))]
    public void WhatWasSaidIsNeverTheTemplates(string name)
    {
        int marks = 0;
        foreach (var (_, variables, template) in Conversations(name))
        {
            var marked = (JsonObject)Marked(variables, said: false)!;
            if (Attempt(() => template.Render(marked, TemplateFixtureTests.Clock)) is not { } prompt)
                continue;
            Assert.DoesNotContain(prompt.Runs, run => run.Author == Author.Template && run.Text.Contains(Mark));
            Assert.Equal(prompt.Text.Count(c => c == Mark), template.Render(Typed(marked), TemplateFixtureTests.Clock).Runs
                .Where(run => run.Author == Author.User).Sum(run => run.Text.Count(c => c == Mark)));
            marks += prompt.Text.Count(c => c == Mark);
        }
        Assert.True(marks > 0);
    }

    /// <summary>The conversations as Transformers hands them over: what is not there is None.</summary>
    static IEnumerable<(string Name, JsonObject Variables, ChatTemplate Template)> Conversations(string name)
    {
        foreach (var (conversation, variables, template) in TemplateFixtureTests.ConversationsOrSkip(name))
        {
            variables.TryAdd("tools", null);
            variables.TryAdd("documents", null);
            yield return (conversation, variables, template);
        }
    }

    /// <summary>The same with a mark behind every string of content, reasoning, arguments and descriptions.</summary>
    static JsonNode? Marked(JsonNode? node, bool said) => node switch
    {
        JsonObject o => new JsonObject(o.Select(e => KeyValuePair.Create(e.Key, Marked(e.Value, said || IsSaid(e.Key))))),
        JsonArray list => new JsonArray([.. list.Select(item => Marked(item, said))]),
        JsonValue value when said && value.TryGetValue(out string? text) => text + Mark,
        _ => node?.DeepClone(),
    };

    static bool IsSaid(string key) => key is "content" or "reasoning_content" or "arguments" or "description";

    static RenderedPrompt? Attempt(Func<RenderedPrompt> render)
    {
        try
        {
            return render();
        }
        catch (TemplateException)
        {
            return null;                                            // some templates refuse some conversations
        }
    }

    static ChatPrompt Typed(JsonObject variables)
    {
        string[] typed = ["messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token"];
        var others = variables.Where(v => !typed.Contains(v.Key)).Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone()));
        return new([.. variables["messages"]!.AsArray().Select(message => Typed(message!))])
        {
            Tools = variables["tools"]?.AsArray(),
            AddGenerationPrompt = (bool)variables["add_generation_prompt"]!,
            BosToken = (string?)variables["bos_token"],
            EosToken = (string?)variables["eos_token"],
            Variables = new(others),
        };
    }

    static ChatMessage Typed(JsonNode message) => new((string)message["role"]!, (string)message["content"]!)
    {
        ToolCalls = message["tool_calls"]?.AsArray().Select(call => call!["function"]!).Select((function, i) => new ToolCall(
            (string)function["name"]!, function["arguments"]!.AsObject(), (string?)message["tool_calls"]![i]!["id"])).ToArray(),
        ToolCallId = (string?)message["tool_call_id"],
        Name = (string?)message["name"],
        Reasoning = (string?)message["reasoning_content"],
    };
}
