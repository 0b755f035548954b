namespace Dayu.Tests;

/// <summary>
/// Writes templates by chance that do to text all that a template can do. <c>said</c> and <c>parts</c> (a list) hold
/// what the user wrote, <c>known</c> (a dict) too.
/// </summary>
/// <param name="random">Chance.</param>
/// <param name="own">What the template writes; without quotes, braces, backslashes and percent signs.</param>
/// <param name="sought">What it looks for, and never writes.</param>
sealed class RandomTemplate(Random random, string[] own, string[] sought)
{
    const string Macros = "{% macro both(a, b='') %}{{ a }}{{ b }}{{ kwargs if kwargs }}{% endmacro %}"
        + "{% macro around(a) %}{{ a }}{{ caller(a) }}{{ a }}{% endmacro %}{% set n = namespace(x=said) %}";

    int blocks;

    public string Write() => Macros + Statements(3);

    string Statements(int depth) => string.Concat(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Statement(depth)));

    string Statement(int depth)
    {
        int kind = depth <= 0 ? random.Next(2) : random.Next(13);
        return kind switch
        {
            0 => Any(own),
            1 or 2 => "{{ " + Text(depth) + " }}",
            3 => "{% for c in " + Text(depth - 1) + " %}{{ c }}" + Any(own) + "{% endfor %}",
            4 => "{% for p in parts %}{{ p ~ " + Text(depth - 1) + " }}{% endfor %}",
            5 => "{% set s %}" + Statements(depth - 1) + "{% endset %}{{ s }}",
            6 => "{% filter " + Filter() + " %}" + Statements(depth - 1) + "{% endfilter %}",
            7 => "{% call(a) around(" + Text(depth - 1) + ") %}{{ a }}" + Any(own) + "{% endcall %}",
            8 => "{% set n.x = n.x[:40] ~ " + Text(depth - 1) + " %}{{ n.x }}",
            9 => "{% set j = joiner(" + Text(depth - 1) + ") %}{{ j() }}" + Any(own) + "{{ j() }}",
            10 => "{% block b" + ++blocks + " scoped %}" + Statements(depth - 1) + "{% endblock %}{{ self.b" + blocks + "() }}",
            11 => "{% autoescape true %}" + Statements(depth - 1) + "{% endautoescape %}",
            _ => "{% if " + Text(depth - 1) + " in " + Text(depth - 1) + " %}" + Statements(depth - 1) + "{% endif %}",
        };
    }

    string Filter() => Pick("upper", "indent(1)", "trim", "title", "wordwrap(5)", "replace('a', 'b')");

    /// <summary>An expression that is a string.</summary>
    string Text(int depth)
    {
        if (depth <= 0)
            return random.Next(5) switch { 0 or 1 => Quoted(own), 2 => "parts[0]", 3 => "known.ｋ", _ => "said" };
        string a = Text(depth - 1), b = Text(depth - 1);
        return random.Next(9) switch
        {
            0 => Joined(a, b),
            1 => Cut(a),
            2 => Replaced(a, b),
            3 => Spelled(a),
            4 => Formatted(a, b),
            5 => Written(a, b),
            6 => Listed(a, b),
            7 => Called(a, b),
            _ => Text(0),
        };
    }

    string Joined(string a, string b) => Pick(
        $"({a} ~ {b})", $"({a} + {b})", $"({a} * 2)", $"({a} ~ 1.5 ~ {b} ~ true)", $"[{a}, {b}]|join({Quoted(own)})",
        $"({a}).join([{b}, {b}])", $"(({a})|list|join({b}))", $"[{a}, {b}]|sum(start='')",
        $"({a} if {b} == {a} else {b})", $"({a} or {b})", $"[{a}, {b}]|max");

    string Cut(string a) => Pick(
        $"({a})[1:]", $"({a})[:-1]", $"({a})[::-1]", $"({a})[::2]", $"({a} ~ 'x')[0]",
        $"({a}).split({Quoted(sought)})[0]", $"({a}).split({Quoted(sought)})[-1]",
        $"({a}).rsplit({Quoted(sought)}, 1)[0]", $"({a}).split()|join", $"({a}).splitlines()|last|string",
        $"({a}).partition({Quoted(sought)})[1]", $"({a}).rpartition({Quoted(sought)})[2]",
        $"({a}).strip({Quoted(sought)})", $"({a})|trim", $"({a}).lstrip()", $"({a}).removeprefix({Quoted(sought)})",
        $"({a}).removesuffix({Quoted(sought)})", $"({a})|truncate(9)", $"(({a} ~ 'x')|first)", $"(({a} ~ 'x')|last)",
        $"({a})|reverse",
        $"({a})|wordwrap(4)", $"({a})|wordwrap(3, false, {Quoted(own)})", $"({a} ~ 'x')|random", $"({a})|striptags");

    string Replaced(string a, string b) => Pick(
        $"({a}).replace({Quoted(sought)}, {b})", $"({a})|replace({Quoted(sought)}, {b})",
        $"({a}).replace('', {b}, 3)", $"({a}).expandtabs(3)", $"({a})|escape|string");

    string Spelled(string a) => $"({a})" + Pick(
        ".upper()", "|lower", "|title", ".title()", "|capitalize", ".swapcase()", ".casefold()", "|string", "|safe",
        "|center(12)", ".center(9, '*')", ".ljust(9)", ".zfill(9)", "|indent(2, true)", ".splitlines(true)|join");

    string Formatted(string a, string b) => Pick(
        $"('[%s|%5s|%d]' % ({a}, {b}, 3))", $"'%s-%s'|format({a}, {b})", $"'{{}}{{:>12}}'.format({a}, {b})",
        $"'{{0}}{{x!r}}'.format({a}, x={b})", $"('%(k)s' % {{'k': {a}}})", $"('%r' % [{a}])");

    string Written(string a, string b) => Pick(
        $"({a})|tojson", $"[{a}, {{'k': {b}}}]|tojson", $"{{{a}: {b}}}|tojson(indent=2)", $"[{a}, {b}]|string",
        $"{{{a}: {b}}}|string", $"({a}, {b})|list|tojson", $"known|tojson",
        $"({a})|tojson|from_json", $"([{a}, {b}]|tojson(ensure_ascii=true)|from_json)[1]", $"{{'k': {a}}}|xmlattr",
        $"{{{a}: {b}}}|xmlattr|string", $"[{a}, {b} * 30]|pprint", $"({a} * 30)|pprint", $"{{{a}: [{b}]}}|pprint");

    string Listed(string a, string b) => Pick(
        $"[{a}, {b}]|map('upper')|join", $"[{a}, {b}]|sort|join", $"[{b}, {a}]|unique|join('-')",
        $"{{{a}: {b}}}.items()|list|string", $"{{{a}: {b}}}|dictsort|string", $"{{{a}: {b}}}|list|join",
        $"({a})|batch(3)|map('join')|join('|')", $"[{a}]|select|first|string", $"dict(k={a}).k",
        $"dict({{{a}: {b}}})|string", $"dict(**{{{a}: {b}}})|string", $"known.items()|map('join', {b})|join",
        $"[{{'k': {a}}}, {{'k': {b}}}]|groupby('k')|string", $"([{{'k': {a}}}]|groupby('k'))[0].grouper", $"[{a}, {b}]|random");

    string Called(string a, string b) => Pick(
        $"both({a}, {b})", $"both({a}, **{{'b': {b}}})", $"both(a={a}, **{{'zz' ~ {b}: 1}})", $"n.x[:40]",
        $"({a}).format({b})|string", $"namespace(y={a}).y",
        $"cycler({a}, {b}).next()", $"({a} ~ lipsum(1, false, 1, 2))");

    string Any(string[] texts) => texts[random.Next(texts.Length)];

    string Quoted(string[] texts) => $"'{Any(texts)}'";

    string Pick(params string[] choices) => Any(choices);
}
