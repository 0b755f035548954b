using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using static Dayu.Tests.Hostile;

namespace Dayu.Tests;

/// <summary>JSON as Python's json module reads and writes it; what is wrong is told by line, column and key.</summary>
public sealed class JsonTextTests
{
    static JsonNode? Read(string json) => new JsonText("config.json", Encoding.UTF8.GetBytes(json)).Parse();

    [Theory]
    [InlineData("""{"a": 1, "a": 2}""", """{"a":2}""")]
    [InlineData("""{"a": {"b": 1}, "c": 3, "a": {"b": 2, "b": 4}}""", """{"a":{"b":4},"c":3}""")]
    [InlineData("[256.0, 1e3, -2.50e1, 0.5, 1e-5, 1e300, 12345678901234567890]", "[256,1000,-25,0.5,1e-5,1e300,12345678901234567890]")]
    [InlineData("""[NaN, "NaN, \" Infinity", Infinity, -Infinity]""", """["NaN","NaN, \u0022 Infinity",1e999999,-1e999999]""")]
    [InlineData("/* NaN \" */ [true, null, false] // NaN", "[true,null,false]")]
    [InlineData("\uFEFF{\"a\": \"b\"}", """{"a":"b"}""")]
    public void ReadsAsPythonDoes(string json, string expected) => Assert.Equal(expected, Read(json)!.ToJsonString());

    [Fact]
    public void NumbersThatAreNone()
    {
        var read = Read("[Infinity, -Infinity, NaN]")!.AsArray();
        Assert.Equal(double.PositiveInfinity, read[0]!.GetValue<double>());
        Assert.Equal(double.NegativeInfinity, read[1]!.GetValue<double>());
        Assert.Equal(JsonValueKind.String, read[2]!.GetValueKind());
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Utf16IsToldByItsMark(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("""{"a": "大"}""")];
        Assert.Equal("大", new JsonText("config.json", bytes).Parse()!["a"]!.ToString());
    }

    [Theory]
    [InlineData("{\n  \"a\": 1,\n}", ":3:1: no sound JSON: '}' is found; a comma and a key in double quotes, or }")]
    [InlineData("""{"a": {"b": ]}}""", ":1:13, in 'a.b': no sound JSON: ']' is found; a value was expected")]
    [InlineData("""{"ä": {'b': 1}}""", ":1:8, in 'ä': no sound JSON: ''' is found; a key in double quotes, or } was expected")]
    [InlineData("""{"a": [1, 2""", ":1:12, in 'a': no sound JSON: the text ends here; a comma and a value, or ] was expected")]
    [InlineData("""{"a": 1} x""", ":1:10: no sound JSON: 'x' is found; the end of the text was expected")]
    [InlineData("", ":1:1: no sound JSON: the text ends here; a value was expected")]
    [InlineData("""{"a": "\ud800"}""", ":1:7, in 'a': no sound JSON: a text that is no Unicode")]
    [InlineData("""{"a": nan}""", "in 'a': no sound JSON: 'a' is found")]
    public void SaysWhere(string json, string says)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(json));
        Assert.StartsWith("config.json:", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsNeverTooDeep()
    {
        Assert.Equal(128, Read(new string('[', 64) + new string(']', 64))!.ToJsonString().Length);
        Throws.Saying<InvalidDataException>("64 objects and arrays", () => Read(new string('[', 65) + new string(']', 65)));
        Throws.Saying<InvalidDataException>("64 objects and arrays", () => Read(new string('[', 1_000_000)));
    }

    /// <summary>Whatever is changed in a text, it is read, or an error says where it is wrong.</summary>
    [Fact]
    public void Damaged()
    {
        var json = Encoding.UTF8.GetBytes("""
            { "architectures": ["LlamaForCausalLM"], "a": Infinity, "b": [NaN, -Infinity, 1.0e2, -0.5], "c": null, "a": 3,
              "rope_scaling": { "type": "linear", "factor": 4.0, "deep": [[[{ "x": "\u00e4\n" }]]] }, /* NaN */ "大": true }
            """);
        Holds(6, 25, genome =>
        {
            var bytes = genome[15] % 2 == 0 ? MutatedJson(json, genome) : Mutated(json, genome, json.Length);
            Survives("hostile.json", bytes.Length, () => new JsonText("hostile.json", bytes).Parse());
        });
    }
}
