using System.Text;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>OpenAI's encodings: the plans of a peer (SharpToken), and files that are damaged.</summary>
public sealed class TiktokenTests
{
    public static TheoryData<string> Encodings()
    {
        var names = new TheoryData<string>();
        foreach (var plans in Fixtures.SharedFiles("fixtures/tokenizers", "tiktoken-plans.txt"))
        {
            var path = Path.Combine(Fixtures.Shared!, "fixtures/tokenizers", plans);
            foreach (var name in Plans(path).Select(plan => plan.Encoding).Distinct()) names.Add(name);
        }
        if (names.Count == 0) names.Add("*");
        return names;
    }

    static IEnumerable<(string Encoding, string Sample, int[] Ids)> Plans(string path)
    {
        string[] lines = [.. File.ReadAllLines(path).Where(line => line.Length > 0)];
        for (int i = 0; i + 2 < lines.Length; i += 3)
        {
            var (encoding, sample) = (lines[i]["EncodingName: ".Length..], lines[i + 1]["Sample: ".Length..]);
            yield return (encoding, sample, Ids(lines[i + 2]["Encoded: [".Length..^1]));
        }
    }

    static int[] Ids(string list) =>
        [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void IdsAreThoseOfThePlans(string encoding)
    {
        var plans = Fixtures.SharedOrSkip("fixtures", "tokenizers", "tiktoken-plans.txt");
        var tokenizer = TokenizerFiles.Open(Path.Combine(Path.GetDirectoryName(plans)!, encoding + ".tiktoken"));
        Assert.All(Plans(plans).Where(plan => plan.Encoding == encoding), plan =>
        {
            Assert.Equal(plan.Ids, tokenizer.Encode(plan.Sample));
            Assert.Equal(plan.Sample, tokenizer.Decode(plan.Ids));
        });
    }

    [Theory]
    [InlineData("r50k_base", 50257, "<|endoftext|>", 50256)]
    [InlineData("p50k_base", 50281, "<|endoftext|>", 50256)]
    [InlineData("p50k_edit", 50284, "<|fim_suffix|>", 50283)]
    [InlineData("cl100k_base", 100277, "<|endofprompt|>", 100276)]
    [InlineData("o200k_base", 200019, "<|endofprompt|>", 200018)]
    [InlineData("o200k_harmony", 201088, "<|message|>", 200008)]
    public void EncodingsHaveTheirSpecialTokens(string encoding, int size, string special, int id)
    {
        var folder = Fixtures.SharedOrSkip("fixtures", "tokenizers");
        Assert.SkipUnless(Directory.GetFiles(folder, "*.tiktoken").Length > 0, "no .tiktoken files");
        var tokenizer = TokenizerFiles.Open(Path.Combine(folder, encoding + ".tiktoken"));
        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(id, tokenizer.Special.IdOf(special));
        Assert.Equal([id], tokenizer.Encode(special));
        Assert.Equal(special, tokenizer.TokenText(id));
    }

    [Fact]
    public void DamagedFiles()
    {
        string[] damaged =
        [
            "", "x", "IQ== 0\nIQ==", "IQ== -1", "IQ== 1x", "I! 0", " 0", "IQ==  0",
            "IQ== 2000000000", "IQ== 0\nIg== 0", "IQ== 0\nIg== 1", new string('A', 4000) + " 0",
        ];
        Assert.All(damaged, text => Assert.True(Error(text, encoding: null).Length > 40));
        Assert.Contains("o200k_harmony", Error("IQ== 0", "k900_base"));

        static string Error(string file, string? encoding) =>
            Assert.Throws<TokenizerException>(() => Tokenizers.FromTiktoken(Encoding.UTF8.GetBytes(file), encoding)).Message;
    }
}
