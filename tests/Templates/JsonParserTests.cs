using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>JSON as Python's <c>json.loads</c> reads it, in our own words where it is none.</summary>
public sealed class JsonParserTests
{
    static string Render(string json, string shown) => ChatTemplate.Parse("{{ " + shown + " }}")
        .Render(new JsonObject { ["j"] = json }, TimeProvider.System).Text;

    [Theory]
    [InlineData("""{"a": [1, -2.5, 1e3, 12345678901234567890123], "b": {"c": null, "d": [true, false]}, "e": {}, "f": []}""",
        "{'a': [1, -2.5, 1000.0, 12345678901234567890123], 'b': {'c': None, 'd': [True, False]}, 'e': {}, 'f': []}")]
    [InlineData("""[NaN, Infinity, -Infinity, -0, 0.0, 1E-7, 1e999]""", "[nan, inf, -inf, 0, 0.0, 1e-07, inf]")]
    [InlineData("""{"a": 1, "b": 2, "a": 3}""", "{'a': 3, 'b': 2}")]
    [InlineData("""["\"\\\/\b\f\n\r\t\u00e4\ud83c\udf89é"]""", """['"\\/\x08\x0c\n\r\tä🎉é']""")]
    [InlineData(" \t\r\n\"x\" \n", "x")]
    public void Reads(string json, string expected) => Assert.Equal(expected, Render(json, "j|from_json"));

    [Theory]
    [InlineData("", "line 1, column 1: the text ends where JSON has a value")]
    [InlineData("{\n \"a\": [1,\n  tru]}", "line 3, column 3: 't' stands where JSON has a value (at \"a\"[1])")]
    [InlineData("{a: 1}", "line 1, column 2: 'a' stands where JSON has a key in double quotes")]
    [InlineData("{\"a\" 1}", "line 1, column 6: '1' stands where JSON has ':' behind a key (at \"a\")")]
    [InlineData("{\"a\": 1,}", "line 1, column 9: '}' stands where JSON has a key in double quotes (at \"a\")")]
    [InlineData("[1 2]", "line 1, column 4: '2' stands where JSON has ',' or ']' (at [0])")]
    [InlineData("[,]", "line 1, column 2: ',' stands where JSON has a value (at [0])")]
    [InlineData("\"a\nb\"", "line 1, column 3: the line ends where JSON has '\"' before the end of the line")]
    [InlineData("\"\\x\"", "line 1, column 3: 'x' stands where JSON has an escape such as")]
    [InlineData("\"\\u12g4\"", "line 1, column 3: 'u' stands where JSON has four hexadecimal digits")]
    [InlineData("\"a", "line 1, column 3: the text ends where JSON has '\"' at the end of a string")]
    [InlineData("01", "line 1, column 2: '1' stands where JSON has nothing behind the value")]
    [InlineData("[1.]", "line 1, column 4: ']' stands where JSON has a digit (at [0])")]
    [InlineData("-", "line 1, column 2: the text ends where JSON has a digit")]
    [InlineData("1e", "line 1, column 3: the text ends where JSON has a digit")]
    public void RefusesWithPlaceAndKey(string json, string words)
    {
        var e = Assert.Throws<TemplateException>(() => Render(json, "j|from_json"));
        Assert.Contains("from_json: " + words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepAndLongInputEndsInAnError()
    {
        Assert.Contains("nested more than", Assert.Throws<TemplateException>(() => Render(new('[', 100_000), "j|from_json")).Message,
            StringComparison.Ordinal);
        Assert.Contains("4300 digits", Assert.Throws<TemplateException>(() => Render(new('1', 100_000), "j|from_json")).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Of what was written as JSON and is read again, each character is still its author's.</summary>
    [Fact]
    public void EachCharacterKeepsItsAuthor()
    {
        var prompt = ChatTemplate.Parse("{{ ([('<s>' ~ j ~ '</s>')]|tojson(ensure_ascii=true)|from_json)[0] }}")
            .Render(new JsonObject { ["j"] = "ä\"<s>" }, TimeProvider.System);
        Assert.Equal([new("<s>", Author.Template), new("ä\"<s>", Author.User), new("</s>", Author.Template)], prompt.Runs);
    }
}
