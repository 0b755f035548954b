using System.Text;
using Dayu.Hub;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>
/// What was said, and the ids that a model answers. With a chat template these are the template's; without one the model continues the text so far.
/// What people and models said cannot pass for a control token: only the template writes those.
/// </summary>
/// <param name="model">Who answers.</param>
/// <param name="clock">Templates may write the date.</param>
public sealed class Conversation(Pretrained model, TimeProvider clock)
{
    const char Guard = '\uFDD0';                                     // a noncharacter: means nothing in any text

    readonly ChatTemplate? template = model.Text.Template;
    readonly Tokenizer tokenizer = model.Tokenizer;
    readonly List<ChatMessage> messages = [];

    /// <summary>Oldest first.</summary>
    public IList<ChatMessage> Messages => messages;

    /// <summary>Whether the model knows turns; else it only continues text.</summary>
    public bool HasTemplate => template is not null;

    /// <summary>The ids to answer.</summary>
    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    public List<int> Prompt()
    {
        if (template is null) return Prompts.Encode(tokenizer, string.Join('\n', messages.Select(m => m.Content)), parseSpecial: false);
        var text = template.Render(new ChatPrompt([.. messages.Select(Guarded)]) { BosToken = Name(tokenizer.Special.Bos), EosToken = Name(tokenizer.Special.Eos) }, clock);
        var parts = text.Split(Guard);                               // every second one was said, not written by the template
        if (parts.Length == 1) return Prompts.Encode(tokenizer, text, parseSpecial: true);
        var ids = Prompts.Encode(tokenizer, parts[0], parseSpecial: true);
        for (var i = 1; i < parts.Length; i++) ids.AddRange(tokenizer.Encode(parts[i], addSpecial: false, parseSpecial: i % 2 == 0));
        return ids;
    }

    string? Name(int? id) => id is { } known ? tokenizer.TokenText(known) : null;

    /// <summary>The message with every control token's text between guards.</summary>
    ChatMessage Guarded(ChatMessage message)
    {
        var text = message.Content.Replace(Guard.ToString(), "", StringComparison.Ordinal);
        var found = tokenizer.Special.Added.Where(t => t.Control && text.Contains(t.Text, StringComparison.Ordinal)).OrderByDescending(t => t.Text.Length).ToArray();
        if (found.Length == 0) return message with { Content = text };
        var guarded = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var token = Array.Find(found, t => string.CompareOrdinal(text, at, t.Text, 0, t.Text.Length) == 0);
            if (token is null) guarded.Append(text[at++]);
            else
            {
                guarded.Append(Guard).Append(token.Text).Append(Guard);
                at += token.Text.Length;
            }
        }
        return message with { Content = guarded.ToString() };
    }
}
