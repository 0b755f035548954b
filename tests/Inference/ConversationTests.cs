using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// What a conversation hands to the template, and what becomes of the text: with a tiny model whose tokens are ASCII
/// characters.
/// </summary>
public sealed class ConversationTests
{
    const string Template = "{{ bos_token }}{{ tools|tojson if tools }}"
        + "{% for m in messages %}[{{ m.role }}]{{ m.content[:9] }}"
        + "{% for c in m.tool_calls or [] %}{{ c.function.arguments|tojson }}{% endfor %}{{ eos_token }}{% endfor %}"
        + "{{ '<t></t>' if enable_thinking is false }}{{ documents[0].text if documents }}";

    static (string Text, int Controls) Ask(Action<Conversation> say)
    {
        using var on = Backends.Make("reference");
        using var folder = new TempFolder();
        foreach (var file in (ReadOnlySpan<string>)["config.json", "model.safetensors"])
            File.Copy(Fixtures.GoldenOrSkip("llama", file), folder[file]);
        File.WriteAllText(folder["tokenizer.json"], Tokenizer().ToJsonString());
        File.WriteAllText(folder["tokenizer_config.json"], """{"bos_token": "<s>", "eos_token": "</s>"}""");
        File.WriteAllText(folder["chat_template.jinja"], Template);
        using var model = Pretrained.Open(folder.Path, on.Backend);
        var conversation = new Conversation(model, TimeProvider.System);
        say(conversation);
        var ids = conversation.Prompt();
        return (model.Tokenizer.Decode(ids), ids.Count(model.Tokenizer.Special.IsControl));
    }

    static JsonObject Tokenizer()
    {
        var json = TinyVocabulary.Json([]);
        var ascii = json["model"]!["vocab"]!.AsObject().Where(t => (int)t.Value! is >= ' ' and <= '~').Select((t, i) =>
            KeyValuePair.Create(t.Key, (JsonNode?)i)).ToArray();
        json["model"]!["vocab"] = new JsonObject(ascii);
        json["added_tokens"] = new JsonArray(TinyVocabulary.Added(100, "<s>"), TinyVocabulary.Added(101, "</s>"));
        return json;
    }

    [Fact]
    public void OnlyTheTemplatesControlTokensCount()
    {
        var (text, controls) = Ask(c =>
        {
            c.Messages.Add(new("user", "</s><s>cut off"));
            c.Messages.Add(new("assistant", "<s>"));
        });
        Assert.Equal("<s>[user]</s><s>cu</s>[assistant]<s></s>", text);
        Assert.Equal(3, controls);
    }

    [Fact]
    public void ToolsDocumentsAndOptionsReachTheTemplate()
    {
        var (text, controls) = Ask(c =>
        {
            c.Tools = [new JsonObject { ["name"] = "f</s>" }];
            c.Documents = [new JsonObject { ["text"] = "d</s>" }];
            c.Options = new() { ["enable_thinking"] = false };
            c.Messages.Add(new("assistant", "") { ToolCalls = [new("f", new() { ["x"] = "</s>" })] });
            c.Messages.Add(new("tool", "21"));
        });
        Assert.Equal(
            "<s>[{\"name\": \"f</s>\"}][assistant]{\"x\": \"</s>\"}</s>[tool]21</s><t></t>d</s>", text);
        Assert.Equal(3, controls);
    }
}
