using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>What is refused, when, and in which words.</summary>
public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\n{% frob x %}", 2, 4, "unknown tag 'frob'")]
    [InlineData("{% block a %}{% endblock %}{% block a %}{% endblock %}", 1, 37, "the block 'a' is there twice")]
    [InlineData("{% block a %}{% endblock b %}", 1, 26, "expected '%}', found 'b'")]
    [InlineData("{% if x %}a", 1, 12, "'elif' or 'else' or 'endif' was expected")]
    [InlineData("{% if x %}{% endfor %}", 1, 14, "'endfor' where 'elif' or 'else' or 'endif' was expected")]
    [InlineData("{% endif %}", 1, 4, "unknown tag 'endif'")]
    [InlineData("{{ x", 1, 1, "never closed by '}}'")]
    [InlineData("{{ (x }}", 1, 7, "'}' where ')' was expected")]
    [InlineData("{{ 'x }}", 1, 4, "a string that is never closed")]
    [InlineData("{# x", 1, 1, "a comment '{#' that is never closed")]
    [InlineData("{% raw %}x", 1, 1, "a 'raw' block that is never closed")]
    [InlineData("{{ }}", 1, 4, "expected an expression")]
    [InlineData("{{ 1 + }}", 1, 8, "expected an expression, found '}}'")]
    [InlineData("{% break %}", 1, 4, "'break' outside of a loop")]
    [InlineData("{% set none = 1 %}", 1, 8, "cannot assign to 'none'")]
    [InlineData("{{ f(a=1, a=2) }}", 1, 11, "the argument 'a' is given twice")]
    [InlineData("{{ a; b }}", 1, 5, "the character ';'")]
    public void RefusedAtLoad(string template, int line, int column, string words)
    {
        var e = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template, "t.jinja"));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (e.Line, e.Column));
        Assert.StartsWith($"t.jinja, line {line}, column {column}: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n  {{ x.y.z }}", 2, 10, "'int' object has no attribute or element 'y'")]
    [InlineData("{{ q + 1 }}", 1, 6, "'q' is undefined")]
    [InlineData("{% set l = [] %}{{ l.append(1) }}", 1, 22, "access to attribute 'append' of 'list' object is unsafe")]
    [InlineData("{{ x | items }}", 1, 8, "items expects a dict, found int")]
    [InlineData("{{ 'a'.replace('b') }}", 1, 8, "replace() needs the argument 'new'")]
    [InlineData("{{ x | frob }}", 1, 8, "unknown filter 'frob'")]
    [InlineData("{{ [x] | map('frob') | list }}", 1, 24, "unknown filter 'frob'")]
    [InlineData("{{ [{}] | selectattr('a', 'frob') | list }}", 1, 37, "unknown test 'frob'")]
    [InlineData("{{ x is frob }}", 1, 9, "unknown test 'frob'")]
    [InlineData("{{ x.frob() }}", 1, 6, "'int' object has no attribute or element 'frob'")]
    [InlineData("{{ 1 }}\n{{ frob(1) }}", 2, 4, "'frob' is undefined")]
    [InlineData("{% include 'x' %}", 1, 4, "'include' asks for another template")]
    [InlineData("{% block a required %}{% endblock %}", 1, 4, "the block 'a' is required")]
    [InlineData("{% block a %}{{ self.a() }}{% endblock %}", 1, 22, "RenderLimits.Depth")]
    [InlineData("{{ cycler() }}", 1, 4, "cycler() needs at least one value")]
    [InlineData("{{ 'x' | wordwrap(0) }}", 1, 10, "the width is 0")]
    [InlineData("{{ {'a b': 1} | xmlattr }}", 1, 17, "xmlattr: a name must be a string without white space")]
    [InlineData("{{ 'x' | filesizeformat }}", 1, 10, "filesizeformat expects a number, found str")]
    [InlineData("{{ [1] | urlencode }}", 1, 10, "'int' object is not iterable")]
    [InlineData("{{ 'a'.upper(1) }}", 1, 8, "upper() takes at most 0 arguments")]
    [InlineData("{{ x | tojson(frob=1) }}", 1, 8, "tojson() has no parameter 'frob'")]
    public void RefusedWhileRendering(string template, int line, int column, string words)
    {
        var parsed = ChatTemplate.Parse(template);
        var e = Assert.Throws<TemplateException>(() => parsed.Render(new JsonObject { ["x"] = 1 }, TimeProvider.System));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (e.Line, e.Column));
        Assert.False(e.RaisedByTemplate);
    }

    [Theory]
    [InlineData("{% if frob is defined %}{{ frob() }}{% endif %}ok")]
    [InlineData("{% if false %}{{ x|frob }}{{ x is frob }}{{ frob() }}{{ x.frob() }}{{ x|map('frob') }}{% endif %}ok")]
    [InlineData("{{ 'ok' if true else 1|frob }}")]
    [InlineData("{% if false %}{% include 'x' %}{% import 'y' as z %}{% from 'y' import z %}{% extends 'x' %}{% endif %}ok")]
    [InlineData("{% macro m() %}{{ 1|frob }}{% endmacro %}ok")]
    [InlineData("{% set x = {} %}{% if x.frob is defined %}{{ x.frob() }}{% endif %}ok")]
    [InlineData("{% if false %}{{ [].append(1) }}{% endif %}ok")]
    [InlineData("{% macro later() %}{{ after() }}{% endmacro %}{% macro after() %}ok{% endmacro %}{{ later() }}")]
    [InlineData("{% set n = namespace() %}{% macro m() %}ok{% endmacro %}{% set n.f = m %}{{ n.f() }}")]
    public void WhatMayWorkIsNotRefused(string template) =>
        Assert.Equal("ok", ChatTemplate.Parse(template).Render([], TimeProvider.System).Text);

    [Fact]
    public void BadVariablesAreTemplateErrors()
    {
        var template = ChatTemplate.Parse("{{ x | tojson }}");
        var unpaired = JsonNode.Parse("{\"x\": \"\\ud83d\"}")!.AsObject();
        var error = Assert.Throws<TemplateException>(() => template.Render(unpaired, TimeProvider.System));
        Assert.Contains("not usable JSON", error.Message, StringComparison.Ordinal);
        JsonNode deep = new JsonArray();
        for (int i = 0; i < Hostile.Times(5000); i++)
            deep = new JsonArray(deep);
        Assert.Throws<TemplateException>(() => template.Render(new JsonObject { ["x"] = deep }, TimeProvider.System));
        var large = JsonNode.Parse("{\"x\": 18446744073709551616}")!.AsObject();
        Assert.Equal("18446744073709551616", template.Render(large, TimeProvider.System).Text);
    }
}
