using Dayu.Hub;
using Dayu.Templates;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Which pieces of a conversation are learnt: several turns, tools, templates that write earlier turns otherwise.</summary>
public sealed class LearntTokensTests : IDisposable
{
    const string Turns = """
        {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},
         {"role": "tool", "content": "c"}, {"role": "assistant", "content": "d"}], "tools": [{"name": "look"}]}
        """;

    readonly TinyRun tiny = new();

    IReadOnlyList<IReadOnlyList<LearntPiece>> Pieces(string template, string line = Turns)
    {
        var tokenizer = TokenizerFiles.Open(tiny.Begun("run", ["abcds tools look: system user tool assistant[]{}\""]).TokenizerPath);
        return LearntTokens.Of(tokenizer, ChatTemplate.Parse(template), line);
    }

    [Fact]
    public void AnswersAreLearntAndNothingElse()
    {
        var pieces = Assert.Single(Pieces(TinyRun.Template));
        Assert.Equal(["b</s>", "d</s>"], pieces.Where(p => p.IsLearnt).Select(p => p.Text));
        Assert.Equal("<s>system: s</s>\n<s>user: a</s>\n<s>assistant: ", pieces[0].Text);
        Assert.Equal("<s>system: s</s>\n<s>user: a</s>\n<s>assistant: b</s>\n<s>tool: c</s>\n<s>assistant: d</s>\n",
            string.Concat(pieces.Select(p => p.Text)));
        Assert.Equal(2, pieces[1].Tokens);
    }

    [Fact]
    public void ToolsAreReadOnly()
    {
        var pieces = Assert.Single(Pieces("tools: {{ tools[0].name }}\n" + TinyRun.Template));
        Assert.StartsWith("tools: look\n", pieces[0].Text, StringComparison.Ordinal);
        Assert.False(pieces[0].IsLearnt);
    }

    /// <summary>Earlier answers are left out once there is a later one: each is a sequence of its own.</summary>
    [Fact]
    public void EachAnswerIsASequenceWhereTheTemplateForgets()
    {
        const string forgets = "{% for m in messages %}{% if m.role != 'assistant' or loop.last %}"
            + "<s>{{ m.role }}: {{ m.content }}</s>\n{% endif %}{% endfor %}{% if add_generation_prompt %}<s>assistant: {% endif %}";
        Assert.Equal(["b</s>", "d</s>"], Pieces(forgets).Select(s => s.Single(p => p.IsLearnt).Text));
    }

    [Theory]
    [InlineData("""{"messages": [{"content": "a"}]}""", "no messages")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}]}""", "assistant says nothing")]
    [InlineData("", "empty")]
    public void WhatIsNoConversationIsTold(string line, string said) =>
        Throws.Saying<InvalidDataException>(said, () => Pieces(TinyRun.Template, line));

    [Fact]
    public void ATemplateWithoutAPlaceForTheAssistantIsTold() => Throws.Saying<InvalidDataException>(
        "leaves out what the assistant says in message 3",
        () => Pieces("{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}"));

    public void Dispose() => tiny.Dispose();
}
