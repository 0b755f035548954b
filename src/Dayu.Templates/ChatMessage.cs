using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool, or another role that the template knows.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>
    /// The roles that templates know. Some templates make a control token of the role (<c>&lt;|user|&gt;</c>): these
    /// words, unlike what else comes with a message, may be part of one.
    /// </summary>
    static readonly HashSet<string> knownRoles =
        ["system", "developer", "user", "assistant", "model", "tool", "function", "ipython", "environment", "observation"];

    /// <summary>The functions that the model called in this turn of its; null for none.</summary>
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }

    /// <summary>Of a function's result: the call it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Of a function's result: the function. Of a person's message: who speaks.</summary>
    public string? Name { get; init; }

    /// <summary>What the model thought before it answered, where that is kept apart from the answer.</summary>
    public string? Reasoning { get; init; }

    /// <summary>
    /// Further members, as JSON; they win over those above.
    /// One called <c>content</c> takes the place of <see cref="Content"/>: a list of parts, or null.
    /// </summary>
    public JsonObject? More { get; init; }

    internal Value ToValue()
    {
        var entries = new OrderedDictionary<Value, Value>
        {
            [TextValue.ByTemplate("role")] = new AuthoredText(Role, knownRoles.Contains(Role) ? Author.Template : Author.User),
            [TextValue.ByTemplate("content")] = new AuthoredText(Content, Author.User),
        };
        foreach (var member in (ReadOnlySpan<JsonObject?>)[Members(), More])
            if (new JsonReader(Author.User).Read(member, "a message") is DictValue said)
                foreach (var (name, value) in said.Entries)
                    entries[name] = value;
        return new DictValue(entries);
    }

    /// <summary>What there is beside role and content, by the names that templates know.</summary>
    JsonObject Members()
    {
        var json = new JsonObject();
        if (ToolCalls is not null)
            json["tool_calls"] = new JsonArray([.. ToolCalls.Select(call => call.ToJson())]);
        if (ToolCallId is not null)
            json["tool_call_id"] = ToolCallId;
        if (Name is not null)
            json["name"] = Name;
        if (Reasoning is not null)
            json["reasoning_content"] = Reasoning;
        return json;
    }
}
