using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Server;

/// <summary>How chat answers are written; what all parts of one answer have in common.</summary>
/// <param name="Id">Its name, the same in all events.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
sealed record ChatForm(string Id, long Created, string Model, Tokenizer Tokenizer)
{
    /// <summary>An event; its delta is what came since the last one of that choice.</summary>
    public JsonObject Chunk(int choice, JsonObject delta, JsonNode? logProbs, string? finish, bool tellsUsage)
    {
        var chunk = Head("chat.completion.chunk", new JsonObject
        {
            ["index"] = choice, ["delta"] = delta, ["logprobs"] = logProbs, ["finish_reason"] = finish,
        });
        if (tellsUsage) chunk["usage"] = null;
        return chunk;
    }

    /// <summary>The last event, which counts tokens.</summary>
    public JsonObject UsageChunk(Usage usage)
    {
        var chunk = Head("chat.completion.chunk");
        chunk["usage"] = usage.ToJson();
        return chunk;
    }

    /// <summary>The whole answer.</summary>
    public JsonObject Whole(IEnumerable<ChoiceSoFar> choices, Usage usage)
    {
        var whole = Head("chat.completion", [.. choices.Select(Choice)]);
        whole["usage"] = usage.ToJson();
        return whole;
    }

    JsonObject Choice(ChoiceSoFar choice, int index)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = choice.Content, ["refusal"] = null };
        if (choice.Reasoning.Length > 0) message["reasoning_content"] = choice.Reasoning;
        return new()
        {
            ["index"] = index, ["message"] = message, ["logprobs"] = LogProbs(choice.LogProbs), ["finish_reason"] = choice.Finish,
        };
    }

    JsonObject Head(string kind, params JsonNode[] choices) => new()
    {
        ["id"] = Id, ["object"] = kind, ["created"] = Created, ["model"] = Model, ["system_fingerprint"] = Fingerprint,
        ["choices"] = new JsonArray(choices),
    };

    /// <summary>Changes where the same request and seed may come to something else.</summary>
    public static string Fingerprint { get; } = $"dayu-{typeof(ChatForm).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>How likely tokens were; null: nobody asked.</summary>
    public JsonNode? LogProbs(IReadOnlyList<TokenLogProb>? tokens) => tokens is null ? null : new JsonObject
    {
        ["content"] = new JsonArray([.. tokens.Select(t =>
        {
            var token = Token(t.Id, t.LogProb);
            token["top_logprobs"] = new JsonArray([.. t.Top.Select(o => Token(o.Id, o.LogProb))]);
            return token;
        })]),
        ["refusal"] = null,
    };

    JsonObject Token(int id, float logProb) => new()
    {
        ["token"] = TokenWords.Text(Tokenizer, id), ["logprob"] = TokenWords.Finite(logProb),
        ["bytes"] = Json.List(TokenWords.Bytes(Tokenizer, id).Select(b => (int)b)),
    };
}
