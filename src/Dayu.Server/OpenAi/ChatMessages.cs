using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Server;

/// <summary>The messages of a chat request.</summary>
static class ChatMessages
{
    const int MostMessages = 10_000, MostParts = 1000;

    /// <summary>Reads them.</summary>
    public static IReadOnlyList<ChatMessage> Read(RequestFields fields)
    {
        var messages = fields.Objects("messages", MostMessages) ?? throw fields.Missing("messages", "an array of messages");
        if (messages.Count == 0) throw ApiError.Wrong("messages", "messages is empty, expected one message at least");
        return [.. messages.Select(Message)];
    }

    static ChatMessage Message(RequestFields fields)
    {
        var role = fields.Needed("role");
        if (role is not ("system" or "developer" or "user" or "assistant" or "tool" or "function"))
            throw ApiError.Wrong(fields.At("role"),
                $"{fields.At("role")} is \"{role[..Math.Min(role.Length, 40)]}\", expected system, developer, user, assistant or tool");
        var calls = Calls(fields);
        if (!fields.Has("content") && role != "assistant") throw fields.Missing("content", "a string or an array of parts");
        return new(role == "developer" ? "system" : role, Content(fields))
        {
            Name = fields.Text("name"),
            ToolCalls = calls,
            ToolCallId = fields.Text("tool_call_id"),
            Reasoning = fields.Text("reasoning_content"),
        };
    }

    /// <summary>A text, or parts that are text.</summary>
    static string Content(RequestFields fields) => fields.Any("content") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } v => v.GetString()!,
        { ValueKind: JsonValueKind.Array } => string.Concat(fields.Objects("content", MostParts)!.Select(Part)),
        { } v => throw RequestFields.Wrong(fields.At("content"), v, "a string or an array of parts"),
    };

    static string Part(RequestFields part) => part.Needed("type") switch
    {
        "text" or "input_text" or "output_text" => part.Needed("text"),
        "refusal" => part.Needed("refusal"),
        "image_url" or "input_image" => throw Unread(part, "an image"),
        "input_audio" => throw Unread(part, "sound"),
        "file" => throw Unread(part, "a file"),
        _ => throw ApiError.Wrong(part.At("type"), $"{part.At("type")} is no kind of part that is known, expected text"),
    };

    static ApiError Unread(RequestFields part, string what) =>
        ApiError.Wrong(part.Path, $"{part.Path} is {what}; this model reads text only", "unsupported");

    static List<ToolCall>? Calls(RequestFields fields) => fields.Objects("tool_calls", MostParts) is not { Count: > 0 } all ? null
        : [.. all.Select(Call)];

    static ToolCall Call(RequestFields call)
    {
        var function = call.Object("function") ?? throw call.Missing("function", "an object");
        return new(function.Needed("name"), Arguments(function), call.Text("id"));
    }

    static JsonObject Arguments(RequestFields function)
    {
        var path = function.At("arguments");
        try
        {
            var said = function.Text("arguments") is { Length: > 0 } text ? text : "{}";
            if (JsonNode.Parse(said, documentOptions: RequestBody.Options) is JsonObject arguments) return arguments;
        }
        catch (JsonException) { }
        throw ApiError.Wrong(path, $"{path} is no JSON object in a string");
    }
}
