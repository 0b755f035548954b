using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>What a text means that says what to pull.</summary>
public sealed class PullSourceTests
{
    [Theory]
    [InlineData("a/b", "a/b", null, null, "main", "a/b")]
    [InlineData("a/b:q4", "a/b", "q4", null, "main", "a/b:q4")]
    [InlineData("hf://a/b", "a/b", null, null, "main", "a/b")]
    [InlineData("huggingface.co/a/b", "a/b", null, null, "main", "a/b")]
    [InlineData("https://hf.co/a/b/tree/v1", "a/b", null, null, "v1", "a/b")]
    [InlineData("https://huggingface.co/a/b/blob/main/x%20y.gguf?download=true", "a/b", null, "x y.gguf", "main", "a/b:x-y")]
    public void Repositories(string text, string repo, string? tag, string? file, string revision, string name)
    {
        var source = PullSource.Parse(text);
        Assert.Equal((repo, tag, file, revision, name), (source.Repo!, source.Tag, source.File, source.Revision, source.Name));
    }

    [Theory]
    [InlineData("qwen2.5-0.5b"), InlineData("Qwen2.5-0.5B")]
    public void AShortNameIsARepositoryAndAFile(string text)
    {
        var source = PullSource.Parse(text, revision: "v1");
        Assert.Equal(("Qwen/Qwen2.5-0.5B-Instruct-GGUF", "q4_k_m", "v1"), (source.Repo!, source.Tag!, source.Revision));
        Assert.Equal(("Qwen/Qwen2.5-0.5B-Instruct-GGUF:q4_k_m", "qwen2.5-0.5b"), (source.Text, source.Name));
        Assert.Same(KnownModels.All[0], source.Known);
    }

    [Fact]
    public void WithAFileAShortNameIsARepository()
    {
        var source = PullSource.Parse("qwen2.5-0.5b", "*q8_0.gguf");
        Assert.Equal(PullSource.Parse("Qwen/Qwen2.5-0.5B-Instruct-GGUF", "*q8_0.gguf"), source);
    }

    [Fact]
    public void AddressesOfFiles()
    {
        var source = PullSource.Parse("https://example.org/models/my%20model.gguf?token=secret");
        Assert.Equal(("https://example.org/models/my%20model.gguf", "my-model"), (source.Text, source.Name));
        Assert.Equal("?token=secret", source.Address!.Query);
    }

    [Theory]
    [InlineData("no spaces"), InlineData("../b"), InlineData("a/b/c/d"), InlineData("ftp://a/b.gguf")]
    [InlineData("qwen9"), InlineData("qwen2.5-0.5b:q8_0"), InlineData("")]
    [InlineData("https://example.org/page.html"), InlineData("https://user:password@example.org/m.gguf")]
    public void WhatIsNeither(string text) => Assert.Equal(text, Assert.Throws<PullSourceException>(() => PullSource.Parse(text)).Text);
}
