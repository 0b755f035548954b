using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>The events of a streamed chat put together, as a careful client does it; whatever would confuse one is a failure.</summary>
static class ChatAssembled
{
    static readonly string?[] finishes = ["stop", "length", "tool_calls", "content_filter"];

    /// <summary>The whole answer that the events come to.</summary>
    public static JsonObject Of(IReadOnlyList<JsonObject> events)
    {
        Assert.All(events, e => Assert.Equal("chat.completion.chunk", (string?)e["object"]));
        Assert.Single(events.Select(e => (string?)e["id"]).Distinct());
        var choices = new SortedDictionary<int, JsonObject>();
        JsonNode? usage = null;
        foreach (var e in events)
        {
            var told = e["choices"]!.AsArray();
            if (told.Count == 0) usage = e["usage"]!.DeepClone();
            foreach (var choice in told) Add(choices, choice!.AsObject());
        }
        Assert.All(choices.Values, c => Assert.Contains((string?)c["finish_reason"], finishes));
        return new() { ["choices"] = new JsonArray([.. choices.Values]), ["usage"] = usage };
    }

    static void Add(SortedDictionary<int, JsonObject> choices, JsonObject told)
    {
        var (index, delta) = ((int)told["index"]!, told["delta"]!.AsObject());
        if (!choices.TryGetValue(index, out var choice))
        {
            Assert.Equal("assistant", (string?)delta["role"]);       // the first one says who speaks
            choices[index] = choice = new()
            {
                ["index"] = index, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null },
                ["logprobs"] = null, ["finish_reason"] = null,
            };
        }
        Assert.Null(choice["finish_reason"]);                        // nothing comes behind the end
        foreach (var name in (string[])["content", "reasoning_content"])
            if (delta[name] is { } text) choice["message"]![name] = (string?)choice["message"]![name] + (string)text!;
        if (told["logprobs"]?["content"] is JsonArray tokens)                           // the first event has an empty list, if any
        {
            choice["logprobs"] ??= new JsonObject { ["content"] = new JsonArray(), ["refusal"] = null };
            foreach (var token in tokens) choice["logprobs"]!["content"]!.AsArray().Add(token!.DeepClone());
        }
        choice["finish_reason"] = told["finish_reason"]?.DeepClone();
    }

    /// <summary>What of a whole answer a stream must come to as well; how much was in the cache may differ.</summary>
    public static string Compared(JsonObject whole, bool usage)
    {
        var copy = new JsonObject { ["choices"] = whole["choices"]!.DeepClone() };
        if (!usage) return copy.ToJsonString();
        copy["usage"] = whole["usage"]!.DeepClone();
        copy["usage"]!["prompt_tokens_details"] = null;
        return copy.ToJsonString();
    }
}
