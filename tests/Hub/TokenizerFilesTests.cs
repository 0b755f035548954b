using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>A tokenizer that is copied is the one that the same words open.</summary>
public sealed class TokenizerFilesTests : IDisposable
{
    const string Text = "Once upon a time";

    readonly QuantizeModel model = new();

    public void Dispose() => model.Dispose();

    [Fact]
    public void OfAFolder() => IsCopied(model.Path);

    /// <summary>And what lies beside it comes along.</summary>
    [Fact]
    public void OfWeightsItIsThatOfTheirFolder()
    {
        string copy = IsCopied(Path.Combine(model.Path, "model.safetensors"));
        Assert.True(File.Exists(Path.Combine(copy, "tokenizer_config.json")));
    }

    [Fact]
    public void OfAJsonOfAnyName()
    {
        File.Copy(Path.Combine(model.Path, "tokenizer.json"), model["mine.json"]);
        IsCopied(model["mine.json"]);
    }

    /// <summary>llama2.c names the file after its number of tokens.</summary>
    [Fact]
    public void OfLlama2c()
    {
        File.WriteAllBytes(model["tok512.bin"], TinyVocabulary.Llama2c(" ", "n", "c", "e", "nc", "nce"));
        IsCopied(model["tok512.bin"]);
    }

    [Fact]
    public void OfAGgufOfAnyName()
    {
        Assert.Equal(0, Caller.Do("quantize", model.Path, "--to", "q8_0", "--no-speed", "-o", model["any.gguf"]).Code);
        IsCopied(model["any.gguf"]);
    }

    [Fact]
    public void WhereThereIsNoneItSaysSo()
    {
        File.Delete(Path.Combine(model.Path, "tokenizer.json"));
        Assert.Throws<TokenizerNotFoundException>(() => TokenizerFiles.Copy(Path.Combine(model.Path, "model.safetensors"), model["copy"]));
    }

    string IsCopied(string from)
    {
        TokenizerFiles.Copy(from, model["copy"]);
        Assert.Equal(TokenizerFiles.Open(from).Encode(Text), TokenizerFiles.Open(model["copy"]).Encode(Text));
        return model["copy"];
    }
}
