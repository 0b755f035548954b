using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>
/// What was said, and the ids that a model answers. With a chat template these are the template's; without one the
/// model continues the text so far. What people, models and tools said cannot pass for a control token: only the
/// template writes those.
/// </summary>
/// <param name="model">Who answers.</param>
/// <param name="clock">Templates may write the date.</param>
public sealed class Conversation(Pretrained model, TimeProvider clock)
{
    readonly Tokenizer tokenizer = model.Tokenizer;
    readonly List<ChatMessage> messages = [];

    /// <summary>Oldest first.</summary>
    public IList<ChatMessage> Messages => messages;

    /// <summary>The functions that the model may call; null for none.</summary>
    public JsonArray? Tools { get; set; }

    /// <summary>Documents to answer from; null for none.</summary>
    public JsonArray? Documents { get; set; }

    /// <summary>What else the template can be told, such as <c>enable_thinking</c>; null for nothing.</summary>
    public JsonObject? Options { get; set; }

    /// <summary>Whether the model knows turns; else it only continues text.</summary>
    public bool HasTemplate => model.Text.HasTemplate;

    /// <summary>The ids to answer.</summary>
    /// <exception cref="TemplateException">The template cannot be parsed, or refuses the conversation.</exception>
    /// <exception cref="SystemRoleException">It refuses the system message.</exception>
    public List<int> Prompt() => Rendered() is { } rendered ? Prompts.Encode(tokenizer, rendered)
        : Prompts.Encode(tokenizer, Joined, parseSpecial: false);

    /// <summary>The text to answer.</summary>
    /// <exception cref="TemplateException">As above.</exception>
    /// <exception cref="SystemRoleException">As above.</exception>
    public string Text() => Rendered()?.Text ?? Joined;

    string Joined => string.Join('\n', messages.Select(m => m.Content));

    RenderedPrompt? Rendered() => (Tools is null ? model.Text.Template : model.Text.ToolTemplate) is not { } template ? null
        : Render(template, new(messages)
        {
            Tools = Tools,
            Documents = Documents,
            Variables = Options,
            BosToken = model.Text.BosToken,
            EosToken = model.Text.EosToken,
        });

    RenderedPrompt Render(ChatTemplate template, ChatPrompt prompt)
    {
        try
        {
            return template.Render(prompt, clock);
        }
        catch (TemplateException e) when (e.RaisedByTemplate && TakesWithoutSystem(template, prompt))
        {
            throw new SystemRoleException(e.Message);
        }
    }

    /// <summary>
    /// Whether a conversation that was refused is taken without its system messages. Templates say it in many words,
    /// and often mean the role by "roles must alternate": so trying is the only way to know.
    /// </summary>
    bool TakesWithoutSystem(ChatTemplate template, ChatPrompt prompt)
    {
        ChatMessage[] others = [.. prompt.Messages.Where(m => m.Role != "system")];
        if (others.Length == prompt.Messages.Count) return false;
        try
        {
            template.Render(prompt with { Messages = others }, clock);
            return true;
        }
        catch (TemplateException)
        {
            return false;
        }
    }
}
