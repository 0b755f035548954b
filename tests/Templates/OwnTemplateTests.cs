using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// Four templates written for these tests, their texts worked out by hand: a fresh clone without the shared fixtures
/// proves the interpreter by them.
/// </summary>
public sealed class OwnTemplateTests
{
    static readonly TimeProvider clock = new FixedClock(new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));

    /// <summary>Role headers, a default system message, white space trimmed at the tags.</summary>
    const string Headers = """
        {%- if messages[0].role != 'system' %}
        {{- '[system]\nBe kind.[end]\n' }}
        {%- endif %}
        {%- for message in messages %}
            {{- '[' + message.role + ']\n' + message.content | trim + '[end]' + '\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '[assistant]\n' }}
        {%- endif %}
        """;

    /// <summary>Turns that must alternate, the system message folded into the first of them.</summary>
    const string Alternating = """
        {{ bos_token }}{% set ns = namespace(system='') %}
        {% for m in messages %}
          {% if m.role == 'system' %}
            {% set ns.system = m.content ~ ' ' %}
            {% continue %}
          {% endif %}
          {% if loop.previtem is defined and loop.previtem.role == m.role %}
            {{ raise_exception('two turns of ' ~ m.role ~ ' in a row') }}
          {% endif %}
          {% if m.role == 'user' %}<u>{{ ns.system }}{{ m['content'] }}</u>{% set ns.system = '' %}{%
            else %}<a>{{ m['content'] }}{{ eos_token }}{% endif %}

        {% endfor %}
        """;

    /// <summary>Tools described by a macro, sorted, and calls written as JSON.</summary>
    const string Tools = """
        {%- macro signature(tool) -%}
        {{ tool.name }}({% for name, p in tool.parameters.properties | dictsort %}{{ name }}{{
            '?' if name not in tool.parameters.required }}: {{ p.type }}{{ ', ' if not loop.last }}{% endfor %})
        {%- endmacro -%}
        {% for t in tools or [] %}- {{ signature(t.function) }}
        {% endfor %}
        {% for m in messages %}
        {% for call in m.tool_calls or [] %}
        {{ m.role }} calls {{ call.function | tojson }}
        {% endfor %}
        {%- if m.content is string %}{{ m.role }}: {{ m.content }}{% elif m.content %}{{ m.role }}: {{
            m.content | selectattr('type', 'eq', 'text') | map(attribute='text') | join('|') }}{% endif %}

        {% endfor %}
        """;

    /// <summary>The date, a switch given by the caller, and a part cut off an earlier answer.</summary>
    const string Dated = """
        Today is {{ strftime_now('%-d %B %Y, %H:%M') }}.
        {% for m in messages -%}
        {%- set text = m.content.split('</think>')[-1].lstrip('\n') if '</think>' in m.content else m.content -%}
        {{ loop.index }}. {{ m.role.title() }}: {{ text }}
        {% endfor -%}
        {% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}
        """;

    static string Render(string template, ChatPrompt prompt) =>
        ChatTemplate.Parse(template.ReplaceLineEndings("\n")).Render(prompt, clock).Text;

    [Fact]
    public void HeadersWithADefaultSystemMessage() => Assert.Equal(
        "[system]\nBe kind.[end]\n[user]\nHi[end]\n[assistant]\nHello[end]\n[assistant]\n",
        Render(Headers, new([new("user", "  Hi "), new("assistant", "Hello\n")])));

    [Fact]
    public void HeadersWithASystemMessageAndNoAnswerToCome() => Assert.Equal(
        "[system]\n简短。[end]\n[user]\n你好🎉[end]\n",
        Render(Headers, new([new("system", "简短。"), new("user", "你好🎉")]) { AddGenerationPrompt = false }));

    [Fact]
    public void AlternatingTurns() => Assert.Equal(
        "<s><u>Be brief. a</u>\n<a>b</s>\n<u>c</u>\n",
        Render(Alternating, new([new("system", "Be brief."), new("user", "a"), new("assistant", "b"), new("user", "c")])
        {
            BosToken = "<s>",
            EosToken = "</s>",
        }));

    [Fact]
    public void ATemplateRefusesInItsOwnWords()
    {
        var e = Assert.Throws<TemplateException>(() => Render(Alternating, new([new("user", "a"), new("user", "b")])));
        Assert.Equal("two turns of user in a row", e.Message);
        Assert.True(e.RaisedByTemplate);
        Assert.Equal((8, 8), (e.Line, e.Column));
    }

    [Fact]
    public void ToolsAndCalls()
    {
        var tools = JsonNode.Parse("""
            [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
              "properties": {"unit": {"type": "string"}, "city": {"type": "string"}}, "required": ["city"]}}}]
            """)!.AsArray();
        var arguments = JsonNode.Parse("""{"city": "北京", "days": 2.0, "now": true, "unit": null}""")!.AsObject();
        var call = new ChatMessage("assistant", "")
        {
            ToolCalls = [new("weather", arguments)],
            More = new() { ["content"] = null },
        };
        var parts = JsonNode.Parse("""
            {"content": [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]}
            """)!.AsObject();
        Assert.Equal(
            "- weather(city: string, unit?: string)\n"
            + "user: a|b\n"
            + "assistant calls {\"name\": \"weather\", "
            + "\"arguments\": {\"city\": \"北京\", \"days\": 2.0, \"now\": true, \"unit\": null}}\n\n"
            + "tool: sunny\n",
            Render(Tools, new([new("user", "") { More = parts }, call, new("tool", "sunny")]) { Tools = tools }));
    }

    [Fact]
    public void TheDateAndASwitch()
    {
        ChatMessage[] messages = [new("user", "Hi"), new("assistant", "<think>\nhm\n</think>\n\nHo")];
        const string Turns = "Today is 3 February 2026, 04:05.\n1. User: Hi\n2. Assistant: Ho\n";
        Assert.Equal(Turns, Render(Dated, new(messages)));
        Assert.Equal(Turns + "<think></think>", Render(Dated, new(messages) { Variables = new() { ["enable_thinking"] = false } }));
    }

    [Fact]
    public void FindsTheEndOfATurn()
    {
        Assert.Equal("[end]", ChatTemplate.Parse(Headers).EndOfTurn(clock));
        Assert.Equal("</s>", ChatTemplate.Parse(Alternating).EndOfTurn(clock, "<s>", "</s>"));
        Assert.Null(ChatTemplate.Parse(Dated).EndOfTurn(clock));
        Assert.Null(ChatTemplate.Parse("{{ raise_exception('no') }}").EndOfTurn(clock));
        Assert.Null(ChatTemplate.Parse("nothing is said").EndOfTurn(clock));
    }
}
