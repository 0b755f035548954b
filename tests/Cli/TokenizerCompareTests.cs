using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>Tokenizers side by side.</summary>
public sealed class TokenizerCompareTests
{
    const string Said = "Hello, world 2024: 长城 is long.";

    static Ran Compare(params string[] options) =>
        Caller.Do(["tokenizer", "compare", TestModels.Stories, TestModels.Chat, "--text", Said, .. options]);

    [Fact]
    public void NumbersAreThoseOfEncoding()
    {
        var found = Compare("--json").Json["tokenizers"]!.AsArray();
        foreach (var (t, model) in found.Zip([TestModels.Stories, TestModels.Chat]))
        {
            var ids = Caller.Do("tokenizer", "encode", Said, "-m", model, "--no-bos", "--json").Json["ids"]!.AsArray();
            Assert.Equal(ids.ToJsonString(), t!["ids"]!.ToJsonString());
            Assert.Equal(ids.Count, (int)t["tokens"]!);
            Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(Said) / (double)ids.Count, (double)t["bytes_per_token"]!, 1e-3);
            Assert.Equal(Said.Length / (double)ids.Count, (double)t["chars_per_token"]!, 1e-3);
            Assert.True((bool)t["round_trip"]!);
            Assert.Equal(["digits", "han", "latin", "other"], t["chars_per_token_by_script"]!.AsObject().Select(p => p.Key).Order());
        }
        Assert.Equal(512, (int)found[0]!["vocabulary"]!);
        var han = (double)found[0]!["chars_per_token_by_script"]!["han"]!;
        Assert.Equal(1.0 / 3, han, 0.06);                            // 512 tokens know no Chinese: a character is its three bytes
    }

    [Theory]
    [InlineData("en"), InlineData("zh")]
    public void CutsAreShownUnderEachOther(string language)
    {
        var lines = Compare("--lang", language).Out.Split('\n').Where(l => l.Contains('│')).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.All(lines, l => Assert.Contains("长", l, StringComparison.Ordinal));
        Assert.All(lines, l => Assert.DoesNotContain("\uFFFD", l, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryFormAndNoEscapes()
    {
        foreach (var format in (string[])["table", "json", "jsonl", "csv", "md"])
        {
            var ran = Compare("--format", format);
            Assert.Equal(0, ran.Code);
            Assert.DoesNotContain('\e', ran.Out + ran.Error);
        }
        Assert.Equal(2, Compare("--format", "jsonl").Out.TrimEnd().Split('\n').Select(l => JsonNode.Parse(l)).Count());
    }

    [Theory]
    [InlineData(3, "nosuch.json --text x"), InlineData(2, "--text x"), InlineData(3, "nosuch --text x")]
    public void WrongCalls(int code, string line) => Assert.Equal(code, Caller.Do(["tokenizer", "compare", .. line.Split(' ')]).Code);
}
