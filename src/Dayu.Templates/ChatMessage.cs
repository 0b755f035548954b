using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool, or another role that the template knows.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>
    /// The roles that templates know. Some templates make a control token of the role (<c>&lt;|user|&gt;</c>): these words, unlike what
    /// else comes with a message, may be part of one.
    /// </summary>
    static readonly HashSet<string> knownRoles =
        ["system", "developer", "user", "assistant", "model", "tool", "function", "ipython", "environment", "observation"];

    /// <summary>
    /// Further members, as JSON: <c>tool_calls</c>, <c>tool_call_id</c>, <c>name</c>, <c>reasoning_content</c>, …
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
        if (More is not null && new JsonReader(Author.User).Read(More, "a message") is DictValue more)
            foreach (var (name, value) in more.Entries)
                entries[name] = value;
        return new DictValue(entries);
    }
}
