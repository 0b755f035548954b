namespace Dayu.Tests;

/// <summary>Parts of results, by the keys of their objects.</summary>
public sealed class FieldsTests
{
    [Fact]
    public void AnyForm()
    {
        string[] line = ["show", TestModels.Gguf, "--fields", "layers,family"];
        Assert.Matches("^layers  \\d+\nfamily  llama\n$", Caller.Do(line).Out);
        Assert.Matches("^name,value\nlayers,\\d+\nfamily,llama\n$", Caller.Do([.. line, "--format", "csv"]).Out);
        Assert.Equal("layers family", Caller.Do([.. line, "--json"]).Keys);
    }

    [Fact]
    public void Lists()
    {
        using var data = new TempFolder();
        var caller = new Caller { Folder = data.Path, Environment = { ["DAYU_DATA_DIR"] = data.Path } };
        Assert.Equal(0, caller.Run("import", TestModels.Gguf, "--as", "a").Code);
        var bytes = new FileInfo(TestModels.Gguf).Length;
        Assert.Equal($"{"bytes".PadLeft($"{bytes}".Length)}  name\n{bytes}  a\n", caller.Run("ls", "--fields", "bytes,name").Out);
        Assert.Equal($"bytes,name\n{bytes},a\n", caller.Run("ls", "--fields", "bytes,name", "--format", "csv").Out);
        Assert.Equal($"{{\"name\":\"a\",\"bytes\":{bytes}}}\n", caller.Run("ls", "--fields", "name, bytes", "--format", "jsonl").Out);
        Assert.Equal($"{{\"v\":1,\"models\":[{{\"name\":\"a\"}}]}}\n", caller.Run("ls", "--fields", "name", "--json").Out);
    }

    [Fact]
    public void TextsToo()
    {
        var ran = Caller.Do("run", TestModels.Stories, "Once upon a time", "-n", "3", "--temperature", "0", "--fields", "finish_reason");
        Assert.Equal("finish_reason  length\n", ran.Out);
        var ids = Caller.Do("tokenizer", "encode", "Once upon", "--no-bos", "-m", TestModels.Stories, "--fields", "ids");
        Assert.Matches("^ids  \\[403,.*\\]\n$", ids.Out);
    }

    [Theory]
    [InlineData("doctor --fields cpus", "cpu"), InlineData("chat x --fields text", "fields")]
    public void WhatThereIsNot(string line, string says)
    {
        var ran = Caller.Do(line.Split(' '));
        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }
}
