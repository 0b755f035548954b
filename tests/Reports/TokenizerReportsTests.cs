using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Faults of tokenizers that people reported of programs like this one.</summary>
public sealed class TokenizerReportsTests
{
    static string Report(params string[] path) => Fixtures.SharedOrSkip(["fixtures", "reports", .. path]);

    /// <summary>Ids of tokenizers 0.23.2.</summary>
    [Fact]
    public void FlagsOfAddedTokensDoWhatTheReferenceDoes()
    {
        var tokenizer = TokenizerFiles.Open(Report("added-token-flags", "m"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Report("added-token-flags", "expected.json")));
        Assert.All(json.RootElement.EnumerateArray(), line => Assert.Equal(
            line.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(line.GetProperty("text").GetString()!, addSpecial: false)));
    }

    [Fact]
    public void TokensThatOnlyTheConfigurationNamesHaveOneId()
    {
        var tokenizer = TokenizerFiles.Open(Report("tokens-in-tokenizer-config", "m"));
        Assert.Equal([97, 258, 98, 261, 99], tokenizer.Encode("a<|im_start|>b<extra_0>c"));
        Assert.Empty(tokenizer.Warnings);
    }

    [Fact]
    public void ABosThatNoVocabularyHasIsLeftOutWithAWarning()
    {
        var tokenizer = TokenizerFiles.Open(Report("unknown-special-token", "nobos"));
        Assert.Equal([97, 98], tokenizer.Encode("ab"));
        Assert.Null(tokenizer.Special.Bos);
        Assert.Contains("<|startoftext|>", Assert.Single(tokenizer.Warnings));
        Assert.Contains("tokenizer_config.json.bos_token", tokenizer.Warnings[0]);
        var ran = Caller.Do("tokenizer", "encode", "ab", "-m", Report("unknown-special-token", "nobos"));
        Assert.Equal("97 98\n", ran.Out);
        Assert.Single(ran.Error.Split('\n'), line => line.StartsWith("warning: tokenizer_config.json", StringComparison.Ordinal));
    }

    [Fact]
    public void AnAddedTokenOfNoCharactersIsNone()
    {
        var tokenizer = TokenizerFiles.Open(Report("empty-added-token", "emptyadded"));
        Assert.Equal(271, tokenizer.VocabularySize);                 // as get_vocab_size of the reference
        Assert.Equal([97, 256, 98], tokenizer.Encode("a<s>b"));
    }

    [Fact]
    public void SpecialIdsThatAreNoTokenAreLeftOutWithAWarning()
    {
        var path = Report("special-ids-out-of-range", "m.gguf");
        var tokenizer = TokenizerFiles.Open(path);
        Assert.Null(tokenizer.Special.Pad);
        Assert.Equal(2, tokenizer.Warnings.Count);
        Assert.All(tokenizer.Warnings, w => Assert.Contains("_token_id: no token has the id 4294967295", w));
        var ran = Caller.Do("run", path, "ab", "--raw", "--max-tokens", "2");
        Assert.Equal(0, ran.Code);
        ran.Warns("tokenizer.ggml.padding_token_id");
    }

    [Theory]
    [InlineData("config.json"), InlineData("generation_config.json")]
    public void EndsBeyondTheVocabularyAreLeftOutWithAWarning(string name)
    {
        using var folder = new QuantizeModel(config: name == "config.json" ? """, "eos_token_id": [5, 660, 4294967295]""" : "");
        var file = Path.Combine(folder.Path, name);
        if (name != "config.json") File.WriteAllText(file, """{ "eos_token_id": [5, 660, 4294967295] }""");
        using var checkpoint = Checkpoint.Open(folder.Path);
        var text = TextParts.Of(checkpoint);
        Assert.True(text.IsEnd(5));
        Assert.False(text.IsEnd(660));
        Assert.Equal(
            [.. ((long[])[660, 4294967295]).Select(id =>
                $"{file}: eos_token_id: no token has the id {id}; left out. The vocabulary has 0 to 659.")],
            text.Warnings);
        var ran = Caller.Do("run", folder.Path, "ab", "--raw", "--max-tokens", "2");
        Assert.Equal(0, ran.Code);
        ran.Warns("no token has the id 660");
    }

    [Fact]
    public void ATokenizerLargerThanItsModelRefusesOnlyTextsThatNeedMore()
    {
        var path = Report("tokenizer-larger-than-model", "m");
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(path, on.Backend);
        Assert.Equal((273, 272), (model.Tokenizer.VocabularySize, model.Vocabulary));
        using var session = new Session(model);
        Assert.NotEmpty(session.Answer([97, 98], new() { MaxTokens = 2, Sampler = SamplerSettings.Greedy }).ToList());
        var refused = Assert.Throws<TokenOutOfModelException>(() => session.Answer([97, 272], new()));
        Assert.Equal(("<pad>", 272, 272), (refused.Token, refused.Id, refused.Vocabulary));
        Assert.Throws<TokenOutOfModelException>(() => NextTokens.After(model, [97, 272]));
        Assert.Throws<TokenOutOfModelException>(() => new Inspector(model).Embedding([272]));

        var ran = Caller.Do("run", path, "a<pad>b", "--raw", "--max-tokens", "2");
        Assert.Equal(2, ran.Code);
        ran.Warns("'<pad>', id 272");
        ran.Warns("272 tokens");
        Assert.Equal(0, Caller.Do("explain", "embeddings", "a", "b", "-m", path).Code);
    }

    [Fact]
    public void AModelWithALargerTokenizerIsQuantised()
    {
        using var folder = new TempFolder();
        var (source, target) = (Report("tokenizer-larger-than-model", "m"), folder["q.gguf"]);
        Assert.Equal(0, Caller.Do("quantize", source, "--to", "q8_0", "-o", target, "--no-speed").Code);
        Assert.Equal(272, TokenizerFiles.Open(target).VocabularySize);
        Assert.Equal(0, Caller.Do("run", target, "ab", "--raw", "--max-tokens", "2").Code);
    }

    [Theory]
    [InlineData("gen_minus1", 1), InlineData("gen_null", 0.9)]
    public void NoTopKIsNone(string folder, float topP)
    {
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(Report("generation-config", folder), on.Backend);
        Assert.Equal((0.6f, 0, topP), (model.Text.Sampler.Temperature, model.Text.Sampler.TopK, model.Text.Sampler.TopP));
    }

    /// <summary>A pipe gets the text's own bytes; a terminal is told what would command it.</summary>
    [Fact]
    public void WhatIsDecodedIntoAPipeIsTheText()
    {
        var model = Report("added-token-flags", "m");
        Assert.Equal("\e[31m\a\0x", Caller.Do("tokenizer", "decode", "27 91 51 49 109 7 0 120", "-m", model).Out);
        Assert.Equal("␛[31mx\n", new Caller { OutIsTty = true }.Run("tokenizer", "decode", "27 91 51 49 109 120", "-m", model).Out);
    }
}
