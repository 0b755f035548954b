using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>What is rare in chat templates, against what Jinja 3.1.6 writes in the environment of Transformers.</summary>
public sealed class JinjaBuiltinsTests
{
    static string Render(string template, TimeProvider? clock = null) =>
        ChatTemplate.Parse(template).Render([], clock ?? TemplateFixtureTests.Clock).Text;

    [Theory]
    [InlineData("{% set j = joiner(' | ') %}{{ j() }}a{{ j() }}b{{ j() }}c", "a | b | c")]
    [InlineData("{% set j = joiner() %}{{ j() }}a{{ j() }}b", "a, b")]
    [InlineData(
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set _ = c.reset() %}{{ c.current }}",
        "ababa")]
    [InlineData("{{ 'x' if joiner() is callable }}", "x")]
    public void Functions(string template, string expected) => Assert.Equal(expected, Render(template));

    const string Rows = "{% set rows = [{'k': 'b', 'v': 1}, {'k': 'A', 'v': 2}, {'k': 'a', 'v': 3}] %}";

    [Theory]
    [InlineData(Rows + "{% for k, l in rows|groupby('k') %}{{ k }}={{ l|map(attribute='v')|join(',') }};{% endfor %}", "A=2,3;b=1;")]
    [InlineData(
        Rows + "{% for g in rows|groupby('k', case_sensitive=true) %}{{ g.grouper }}={{ g.list|length }};{% endfor %}", "A=1;a=1;b=1;")]
    [InlineData("{{ [{'k': 1}]|groupby('k') }}", "[(1, [{'k': 1}])]")]
    [InlineData("{{ [{'k': 1}, {}]|groupby('k', default=0) }}", "[(0, [{}]), (1, [{'k': 1}])]")]
    public void Groups(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("'the quick brown fox jumps over the lazy dog'|wordwrap(10)", "the quick\nbrown fox\njumps over\nthe lazy\ndog")]
    [InlineData(
        "'a-well-known fact--that extraordinarily longwordhere x'|wordwrap(8)",
        "a-well-\nknown\nfact--\nthat ext\nraordina\nrily lon\ngwordher\ne x")]
    [InlineData(
        "'a-well-known fact--that extraordinarily longwordhere x'|wordwrap(8, false)",
        "a-well-\nknown\nfact--\nthat\nextraordinarily\nlongwordhere\nx")]
    [InlineData(
        "'a-well-known fact--that extraordinarily longwordhere x'|wordwrap(8, true, '|', false)",
        "a-well-k|nown fac|t--that |extraord|inarily |longword|here x")]
    [InlineData("'a\\n\\nb  c \\r\\n  d   e'|wordwrap(4, wrapstring='|')", "a||b  c|  d|e")]
    [InlineData("''|wordwrap(5)", "")]
    public void Wrapping(string expression, string expected) => Assert.Equal(expected, Render("{{ " + expression + " }}"));

    [Theory]
    [InlineData("1", "1 Byte"), InlineData("0", "0 Bytes"), InlineData("999", "999 Bytes"), InlineData("1000", "1.0 kB"),
     InlineData("1500000", "1.5 MB"), InlineData("1e30", "1000000.0 YB"), InlineData("-5.7", "-5 Bytes"), InlineData("'42'", "42 Bytes"),
     InlineData("1250", "1.2 kB"), InlineData("1e400", "inf YB"), InlineData("999999", "1000.0 kB")]
    public void FileSizes(string bytes, string expected) => Assert.Equal(expected, Render("{{ (" + bytes + ")|filesizeformat }}"));

    [Theory]
    [InlineData("{{ 1024|filesizeformat(true) }}", "1.0 KiB")]
    [InlineData("<p{{ {'class': 'a b', 'id': none, 'x': nothing, 'q': '<\"'}|xmlattr }}>", "<p class=\"a b\" q=\"&lt;&#34;\">")]
    [InlineData("{{ {}|xmlattr }}{{ {'a': 1}|xmlattr(false) }}", "a=\"1\"")]
    [InlineData("{{ {'a b': 'c&d/ü', 'x': 1}|urlencode }}", "a+b=c%26d%2F%C3%BC&x=1")]
    [InlineData("{{ [('a', 1), ('b', 'c d')]|urlencode }} {{ 'a b/c~'|urlencode }} {{ 12|urlencode }}", "a=1&b=c+d a%20b/c~ 12")]
    [InlineData("{{ '<p>Hello &amp; <b>you</b>\n  there</p><!-- <x> -->'|striptags }}", "Hello & you there")]
    [InlineData("{{ ' a<!<!-- b -->-- c -->d &lt;e&#62; <f '|striptags }}", "ad <e> <f")]
    [InlineData("{{ []|random }}|{{ [7]|random }}|{{ ''|random }}", "|7|")]
    public void OtherFilters(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{'b': 1, 'a': [1, 2]}", "{'a': [1, 2], 'b': 1}")]
    [InlineData("{1: 2, 'a': 3, none: 4}", "{None: 4, 1: 2, 'a': 3}")]
    [InlineData("'x'", "'x'"), InlineData("(1,)", "(1,)"), InlineData("range(60)", "range(0, 60)")]
    [InlineData(
        "'word ' * 30",
        "('word word word word word word word word word word word word word word word '\n"
        + " 'word word word word word word word word word word word word word word word ')")]
    [InlineData(
        "{'a': 'x' * 40, 'b': {'c': 'y' * 40, 'd': 'z' * 45}}",
        "{'a': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n 'b': {'c': 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',\n"
        + "       'd': 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'}}")]
    [InlineData(
        "{'k': ('one two three ' * 8,)}",
        "{'k': ('one two three one two three one two three one two three one two three '\n"
        + "       'one two three one two three one two three ',)}")]
    [InlineData("['l\\nline two\\n' * 6, 1]", "['l\\n'\n 'line two\\n'\n 'l\\n'\n 'line two\\n'\n 'l\\n'\n 'line two\\n'\n 'l\\n'\n"
        + " 'line two\\n'\n 'l\\n'\n 'line two\\n'\n 'l\\n'\n 'line two\\n',\n 1]")]
    public void PrettyPrints(string value, string expected) => Assert.Equal(expected, Render("{{ (" + value + ")|pprint }}"));

    [Theory]
    [InlineData("{% set x = 't' %}{% block b %}[{{ x }}]{% set x = 'in' %}{{ x }}{% endblock %}{{ x }}{{ self.b() }}", "[t]int[t]in")]
    [InlineData("{% for i in [1, 2] %}{% block b %}<{{ i }}>{% endblock %}{% endfor %}", "<><>")]
    [InlineData("{% for i in [1, 2] %}{% block b scoped %}<{{ i }}>{% endblock b %}{% endfor %}", "<1><2>")]
    [InlineData("{% block a %}1{% block b %}2{% endblock %}3{% endblock %}{{ self.b() }}", "1232")]
    [InlineData("{% if false %}{% block a %}x{% endblock %}{% endif %}y", "y")]
    public void Blocks(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ '<' }}<{{ '<'|safe }}{{ '<' ~ '>' }}{{ '<'|safe ~ '>' }}", "&lt;<<&lt;&gt;<&gt;")]
    [InlineData("{{ ['<', '>']|join('&') }}{{ ['<'|safe, '>']|join('&') }}", "&lt;&amp;&gt;<&amp;&gt;")]
    [InlineData("{{ {'a': '<'}|tojson }}{{ 5 }}{{ none }}{{ ['<'] }}", "{&#34;a&#34;: &#34;&lt;&#34;}5None[&#39;&lt;&#39;]")]
    [InlineData("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('<') }}", "<&lt;>")]
    [InlineData("{% macro m() %}{{ caller('<') }}{% endmacro %}{% call(x) m() %}<{{ x }}{% endcall %}", "<&lt;")]
    [InlineData("{% set s %}<{{ '<' }}{% endset %}{{ s }}{% filter upper %}<{{ '<a' }}{% endfilter %}", "<&lt;<&LT;A")]
    [InlineData("{{ {'a': '<'}|xmlattr }}", " a=\"&lt;\"")]
    [InlineData("{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}", "<&lt;")]
    public void Escaping(string inside, string expected) =>
        Assert.Equal(expected + "<", Render("{% set on = true %}{% autoescape on %}" + inside + "{% endautoescape %}{{ '<' }}"));

    [Theory]
    [InlineData("{% macro m(x) %}<{{ x }}>{% endmacro %}{% autoescape true %}{{ m('<') }}{% endautoescape %}{{ m('<') }}", "<<><<>")]
    [InlineData("{% autoescape true %}{% block a %}{{ '<' }}{% endblock %}{{ self.a() }}{% endautoescape %}", "<<")]
    [InlineData("{% autoescape true %}{% set x = 1 %}{% endautoescape %}{{ x }}", "")]
    public void EscapingGoesByPlace(string template, string expected) => Assert.Equal(expected, Render(template));

    /// <summary>Nothing is ambient: who stands the clock still gets the same chance.</summary>
    [Fact]
    public void ChanceFollowsFromTheClock()
    {
        const string template = "{{ lipsum() }}{{ range(1000)|random }}";
        Assert.Equal(Render(template), Render(template));
        Assert.NotEqual(Render(template), Render(template, new FixedClock(new(2026, 7, 1, 9, 30, 1, TimeSpan.Zero))));
        Assert.Matches("^<p>[A-Z][a-z]+ .*\\.</p>(\n<p>.*\\.</p>){4}$", Render("{{ lipsum() }}"));
        Assert.Matches("^[A-Z][a-z]+ [a-z]+ [a-z]+\\.\n\n[A-Z][a-z]+ [a-z]+ [a-z]+\\.$", Render("{{ lipsum(2, false, 3, 4) }}"));
        Assert.Equal("|", Render("{{ lipsum(0) }}|"));
    }

    [Theory]
    [InlineData(
        "{{ 0.000001 }} {{ 0.000001|tojson }} {{ 1e16 }} {{ 1e15 }} {{ 1.0 }} {{ -0.0 }}",
        "1e-06 1e-06 1e+16 1000000000000000.0 1.0 -0.0")]
    [InlineData("{{ 1e400|tojson }} {{ -1e400|tojson }} {{ (1e400-1e400)|tojson }} {{ 1e400 }}", "Infinity -Infinity NaN inf")]
    [InlineData(
        "{{ 1e22 }} {{ 123456789012345680.0 }} {{ 0.0001 }} {{ 1.5e-7 }} {{ 5e-324 }}",
        "1e+22 1.2345678901234568e+17 0.0001 1.5e-07 5e-324")]
    [InlineData(
        "{{ '%.1f'|format(0.25) }} {{ '%.2f'|format(0.125) }} {{ '%.0f'|format(2.5) }} {{ '%.3e'|format(1.0005) }}",
        "0.2 0.12 2 1.000e+00")]
    [InlineData(
        "{{ 0.125|round(2) }} {{ 2.5|round }} {{ 2.675|round(2) }} {{ 25.0|round(-1) }} {{ 35.0|round(-1) }}",
        "0.12 2.0 2.67 20.0 40.0")]
    [InlineData("{{ '%#.0f %#.1g %#.2g %#.0e'|format(3, 2e18, 9.9995, 2) }} {{ '%#.4g'|format(3805.55) }}", "3. 2.e+18 10. 2.e+00 3806.")]
    [InlineData("{{ '%.25f'|format(0.1) }} {{ '%.20e'|format(0.1) }} {{ '%g'|format(0.00001) }} {{ '%.2g'|format(2.5) }}",
        "0.1000000000000000055511151 1.00000000000000005551e-01 1e-05 2.5")]
    public void Floats(string template, string expected) => Assert.Equal(expected, Render(template));
}
