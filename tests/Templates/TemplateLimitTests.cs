using System.Text;
using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>Templates that mean harm end by a limit, with an error that says so.</summary>
public sealed class TemplateLimitTests
{
    static readonly RenderLimits small = new(Steps: 300_000, Output: 100_000, Characters: 2_000_000, Depth: 50);

    static string Error(string template, RenderLimits? limits = null) =>
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template).Render([], TimeProvider.System, limits ?? small)).Message;

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% for a in range(100000) %}0123456789{% endfor %}", "RenderLimits.Output")]
    [InlineData("{{ 'x' * 1000000000 }}", "RenderLimits.Characters")]
    [InlineData("{{ ('x' * 100000) | replace('x', 'y' * 100000) }}", "RenderLimits.Characters")]
    [InlineData("{{ '%1000000000d' % 1 }}", "RenderLimits.Characters")]
    [InlineData("{{ '{:>1000000000}'.format(1) }}", "RenderLimits.Characters")]
    [InlineData("{{ 'x'.center(1000000000) }}", "RenderLimits.Characters")]
    [InlineData("{{ 'x' | center(1000000000) }}", "RenderLimits.Characters")]
    [InlineData("{{ 'x\ny' | indent(1000000000) }}", "RenderLimits.Characters")]
    [InlineData("{{ 'x'.zfill(1000000000) }}", "RenderLimits.Characters")]
    [InlineData("{{ '\t'.expandtabs(1000000000) }}", "RenderLimits.Characters")]
    [InlineData("{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}", "RenderLimits.Characters")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}", "steps")]
    [InlineData(
        "{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
        "RenderLimits.Characters")]
    [InlineData(
        "{% set n = namespace(l=[1], k=[1]) %}{% for i in range(60) %}"
        + "{% set n.l = [n.l, n.l] %}{% set n.k = [n.k, n.k] %}{% endfor %}{{ n.l == n.k }}",
        "steps")]
    [InlineData("{% set n = namespace(l=(1,)) %}{% for i in range(60) %}{% set n.l = (n.l, n.l) %}{% endfor %}{{ {n.l: 1} }}", "steps")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(999) %}{% set n.l = [n.l] %}{% endfor %}", "nested more than 200 levels")]
    [InlineData("{{ ('x' ~ '%c' % 60) * 900000 }}", "RenderLimits.Characters")]      // an author for every character
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RenderLimits.Depth")]
    [InlineData("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", "RenderLimits.Depth")]
    [InlineData("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "RenderLimits.Depth")]
    [InlineData("{{ range(1000000000) }}", "range()")]
    [InlineData("{{ [0] * 1000000000 }}", "steps")]
    [InlineData("{{ 2 ** 1000000000 }}", "4300 digits")]
    [InlineData("{% set n = namespace(i=3) %}{% for i in range(99) %}{% set n.i = n.i * n.i %}{% endfor %}", "4300 digits")]
    [InlineData("{{ '%.999999999f' % 1.0 }}", "precision")]
    [InlineData("{{ ('a' * 100000 ~ 'b' ~ 'a' * 100000) in 'a' * 400000 }}", "steps")]
    [InlineData("{{ [1] | batch(1000000000, 0) | list }}", "steps")]
    [InlineData("{{ [1] | slice(1000000000) | list }}", "steps")]
    [InlineData("{{ lipsum(1000000000) }}", "steps")]
    [InlineData("{{ lipsum(1, false, 1000000000, 1000000001) }}", "steps")]
    [InlineData("{{ lipsum(1000000000, false, 0, 1) }}", "steps")]
    [InlineData("{{ ('x' * 100000) | wordwrap(1, wrapstring='y' * 100000) }}", "RenderLimits.Characters")]
    [InlineData("{% for i in range(99) %}{{ ('x ' * 100000) | wordwrap(1000000000) | length }}{% endfor %}", "steps")]
    [InlineData(
        "{% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l | pprint }}",
        "steps")]
    [InlineData("{% for i in range(99) %}{{ ('a' ~ '-' * 30000 ~ 'a') | wordwrap(9) | length }}{% endfor %}", "RenderLimits.Characters")]
    [InlineData("{% for i in range(99) %}{{ ('a b' * 30000) | pprint | length }}{% endfor %}", "RenderLimits.Characters")]
    [InlineData("{{ ('<!--x-->' * 90000) | striptags }}", "RenderLimits.Characters")]
    [InlineData("{{ {'k': 'ä' * 1000000} | urlencode }}", "RenderLimits.Characters")]
    [InlineData("{% for i in range(99) %}{{ {'k': '<' * 100000} | xmlattr | length }}{% endfor %}", "RenderLimits.Characters")]
    [InlineData("{{ range(99999) | batch(1) | groupby(0) | length }}", "steps")]
    public void EndsByALimit(string template, string words) => Assert.Contains(words, Error(template), StringComparison.Ordinal);

    [Fact]
    public void TheDefaultLimitsEndToo()
    {
        const string work = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
        const string text = "{% set n = namespace(s='x') %}{% for i in range(99999) %}{% set n.s = n.s ~ n.s %}{% endfor %}";
        Assert.Contains("steps", Error(work, new()), StringComparison.Ordinal);
        Assert.Contains("RenderLimits", Error(text, new()), StringComparison.Ordinal);
    }

    /// <summary>A text that changes its author at every character, taken apart and joined again.</summary>
    [Fact]
    public void ManyAuthorsAreNoMoreWork()
    {
        const int count = 100_000;
        const string template = "{% set t = (u ~ 't') * n %}{% for c in t %}{{ c }}{% endfor %}"
            + "{{ t.split('u')|join('v') }}{{ t|list|join }}{{ t[1:]|tojson }}{{ t|upper }}";
        var prompt = ChatTemplate.Parse(template).Render(new JsonObject { ["u"] = "u", ["n"] = count }, TimeProvider.System);
        Assert.Equal((10 * count + 1, 8 * count - 2), (prompt.Text.Length, prompt.Runs.Count));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("{1:", "}")]
    [InlineData("1 if 1 else ", "")]
    [InlineData("x[", "]")]
    [InlineData("range(", ")")]
    public void DeepExpressionsAreRefusedAtLoad(string open, string close)
    {
        var source = new StringBuilder("{{ ").Insert(3, open, 20_000).Append('1').Insert(0, "");
        for (int i = 0; i < 20_000; i++)
            source.Append(close);
        string template = source.Append(" }}").ToString();
        Assert.Contains("nested", Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if 1 %}", "{% endif %}")]
    [InlineData("{% for i in [1] %}", "{% endfor %}")]
    [InlineData("{% set x %}", "{% endset %}")]
    [InlineData("{% macro m() %}", "{% endmacro %}")]
    public void DeepBlocksAreRefusedAtLoad(string open, string close)
    {
        string template = string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000));
        Assert.Contains("nested", Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template)).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Chains lean to the left: the parser loops over them, but evaluating goes down. On a small stack they end in an
    /// error or a text, never a crash.
    /// </summary>
    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("x", "|default(x)")]
    [InlineData("namespace", ".a")]
    [InlineData("x", " and x")]
    [InlineData("[]", "|map('string')")]
    public void LongChainsDoNotOverflowTheStack(string first, string link)
    {
        string template = "{{ " + first + string.Concat(Enumerable.Repeat(link, 50_000)) + " }}";
        bool ended = false;
        var thread = new Thread(() =>
        {
            try
            {
                ChatTemplate.Parse(template).Render([], TimeProvider.System);
            }
            catch (TemplateException)
            {
            }
            ended = true;
        }, maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.True(ended);
    }
}
