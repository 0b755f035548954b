using System.Text.Json.Nodes;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// Two answers to one prompt, each as a document of which the answer alone is learnt: written by the chat template, or as plain text
/// where there is none. Lines are as TRL has them: texts or lists of messages; where no prompt is said, what both conversations begin
/// with.
/// </summary>
/// <param name="tokenizer">Text to ids.</param>
/// <param name="chat">Conversations to ids; null: there is no template.</param>
sealed class PairEncoder(Tokenizer tokenizer, ChatEncoder? chat)
{
    /// <summary>A line as it is kept: what is said before, and both answers, as messages or as texts.</summary>
    /// <exception cref="DocumentException">It is none.</exception>
    public static ReadDocument Read(string place, JsonObject line)
    {
        foreach (var key in (string[])["chosen", "rejected"])
            if (!IsSaid(line[key]))
                throw new DocumentException($"it has no {key}; expected {{\"prompt\": \"…\", \"chosen\": \"…\", \"rejected\": \"…\"}}, "
                    + "each a text or a list of messages with a role");
        if ((line["prompt"] ?? line["messages"]) is { } prompt ? !IsSaid(prompt) : line["chosen"] is not JsonArray || Common(line) == 0)
            throw new DocumentException("it has neither a prompt nor messages before the answers");
        return new(place, Said(line["prompt"]) + Said(line["messages"]) + Said(line["chosen"]) + Said(line["rejected"]), line);
    }

    /// <summary>The preferred answer, and the other.</summary>
    /// <exception cref="DocumentException">It cannot be written so.</exception>
    public Document[] Encode(ReadDocument read)
    {
        Document[] both = [One(read, "chosen"), One(read, "rejected")];
        if (both[0].Ids.SequenceEqual(both[1].Ids)) throw new DocumentException("both answers are the same");
        return both;
    }

    Document One(ReadDocument read, string key)
    {
        var (line, place) = (read.Line!, $"{read.Place}, {key}");
        var (prompt, answer) = (line["prompt"] ?? line["messages"], line[key]!);
        if (chat is not null)
        {
            var before = prompt is null ? [] : Messages(prompt, "user");
            var all = new JsonArray([.. before, .. Messages(answer, ChatEncoder.Assistant)]);
            var conversation = new JsonObject { ["messages"] = all };
            if (line["tools"] is JsonArray tools) conversation["tools"] = tools.DeepClone();
            return chat.EncodeAnswer(new(place, "", conversation), prompt is null ? Common(line) : before.Length);
        }
        if (prompt is not JsonValue || answer is not JsonValue)
            throw new DocumentException("it has messages and there is no chat template; name one (data.template), or give texts");
        var special = tokenizer.Special;
        int[] start = special is { AddBos: true, Bos: { } bos } ? [bos] : [], end = special.Eos is { } eos ? [eos] : [];
        var (said, own) = (Ids(prompt), Ids(answer));
        return new(place, [.. start, .. said, .. own, .. end],
            [.. new bool[start.Length + said.Count], .. Enumerable.Repeat(true, own.Count + end.Length)]);
    }

    List<int> Ids(JsonNode text) => tokenizer.Encode(text.GetValue<string>(), addSpecial: false, parseSpecial: false);

    static bool IsSaid(JsonNode? node) => node switch
    {
        JsonValue v => v.TryGetValue<string>(out var text) && text.Length > 0,
        JsonArray all => all.Count > 0 && all.All(m => ChatLines.Said(m, "role") is not null),
        _ => false,
    };

    static string Said(JsonNode? node) => node is JsonArray all ? string.Concat(all.Select(m => ChatLines.Said(m, "content")))
        : node?.ToString() ?? "";

    static JsonNode[] Messages(JsonNode node, string role) => node is JsonArray all ? [.. all.Select(m => m!.DeepClone())]
        : [new JsonObject { ["role"] = role, ["content"] = node.GetValue<string>() }];

    /// <summary>Messages that both conversations begin with; the last of each is an answer.</summary>
    static int Common(JsonObject line)
    {
        if (line["chosen"] is not JsonArray chosen || line["rejected"] is not JsonArray rejected) return 0;
        var most = Math.Min(chosen.Count, rejected.Count) - 1;
        for (var i = 0; i < most; i++)
            if (!JsonNode.DeepEquals(chosen[i], rejected[i])) return i;
        return Math.Max(0, most);
    }
}
