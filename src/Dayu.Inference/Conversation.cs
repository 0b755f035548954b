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
    public List<int> Prompt()
    {
        if (model.Text.Template is not { } template)
            return Prompts.Encode(tokenizer, string.Join('\n', messages.Select(m => m.Content)), parseSpecial: false);
        var prompt = new ChatPrompt(messages)
        {
            Tools = Tools,
            Documents = Documents,
            Variables = Options,
            BosToken = NameOf(tokenizer.Special.Bos),
            EosToken = NameOf(tokenizer.Special.Eos),
        };
        return Prompts.Encode(tokenizer, template.Render(prompt, clock));
    }

    string? NameOf(int? id) => id is { } known ? tokenizer.TokenText(known) : null;
}
