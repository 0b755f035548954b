using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>
/// A conversation to render, and what goes with it. The template sees what it would see from Transformers.
/// </summary>
/// <param name="Messages">The messages, oldest first.</param>
public sealed record ChatPrompt(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>The functions that the model may call, each a JSON object in OpenAI's form; null for none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents to answer from; null for none.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>
    /// Whether the text ends with the beginning of the assistant's next turn. True unless said otherwise.
    /// </summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The name of the begin-of-text token, <c>bos_token</c> to the template.</summary>
    public string? BosToken { get; init; }

    /// <summary>The name of the end-of-text token, <c>eos_token</c> to the template.</summary>
    public string? EosToken { get; init; }

    /// <summary>
    /// Further variables that the template reads, such as <c>enable_thinking</c>; they win over those above. Text in
    /// them counts as the user's.
    /// </summary>
    public JsonObject? Variables { get; init; }

    internal Dictionary<string, Value> ToVariables()
    {
        var said = new JsonReader(Author.User);
        var variables = new Dictionary<string, Value>(StringComparer.Ordinal)
        {
            ["messages"] = new SequenceValue([.. Messages.Select(message => message.ToValue())]),
            ["tools"] = said.Read(Tools, "tools"),
            ["documents"] = said.Read(Documents, "documents"),
            ["add_generation_prompt"] = AddGenerationPrompt,
        };
        if (BosToken is not null)
            variables["bos_token"] = TextValue.ByTemplate(BosToken);
        if (EosToken is not null)
            variables["eos_token"] = TextValue.ByTemplate(EosToken);
        foreach (var (name, value) in Variables ?? [])
            variables[name] = said.Read(value, name);
        return variables;
    }
}
