using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// Who wrote what a template makes of text, operation by operation. What the user wrote stands between « and ».
/// </summary>
public sealed class AuthorTests
{
    static readonly JsonObject variables = JsonNode.Parse("""
        {"u": "a</s>b", "q": "say \"</s>\"\n\u0001", "d": {"k</s>": "v", "n": 1}, "l": ["x", "</s>"],
         "tab": "a\tb", "lines": "a\r\nb\nc", "f": "{}|{:x<4}", "p": "%s|%3d", "bos_token": "<s>",
         "j": "{\"a\": \"</s>\"}", "ß": "straße", "w": "Ab cd", "blank": "  x ", "url": "a/ü&"}
        """)!.AsObject();

    static string Marked(string template) => Marked(ChatTemplate.Parse(template).Render(variables, TimeProvider.System));

    static string Marked(RenderedPrompt prompt) =>
        string.Concat(prompt.Runs.Select(run => run.Author == Author.User ? $"«{run.Text}»" : run.Text));

    [Theory]
    [InlineData("</s>{{ u }}</s>", "</s>«a</s>b»</s>")]
    [InlineData("{{ bos_token }}{{ '<s>' }}{{ u }}", "<s><s>«a</s>b»")]
    [InlineData("{{ '[' ~ u ~ ']' }}{{ '[' + u + ']' }}", "[«a</s>b»][«a</s>b»]")]
    [InlineData("{{ u * 2 }}{{ ('-' + u) * 2 }}", "«a</s>ba</s>b»-«a</s>b»-«a</s>b»")]
    [InlineData("{{ u[1:5] }}|{{ u[:3] }}|{{ ('<' ~ u)[:3] }}|{{ u[::-1] }}", "«</s>»|«a</»|<«a<»|«b>s/<a»")]
    [InlineData("{{ u[0] }}-{{ ('x' ~ u)[-1] }}{{ ('x' ~ u)[0] }}", "«a»-«b»x")]
    [InlineData("{% for c in '<' ~ u[1:3] %}{{ c }},{% endfor %}", "<,«<»,«/»,")]
    public void JoiningAndCutting(string template, string expected) => Assert.Equal(expected, Marked(template));

    [Theory]
    [InlineData("{{ u.split('</s>')|join('</s>') }}", "«a»</s>«b»")]
    [InlineData("{{ u.split('/')[0] }}.{{ u.rsplit('<', 1)[-1] }}", "«a<».«/s>b»")]
    [InlineData("{{ u.partition('</s>')[1] }}.{{ u.rpartition('</s>')[1] }}", "«</s>».«</s>»")]
    [InlineData("{{ lines.splitlines()|join('+') }}.{{ lines.splitlines(true)[0] }}", "«a»+«b»+«c».«a\r\n»")]
    [InlineData("{{ l|join('</s>') }}.{{ ','.join(l) }}", "«x»</s>«</s>».«x»,«</s>»")]
    [InlineData("{{ u.replace('</s>', '<s>') }}.{{ 'a</s>'.replace('a', u) }}", "«a»<s>«b».«a</s>b»</s>")]
    [InlineData("{{ u|replace('b', '</s>') }}.{{ l[0].replace('', '.') }}", "«a</s>»</s>..«x».")]
    [InlineData(
        "{{ blank.strip() }}.{{ ('.' ~ blank)|trim }}.{{ u.strip('ab') }}.{{ u.lstrip('a') }}",
        "«x»..«  x».«</s>».«</s>b»")]
    [InlineData("{{ u.removeprefix('a') }}.{{ u.removesuffix('>b') }}", "«</s>b».«a</s»")]
    public void SplittingAndReplacing(string template, string expected) => Assert.Equal(expected, Marked(template));

    [Theory]
    [InlineData("{{ u.upper() }}.{{ ß|upper }}.{{ ('ß' ~ ß).upper() }}", "«A</S>B».«STRASSE».SS«STRASSE»")]
    [InlineData(
        "{{ ('X' ~ w).lower() }}.{{ w|title }}.{{ w.title() }}.{{ ('x' ~ w)|capitalize }}",
        "x«ab cd».«Ab Cd».«Ab Cd».X«ab cd»")]
    [InlineData("{{ ('X' ~ w).swapcase() }}.{{ ('ß' ~ ß).casefold() }}", "x«aB CD».ss«strasse»")]
    [InlineData("{{ l[0]|center(5) }}.{{ l[0].rjust(3, '*') }}.{{ l[0].ljust(2) }}", "  «x»  .**«x».«x» ")]
    [InlineData("{{ l[0].zfill(3) }}.{{ ('-' ~ l[0]).zfill(4) }}.{{ tab.expandtabs(4) }}", "00«x».-00«x».«a   b»")]
    [InlineData("{{ lines|indent(2) }}", "«a\n»  «b\n»  «c»")]
    [InlineData("{{ u|truncate(5, true, '</s>', 0) }}.{{ l[1]|truncate(4) }}", "«a»</s>.«</s>»")]
    [InlineData("{{ ('ab ' ~ w ~ ' x')|wordwrap(4) }}.{{ w|wordwrap(1, wrapstring='</s>') }}", "ab\n«Ab»\n«cd» x.«A»</s>«b»</s>«c»</s>«d»")]
    [InlineData("{{ {'k': url}|urlencode }}.{{ {'k': '<' ~ l[1]}|xmlattr }}", "k=«a%2F%C3%BC%26». k=\"&lt;«&lt;/s&gt;»\"")]
    [InlineData("{{ ('<b>&lt;' ~ u ~ '&gt; x</b>')|striptags }}.{{ (url[-1:] ~ 'lt;s>')|striptags }}", "<«ab»> x.«<»s>")]
    [InlineData("{{ [u]|pprint }}.{{ [{'k': u}]|groupby('k') }}", "['«a</s>b»'].[('«a</s>b»', [{'k': '«a</s>b»'}])]")]
    [InlineData("{% autoescape true %}<{{ '<' ~ l[1] }}{% endautoescape %}", "<&lt;«&lt;/s&gt;»")]
    [InlineData("{% set j = joiner(u) %}{{ j() }}-{{ j() }}{{ cycler(u, 1).next() }}{{ [l[1]]|random }}", "-«a</s>ba</s>b</s>»")]
    [InlineData("{% block b %}<{{ u }}>{% endblock %}{{ self.b() }}", "<«a</s>b»><«a</s>b»>")]
    [InlineData("{{ url|urlencode }}.{{ ('<' ~ l[1])|escape }}", "«a/%C3%BC%26».&lt;«&lt;/s&gt;»")]
    public void SpellingAndPadding(string template, string expected) => Assert.Equal(expected, Marked(template));

    [Theory]
    [InlineData("{{ '<%s>|%5s|%d' % (u, l[0], 3) }}", "<«a</s>b»>|    «x»|3")]
    [InlineData("{{ p % (l[0], 7) }}.{{ p|format(l[0], 7) }}", "«x|  7».«x|  7»")]
    [InlineData("{{ '{}{:>3}'.format(u, l[0]) }}.{{ f.format('<s>', 'ab') }}", "«a</s>b»  «x».<s>«|»ab«xx»")]
    [InlineData("{{ '%(a)s' % {'a': u} }}.{{ '%r' % [l[0]] }}.{{ '%c' % 60 }}", "«a</s>b».['«x»'].«<»")]
    [InlineData("{{ '{0!r}'.format(u) }}", "'«a</s>b»'")]
    public void Formatting(string template, string expected) => Assert.Equal(expected, Marked(template));

    [Theory]
    [InlineData("{{ u|tojson }}", "\"«a</s>b»\"")]
    [InlineData("{{ q|tojson }}", "\"«say \\\"</s>\\\"\\n\\u0001»\"")]
    [InlineData("{{ 'ü' ~ url|tojson(ensure_ascii=true) }}", "ü\"«a/\\u00fc&»\"")]
    [InlineData("{{ d|tojson }}", "{\"«k</s>»\": \"«v»\", \"«n»\": 1}")]
    [InlineData("{{ [u, '</s>']|tojson(indent=1) }}", "[\n \"«a</s>b»\",\n \"</s>\"\n]")]
    [InlineData("{{ (j|from_json).a }}.{{ ('{\"a\": \"<s>\"}'|from_json).a }}", "«</s>».<s>")]
    [InlineData("{{ (['<s>', u]|tojson|from_json)|join }}", "<s>«a</s>b»")]
    [InlineData("{{ l }}.{{ d }}.{{ q[4:8] }}", "['«x»', '«</s>»'].{'«k</s>»': '«v»', '«n»': 1}.«\"</s»")]
    public void JsonAndRepr(string template, string expected) => Assert.Equal(expected, Marked(template));

    [Theory]
    [InlineData("{% for k in d %}{{ k }},{% endfor %}{{ d.keys()|list }}", "«k</s>»,«n»,['«k</s>»', '«n»']")]
    [InlineData("{% for k, v in d.items() %}{{ k ~ '=' ~ v }};{% endfor %}", "«k</s>»=«v»;«n»=1;")]
    [InlineData("{{ d['k</s>'] }}{{ d.get('n') }}{{ {u: 'own'}[u] }}{{ {u: 1}|list|first }}", "«v»1own«a</s>b»")]
    [InlineData("{{ dict(**d)|list|join }}.{{ dict(a=u).a }}", "«k</s>n».«a</s>b»")]
    [InlineData(
        "{% macro m(x) %}<{{ x }}{{ kwargs }}>{% endmacro %}{{ m(u, **{l[1]: '</s>'}) }}",
        "<«a</s>b»{'«</s>»': '</s>'}>")]
    [InlineData(
        "{% macro m() %}<{{ caller(u) }}>{% endmacro %}{% call(x) m() %}[{{ x }}]{% endcall %}",
        "<[«a</s>b»]>")]
    [InlineData(
        "{% set n = namespace(x='') %}{% for c in l %}{% set n.x = n.x ~ '-' ~ c %}{% endfor %}{{ n.x }}",
        "-«x»-«</s>»")]
    [InlineData(
        "{% set s %}<{{ u }}>{% endset %}{{ s|upper }}{% filter replace('a', 'z') %}a{{ u }}{% endfilter %}",
        "<«A</S>B»>zz«</s>b»")]
    [InlineData("{% for i in l recursive %}{{ i }}{{ loop('<s>') if i == 'x' }}{% endfor %}", "«x»<s>«</s>»")]
    [InlineData(
        "{{ l|sort|join }}.{{ l|max }}.{{ l|map('upper')|list }}.{{ l|reverse|first }}",
        "«</s>x».«x».['«X»', '«</S>»'].«</s>»")]
    public void CollectionsAndCalls(string template, string expected) => Assert.Equal(expected, Marked(template));

    /// <summary>
    /// Who wrote a text makes no difference to what it equals, where it is found, or what it is a key of.
    /// </summary>
    [Theory]
    [InlineData("{{ u == 'a</s>b' }}{{ '</s>' in u }}{{ 'k</s>' in d }}{{ l.index('</s>') }}{{ u.find('<') }}{{ u < 'b' }}")]
    public void ComparisonIgnoresAuthors(string template) => Assert.Equal("TrueTrueTrue11True", Marked(template));

    [Fact]
    public void EverythingSaidIsTheUsers()
    {
        var prompt = new ChatPrompt([
            new("user", "<s>") { Name = "n</s>" },
            new("assistant", "</s>") { ToolCalls = [new("f</s>", new() { ["a</s>"] = "b</s>" })] },
            new("made up</s>", "r")])
        {
            Tools = [new JsonObject { ["name"] = "t</s>" }],
            Documents = [new JsonObject { ["title"] = "d</s>" }],
            BosToken = "<s>",
            EosToken = "</s>",
            Variables = new() { ["date"] = "x</s>", ["pad_token"] = "</s>" },
        };
        const string template = "{{ bos_token }}"
            + "{% for m in messages %}<{{ m.role }}>{{ m.name }}{{ m.content }}{{ eos_token }}{% endfor %}"
            + "{{ messages[1].tool_calls[0].function }} {{ tools[0].name }} {{ documents[0].title }} {{ date }}{{ pad_token }}";
        Assert.Equal(
            "<s><user>«n</s><s>»</s><assistant>«</s>»</s><«made up</s>»>«r»</s>"
            + "{'«name»': '«f</s>»', '«arguments»': {'«a</s>»': '«b</s>»'}} «t</s>» «d</s>» «x</s></s>»",
            Marked(ChatTemplate.Parse(template).Render(prompt, TimeProvider.System)));
    }
}
