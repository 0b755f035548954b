using System.Text;
using System.Text.Json.Nodes;
using Dayu.Text;
using static Dayu.Tests.TinyVocabulary;

namespace Dayu.Tests;

/// <summary>Special tokens that tokenizer_config.json names, and JSON as Python writes it.</summary>
public sealed class TokenizerConfigTests
{
    static Tokenizer Open(string config, params JsonObject[] added)
    {
        var json = Json(["h i"], added);
        json["model"]!["vocab"]!["<x>"] = 300;
        json["model"]!["vocab"]!["<y>"] = 301;
        return TinyVocabulary.Open(json, JsonNode.Parse(config)!.AsObject());
    }

    const string Decoder = """
        {"added_tokens_decoder": {"300": {"content": "<x>", "special": true}, "301": {"content": "<y>", "rstrip": true, "special": true}}}
        """;

    [Theory]
    [InlineData("""{"additional_special_tokens": ["<x>", {"content": "<y>", "rstrip": true}]}""")]
    [InlineData("""{"extra_special_tokens": {"image_token": "<x>", "audio_token": {"content": "<y>", "rstrip": true}}}""")]
    [InlineData(Decoder)]
    public void NamedTokensAreControlTokensWithTheirFlags(string config)
    {
        var tokenizer = Open(config);
        Assert.Equal(['a', 300, 'b', 301, 'c'], tokenizer.Encode("a<x>b<y>  c"));
        Assert.DoesNotContain(300, tokenizer.Encode("a<x>b", parseSpecial: false));
        Assert.Equal("ac", tokenizer.Decode(['a', 301, 'c'], skipSpecial: true));
        Assert.Empty(tokenizer.Warnings);
    }

    [Fact]
    public void ATokenBeyondTheVocabularyHasItsOwnId()
    {
        var tokenizer = Open("""{"added_tokens_decoder": {"310": {"content": "<new>", "special": true}}}""");
        Assert.Equal(['a', 310], tokenizer.Encode("a<new>"));
        Assert.Equal(311, tokenizer.VocabularySize);
        Assert.Equal("<new>", tokenizer.Decode([310]));
    }

    /// <summary>What the tokenizer's own file says of a token counts, and each wrong one is told once.</summary>
    [Fact]
    public void WhatNoVocabularyHasIsLeftOutWithAWarning()
    {
        var tokenizer = Open("""
            {"pad_token": "<none>", "eos_token": "", "additional_special_tokens": ["<1>", "<2>", "<3>", "<4>", "<x>"],
             "added_tokens_decoder": {"97": {"content": "<a>"}, "x": {"content": "<b>"}, "256": {"content": "<s>", "special": false},
              "4294967296": {"content": "<c>"}, "2000000000": {"content": "<d>"}}}
            """);
        Assert.Equal(3, tokenizer.Warnings.Count);
        Assert.StartsWith(Missing("added_tokens_decoder", "'<a>', '<b>', '<c>' and 1 more"), tokenizer.Warnings[0]);
        Assert.StartsWith(Missing("additional_special_tokens", "'<1>', '<2>', '<3>' and 1 more"), tokenizer.Warnings[1]);
        Assert.StartsWith(Missing("pad_token", "'<none>'"), tokenizer.Warnings[2]);
        Assert.True(tokenizer.Special.IsControl(Bos));
        Assert.Equal(302, tokenizer.VocabularySize);

        static string Missing(string key, string tokens) => $"tokenizer_config.json.{key}: no vocabulary has {tokens}";
    }

    [Fact]
    public void ASentencePieceModelHasTheTokensOfItsConfiguration()
    {
        var model = File.ReadAllBytes(Path.Combine(Fixtures.Repo, "tests", "fixtures", "vocabularies", "spm-bpe-bytes.tokenizer.model"));
        var plain = Tokenizers.FromSentencePiece(model);
        int size = plain.VocabularySize;
        var tokenizer = Tokenizers.FromSentencePiece(model, Encoding.UTF8.GetBytes($$$"""
            {"add_bos_token": false, "added_tokens_decoder": {"{{{size}}}": {"content": "<|im_start|>", "special": true},
             "{{{size + 2}}}": {"content": "<|im_end|>", "special": true} } }
            """));
        Assert.Equal(size + 3, tokenizer.VocabularySize);
        Assert.Equal([size, .. plain.Encode("hello", addSpecial: false), size + 2], tokenizer.Encode("<|im_start|>hello<|im_end|>"));
        var written = Tokenizers.SentencePieceToGguf(model, tokenizer.Special);
        Assert.Equal(size + 3, written.Tokens.Count);
        Assert.Equal("<|im_end|>", written.Tokens[size + 2]);
    }

    [Fact]
    public void JsonIsReadAsPythonReadsIt()
    {
        var json = Json(["h i"]).ToJsonString();
        var odd = "\uFEFF" + json
            .Replace("\"model\":{", "\"model\":{\"vocab\":{\"a\":5},\"dropout\":0.5,\"dropout\":null,", StringComparison.Ordinal)
            .Replace("\"vocab\":{\"", "\"vocab\":{\"h\":7,\"", StringComparison.Ordinal);
        var config = """
            {"model_max_length": Infinity, "low": -Infinity, "none": NaN, "text": "NaN \" Infinity",
             "bos_token": "</s>", "bos_token": "<s>"}
            """;
        var (expected, read) = (TinyVocabulary.Open(Json(["h i"])),
            Tokenizers.FromJson(Encoding.UTF8.GetBytes(odd), Encoding.UTF8.GetBytes("\uFEFF" + config)));
        Assert.Equal(expected.Encode("hi there"), read.Encode("hi there"));
        Assert.Equal(Bos, read.Special.Bos);
        var wrong = Encoding.UTF8.GetBytes(json.Replace("null", "NaNa", StringComparison.Ordinal));
        Assert.Throws<TokenizerException>(() => Tokenizers.FromJson(wrong));
    }
}
