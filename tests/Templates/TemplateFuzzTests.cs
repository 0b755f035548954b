using System.Text;
using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// Broken and shuffled templates: whatever they are, they render or throw <see cref="TemplateException"/>, within their
/// limits.
/// </summary>
public sealed class TemplateFuzzTests
{
    static readonly RenderLimits limits = new(Steps: 20_000, Output: 20_000, Characters: 200_000, Depth: 30);

    static readonly string[] seeds =
    [
        "{% for m in messages %}{{ '<|' ~ m.role ~ '|>\\n' + m['content'] | trim }}"
            + "{% if loop.last and add_generation_prompt %}{{- 'a' }}{% endif %}{% endfor %}",
        "{%- macro f(a, b='x', *c) -%}{{ a }}{{ b|upper }}{{ caller() if caller }}{%- endmacro -%}"
            + "{% call f(1, b=messages[0].role) %}z{% endcall %}",
        "{%- macro f(a, b='x') -%}{{ a }}{{ b|upper }}{{ caller() }}{%- endmacro -%}"
            + "{% call f(1, b=messages[0].role) %}z{% endcall %}",
        "{% set ns = namespace(a=[], b=1) %}{% for k, v in d.items() %}{% set ns.b = ns.b * 2 + k|length %}"
            + "{% set ns.a = ns.a + [v] %}{% endfor %}{{ ns.a|tojson(indent=2) }}{{ ns.b ** 3 // 7 % 5 }}",
        "{{ messages|selectattr('role', 'equalto', 'user')|map(attribute='content')|list|sort|unique|join(', ') }}"
            + "{{ '%5.2f|%s' % (1.5, none) }}{{ '{:>{}}'.format(1) }}",
        "{{ s[::-1][1:3] }}{{ s.split(' ', 1)[-1].replace('o', '0').center(20, '*') }}"
            + "{{ s.find('w') if 'w' in s else d.get('x', {})['y'] }}{% raw %}{{ }}{% endraw %}{# c #}",
        "{% for i in range(5) if i is odd %}{% if i > 3 %}{% break %}{% else %}{% continue %}{% endif %}"
            + "{{ i }}{% else %}none{% endfor %}{% filter indent(2) %}a\nb{% endfilter %}",
        "{% block b scoped %}{% autoescape true %}{{ s|wordwrap(3)|pprint }}{{ d|urlencode }}{% endautoescape %}"
            + "{% endblock %}"
            + "{% set c = cycler(1, s) %}{{ c.next() }}{{ self.b() }}{{ lipsum(1)|groupby(0)|list }}{{ d|xmlattr }}"
            + "{{ s|tojson|from_json }}",
        "{% with a = 1, b = [1, 2.5e3, 'x', true] %}{% set c %}{{ b[a] }}{% endset %}{{ (c, a)|list }}"
            + "{{ strftime_now('%Y-%j %-d') }}{% endwith %}{{ raise_exception('r') if d is mapping }}",
    ];

    static readonly string[] pieces =
    [
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", " if ", " else ", " for ", " in ", " not ", " is ", "set ",
        "endif", "endfor", "loop", "messages", "d", "s", "|", ".", ",", "(", ")", "[", "]", "{", "}", "'", "\"",
        "\\", "\\x", "\n", "0", "-1", "1e308", "99999999999999999999", "**", "//", "%", "~", "+", "*", ":", "=",
        "==", "<", "none", "true", "namespace()", "range(9)", "|list", "|tojson", "|length", "|join", "|map('int')",
        "|batch(0)", "|slice(3)", "|round(-3)", "|truncate(3)", "|int(0,99)", ".format(s)", ".split()", ".items()",
        "[::-1]", "[-9:9:-2]", "is divisibleby 0", "is in d", "🎉", "\ud83d", "\0", "é",
    ];

    static readonly JsonObject variables = JsonNode.Parse("""
        {"messages": [{"role": "user", "content": " Hi 🎉 "},
          {"role": "assistant", "content": null, "n": [1, 2.5, {"a": []}]}], "add_generation_prompt": true,
         "s": "hello wörld", "d": {"a": 1, "b": {"c": "x"}, "items": "i"}}
        """)!.AsObject();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MutatedTemplatesThrowNothingElse(int seed)
    {
        var random = new Random(seed);
        int rendered = 0;
        for (int i = 0; i < 2_000; i++)
        {
            string template = Mutate(random);
            try
            {
                ChatTemplate.Parse(template).Render(variables, TimeProvider.System, limits);
                rendered++;
            }
            catch (TemplateException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"{e.GetType().Name}: {e.Message}\n{template}\n{e.StackTrace}");
            }
        }
        Assert.InRange(rendered, 50, 1_950);                                // both kinds must really occur
    }

    static string Mutate(Random random)
    {
        var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            int at = random.Next(text.Length + 1), length = Math.Min(random.Next(6), text.Length - at);
            string other = seeds[random.Next(seeds.Length)];
            int from = random.Next(other.Length);
            switch (random.Next(5))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, pieces[random.Next(pieces.Length)]); break;
                case 2: text.Remove(at, length).Insert(at, pieces[random.Next(pieces.Length)]); break;
                case 3: text.Insert(at, other.AsSpan(from, random.Next(other.Length - from))); break;
                default: text.Insert(at, text.ToString(at, length)); break;
            }
        }
        return text.ToString();
    }

    /// <summary>
    /// Every filter, test and method with arguments of every type: each gives a value or a template's error.
    /// </summary>
    [Fact]
    public void EveryOperationTakesEveryType()
    {
        string[] values =
        [
            "q", "none", "true", "-3", "2.5", "1e400", "'a é🎉'", "''", "[1,'b',none]", "[]", "(1,)", "{'a': [1]}",
            "{}", "range(3)", "d.items()", "[2,1]|map('string')", "range", "namespace(a=1)", "('<'|safe)", "cycler(1)", "joiner()",
        ];
        string[] filters =
        [
            "abs", "attr", "batch", "capitalize", "center", "count", "default", "dictsort", "escape", "first",
            "float", "format", "from_json", "indent", "int", "items", "join", "last", "length", "list", "lower",
            "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select",
            "selectattr", "slice", "sort", "string", "sum", "title", "tojson", "trim", "truncate", "unique", "upper",
            "urlencode", "wordcount", "wordwrap", "striptags", "xmlattr", "pprint", "filesizeformat", "groupby", "random",
        ];
        string[] tests =
        [
            "defined", "none", "odd", "even", "divisibleby", "sameas", "in", "eq", "lt", "ge", "sequence",
            "iterable", "callable", "lower", "escaped", "filter", "number",
        ];
        string[] methods =
        [
            "upper", "strip", "split", "rsplit", "splitlines", "replace", "join", "format", "find", "rindex",
            "count", "center", "zfill", "startswith", "partition", "get", "items", "keys", "copy", "index", "append",
            "title", "expandtabs",
        ];
        string[] operators =
        [
            "+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and",
        ];
        var expressions = from a in values
                          from b in values
                          from e in filters.SelectMany(f => new[] { $"({a})|{f}", $"({a})|{f}({b})", $"({a})|{f}({b}, {b})" })
                              .Concat(tests.SelectMany(t => new[] { $"({a}) is {t}", $"({a}) is {t}({b})" }))
                              .Concat(methods.SelectMany(m => new[] { $"({a}).{m}()", $"({a}).{m}({b})", $"({a}).{m}({b}, {b})" }))
                              .Concat(operators.Select(o => $"({a}) {o} ({b})"))
                              .Append($"({a})[{b}]").Append($"({a})[{b}:{b}:{b}]")
                          select e;
        foreach (string expression in expressions.Distinct())
        {
            try
            {
                ChatTemplate.Parse("{% for i in [1] %}{{ " + expression + " }}{% endfor %}").Render(variables, TimeProvider.System, limits);
            }
            catch (TemplateException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"{expression}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}");
            }
        }
    }
}
