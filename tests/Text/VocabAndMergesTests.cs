using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>vocab.json with merges.txt: the same as the tokenizer.json of the same model; GPT-1's.</summary>
public sealed class VocabAndMergesTests
{
    const string Config = """{"tokenizer_class": "CLASS", "bos_token": "<s>", "eos_token": "</s>"}""";

    static (byte[] Vocab, byte[] Merges) Halves(JsonNode tokenizer)
    {
        var model = tokenizer["model"]!;
        var merges = model["merges"]!.AsArray().Select(merge => merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : (string)merge!);
        string[] lines = ["#version: 0.2", .. merges, ""];
        return (TinyVocabulary.Utf8(model["vocab"]!), Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    public static TheoryData<string> Real()
    {
        var files = Fixtures.SharedFiles("fixtures/tokenizers", "gpt2*.tokenizer.json");
        var qwens = Fixtures.SharedFiles("fixtures/tokenizers", "qwen2*.tokenizer.json");
        return [.. files.Concat(qwens).DefaultIfEmpty("gpt2.tokenizer.json")];
    }

    [Theory]
    [MemberData(nameof(Real))]
    public void TwoFilesSayWhatOneSays(string file)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizers", file);
        var config = Path.ChangeExtension(path, null) + "_config.json";
        var whole = TokenizerFiles.Open(path);
        var (vocab, merges) = Halves(JsonNode.Parse(File.ReadAllBytes(path))!);
        var halves = Tokenizers.FromVocabAndMerges(vocab, merges, File.Exists(config) ? File.ReadAllBytes(config) : default);
        var random = new Random(8);
        Assert.Equal(whole.Special.Eos, halves.Special.Eos);
        for (int i = 0; i < Sizes.Of(300, 6000); i++)
        {
            var text = Vocabularies.RandomText(random, 40) + "<|im_end|><|endoftext|>";
            Assert.Equal(whole.Encode(text), halves.Encode(text));
        }
    }

    [Fact]
    public void RobertaPutsEndsAroundATextAndASpaceBeforeItOnRequest()
    {
        var file = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Repo, "tests", "fixtures", "tokenizers", "roberta.json")))!;
        var (vocab, merges) = Halves(file["tokenizer"]!);
        var whole = Tokenizers.FromJson(Encoding.UTF8.GetBytes(file["tokenizer"]!.ToJsonString()));
        byte[] Named(string add) => Encoding.UTF8.GetBytes(Config.Replace("CLASS", "RobertaTokenizer").Replace("}", add + "}"));
        var spaced = Tokenizers.FromVocabAndMerges(vocab, merges, Named(""", "add_prefix_space": true"""));
        foreach (var text in file["cases"]!.AsArray().Select(one => (string)one!["text"]!))
            Assert.Equal(whole.Encode(text), spaced.Encode(text));
        Assert.Equal(whole.Encode(" hello"), Tokenizers.FromVocabAndMerges(vocab, merges).Encode(" hello"));
        Assert.NotEqual(whole.Encode("hello"), Tokenizers.FromVocabAndMerges(vocab, merges, Named("")).Encode("hello"));
    }

    static Tokenizer Gpt1() => TokenizerFiles.Open(Fixtures.SharedOrSkip("fixtures", "tokenizers", "gpt1_encoder_bpe_40000.json"));

    /// <summary>Ids that Transformers' tests expect openai-gpt to write, and what they say.</summary>
    [Fact]
    public void Gpt1KnowsItsWords()
    {
        var tokenizer = Gpt1();
        int[] ids = [481, 4735, 544, 246, 963, 870, 762, 239, 244, 40477, 244, 249, 719, 881, 487, 544, 240, 244, 603, 481];
        const string text = "the president is a very good man. \" \n \" i'm sure he is, \" said the";
        Assert.Equal(text.Replace(" ", ""), tokenizer.Decode(ids).Replace(" ", ""));
        Assert.Equal(ids, tokenizer.Encode("The president is a very good man. \"\n\" I'm sure he is, \" said the"));
        Assert.Equal([481, 4735, 544], tokenizer.Encode("the president is"));
    }

    [Theory]
    [InlineData("Don't—stop…", "do n't - stop ...")]
    [InlineData("  It’s   “fine”,\t\r\n\n she said.", "it 's \" fine \" , \n she said .")]
    [InlineData("Mr. Smith's cat (Tom) cost $5.50; 50% off!!", "mr. smith 's cat ( tom ) cost $ 5.50 ; 50 % off !!")]
    [InlineData("", "")]
    [InlineData("..", "..")]
    public void Gpt1SplitsWords(string text, string words)
    {
        var found = new List<string>();
        new Gpt1Words().PreTokenize(new Gpt1Text().Normalize(text), true, (word, _) => found.Add(word.ToString()));
        Assert.Equal(words, string.Join(' ', found));
    }

    [Fact]
    public void Gpt1TakesAnyText()
    {
        var (tokenizer, random) = (Gpt1(), new Random(9));
        Assert.Equal("hello world", tokenizer.Decode(tokenizer.Encode("Hello   World")));
        for (int i = 0; i < Sizes.Of(200, 4000); i++)
            Assert.All(tokenizer.Encode(Vocabularies.RandomText(random, 60)), id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
        var lines = string.Concat(Enumerable.Repeat(" \n", 100_000));
        var runs = new string(' ', 200_000) + new string('a', 200_000) + new string('.', 200_000);
        _ = tokenizer.Encode(runs + lines + new string('\'', 100_000));
    }

    [Theory]
    [InlineData("[]", "", "")]
    [InlineData("{\"a\": 0}", "b c\n", "")]
    [InlineData("{\"a\": 0}", "bc\n", "")]
    [InlineData("{\"a\": \"x\"}", "", "")]
    [InlineData("{\"e</w>\": 5}", "", "")]
    [InlineData("{\"e</w>\": 0, \"a\": 0}", "", "")]
    [InlineData("{\"a\": 0", "", "")]
    [InlineData("{\"a\": 0}", "", "[]")]
    [InlineData("{\"a\": 0}", "", "{\"tokenizer_class\": \"NovelTokenizer\"}")]
    [InlineData("{\"a\": 0}", "", "{\"tokenizer_class\": \"Qwen2Tokenizer\", \"added_tokens_decoder\": {\"1\": 7}}")]
    public void WhatIsWrongIsNamed(string vocab, string merges, string config)
    {
        byte[][] files = [Encoding.UTF8.GetBytes(vocab), Encoding.UTF8.GetBytes(merges), Encoding.UTF8.GetBytes(config)];
        var error = Assert.Throws<TokenizerException>(() => Tokenizers.FromVocabAndMerges(files[0], files[1], files[2]));
        Assert.True(error.Message.Length > 40, error.Message);
    }
}
