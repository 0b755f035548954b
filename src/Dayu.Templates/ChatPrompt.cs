using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool, or another role that the template knows.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>
    /// Further members, as JSON: <c>tool_calls</c>, <c>tool_call_id</c>, <c>name</c>, <c>reasoning_content</c>, …
    /// One called <c>content</c> takes the place of <see cref="Content"/>: a list of parts, or null.
    /// </summary>
    public JsonObject? More { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["role"] = Role, ["content"] = Content };
        foreach (var (name, value) in More ?? [])
            json[name] = value?.DeepClone();
        return json;
    }
}

/// <summary>A conversation to render, and what goes with it. The template sees what it would see from Transformers.</summary>
/// <param name="Messages">The messages, oldest first.</param>
public sealed record ChatPrompt(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>The functions that the model may call, each a JSON object in OpenAI's form; null for none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents to answer from; null for none.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether the text ends with the beginning of the assistant's next turn. True unless said otherwise.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The name of the begin-of-text token, <c>bos_token</c> to the template.</summary>
    public string? BosToken { get; init; }

    /// <summary>The name of the end-of-text token, <c>eos_token</c> to the template.</summary>
    public string? EosToken { get; init; }

    /// <summary>Further variables that the template reads, such as <c>enable_thinking</c>; they win over those above.</summary>
    public JsonObject? Variables { get; init; }

    internal JsonObject ToVariables()
    {
        var variables = new JsonObject
        {
            ["messages"] = new JsonArray([.. Messages.Select(message => message.ToJson())]),
            ["tools"] = Tools?.DeepClone(),
            ["documents"] = Documents?.DeepClone(),
            ["add_generation_prompt"] = AddGenerationPrompt,
        };
        if (BosToken is not null)
            variables["bos_token"] = BosToken;
        if (EosToken is not null)
            variables["eos_token"] = EosToken;
        foreach (var (name, value) in Variables ?? [])
            variables[name] = value?.DeepClone();
        return variables;
    }
}
