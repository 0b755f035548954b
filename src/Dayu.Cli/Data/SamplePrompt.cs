using System.Text;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Templates;

namespace Dayu.Cli;

/// <summary>What a text is to answer.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="Line">The line of a file that has the answer.</param>
sealed record SamplePrompt(IReadOnlyList<int> Ids, Func<string, JsonObject> Line);

/// <summary>Prompts of a file: a text in each line, or <c>.jsonl</c> with a <c>prompt</c> or <c>messages</c> in each.</summary>
/// <param name="call">Who asks.</param>
/// <param name="model">Who answers.</param>
/// <param name="raw">Whether texts are gone on with, though the model knows turns.</param>
/// <param name="system">What the model is told first; null: nothing.</param>
sealed class SamplePrompts(CommandContext call, Pretrained model, bool raw, string? system)
{
    /// <summary>The prompts of a file.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="named">What named it.</param>
    /// <exception cref="CliError">It has none.</exception>
    public IReadOnlyList<SamplePrompt> Of(string file, string named)
    {
        var isJson = file.EndsWith("jsonl", StringComparison.OrdinalIgnoreCase);
        SamplePrompt[] all =
        [
            .. TextFile.LinesOf(new TextFile(call, file, named).Raw()).Index().Where(l => l.Item.Trim().Length > 0)
                .Select(l => isJson ? OfJson(file, l.Index + 1, l.Item) : OfText(l.Item)),
        ];
        return all.Length > 0 ? all : throw new CliError(7004, named, file);
    }

    /// <summary>A text from its beginning: the tokenizer's first token, else the one that ends a text before.</summary>
    /// <exception cref="CliError">It has neither.</exception>
    public SamplePrompt Beginning()
    {
        var special = model.Tokenizer.Special;
        var start = special.Bos ?? special.Eos ?? model.Text.Ends.Select(id => (int?)id).FirstOrDefault() ?? throw new CliError(2760);
        return new([start], text => new() { ["prompt"] = "", ["text"] = text });
    }

    SamplePrompt OfText(string text)
    {
        if (!raw && model.Text.HasTemplate) return Chat([.. Said(system), Message("user", text)]);
        return new(Prompts.Encode(model.Tokenizer, text, parseSpecial: raw), answer => new() { ["prompt"] = text, ["text"] = answer });
    }

    SamplePrompt OfJson(string file, int number, string line)
    {
        var at = call.Say.Text("line-of-file", file, number);
        var json = new JsonText(file, Encoding.UTF8.GetBytes(line)) { FirstLine = number }.ParseObject();
        if (json["messages"] is not JsonArray messages) return OfText(new JsonFields(json, at).RequiredText("prompt"));
        return Chat([.. messages.Any(m => m?["role"]?.ToString() == "system") ? [] : Said(system),
            .. messages.Select(m => m as JsonObject ?? throw new InvalidDataException($"{at}: a message is no object"))]);
    }

    SamplePrompt Chat(IReadOnlyList<JsonObject> messages)
    {
        if (!model.Text.HasTemplate) throw new CliError(2761);
        var conversation = new Conversation(model, call.Terminal.Clock);
        foreach (var m in messages)
        {
            var fields = new JsonFields(m, "messages");
            conversation.Messages.Add(new(fields.RequiredText("role"), fields.RequiredText("content")));
        }
        return new(conversation.Prompt(), answer =>
            new() { ["messages"] = messages.Append(Message("assistant", answer)).Select(m => m.DeepClone()).ToJson() });
    }

    static JsonObject[] Said(string? system) => system is null ? [] : [Message("system", system)];

    static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
