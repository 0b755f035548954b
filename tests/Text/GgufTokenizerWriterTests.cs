using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Tokenizers of other files, as GGUF metadata, are those that llama.cpp's own conversion writes.</summary>
public sealed class GgufTokenizerWriterTests
{
    [Theory]
    [InlineData("gpt2.tokenizer.json", "ggml-vocab-gpt-2.gguf")]
    [InlineData("bert-base-uncased.tokenizer.json", "ggml-vocab-bert-bge.gguf")]
    [InlineData("llama2.tokenizer.model", "ggml-vocab-llama-spm.gguf")]
    public void TheVocabularyIsThatOfLlamaCpp(string source, string vocabulary)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizers", source);
        var tokenizer = TokenizerFiles.Open(path);
        bool isModel = source.EndsWith(".model", StringComparison.Ordinal);
        var data = isModel ? Tokenizers.SentencePieceToGguf(File.ReadAllBytes(path), tokenizer.Special) : tokenizer.ToGguf();
        using var file = GgufFile.Open(Fixtures.SharedOrSkip("fixtures", "tokenizers", vocabulary));
        const string at = "tokenizer.ggml.";
        Assert.Equal(file.Metadata.Text(at + "model"), data.Model);
        Assert.Equal(file.Metadata.Texts(at + "tokens"), data.Tokens);
        Assert.Equal(file.Metadata.Ints(at + "token_type"), data.Types);
        if (data.Merges is { } merges)
        {
            Assert.Equal(file.Metadata.Text(at + "pre"), data.Pre);
            Assert.Equal(string.Join('\n', file.Metadata.Texts(at + "merges")), string.Join('\n', merges));
        }
        if (data.Scores is { } scores) Assert.Equal(file.Metadata.Floats(at + "scores"), scores);
    }

    /// <summary>Read back, the data gives the ids of the tokenizer it came from.</summary>
    [Theory]
    [InlineData("llama3.tokenizer.json", "llama-bpe"), InlineData("qwen2_5.tokenizer.json", "qwen2")]
    public void ReadBackItGivesTheSameIds(string source, string pre)
    {
        var tokenizer = TokenizerFiles.Open(Fixtures.SharedOrSkip("fixtures", "tokenizers", source));
        var data = tokenizer.ToGguf();
        Assert.Equal(pre, data.Pre);
        var again = Tokenizers.FromGguf(data);
        foreach (var text in Vocabularies.LlamaCppTexts(Fixtures.SharedOrSkip("fixtures", "tokenizers", $"ggml-vocab-{pre}.gguf.inp")))
            Assert.Equal(tokenizer.Encode(text), again.Encode(text));
        Assert.Equal(tokenizer.Special.Bos, again.Special.Bos);
        Assert.Equal(tokenizer.Special.Eos, again.Special.Eos);
        Assert.Equal(tokenizer.VocabularySize, again.VocabularySize);
    }
}
