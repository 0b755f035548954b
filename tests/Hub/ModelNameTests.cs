using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>Names that every file system can hold, and the files they are made of and stand for.</summary>
public sealed class ModelNameTests
{
    [Theory]
    [InlineData("qwen")]
    [InlineData("Qwen/Qwen2.5-0.5B:Q4_K_M")]
    [InlineData("大禹/模型")]
    [InlineData("a/b/c")]
    public void NamesAreAlsoPaths(string name)
    {
        var path = ModelName.PathOf(ModelName.Checked(name));
        Assert.Equal(name, ModelName.OfPath(path + ".gguf"));
    }

    [Theory]
    [InlineData(""), InlineData(".."), InlineData("a/../b"), InlineData("/a"), InlineData("a//b"), InlineData("CON")]
    [InlineData("a/nul.x"), InlineData("a."), InlineData(".a"), InlineData("-a"), InlineData("a b"), InlineData("a:b:c")]
    [InlineData("a:b/c"), InlineData("a\\b"), InlineData("a*"), InlineData("a/b/c/d"), InlineData("a.json"), InlineData("a\n")]
    public void WhatIsNoName(string name) => Assert.Equal(name, Assert.Throws<ModelNameException>(() => ModelName.Checked(name)).Name);

    [Theory]
    [InlineData("my model (1).gguf", "my-model-1"), InlineData("m-00001-of-00002.gguf", "m")]
    [InlineData("v1.5", "v1.5"), InlineData("?", "model")]
    public void FilesGiveNames(string file, string name) => Assert.Equal(name, ModelName.From(file));

    [Theory]
    [InlineData("a.gguf", "a"), InlineData("o/a@q4.BIN", "o/a:q4"), InlineData("a-00001-of-00002.gguf", "a"), InlineData("a.b", "a.b")]
    public void PathsGiveNames(string path, string name) => Assert.Equal(name, ModelName.OfPath(path));
}
