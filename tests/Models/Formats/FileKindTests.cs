using System.Text;
using Dayu.Models;

namespace Dayu.Tests;

public sealed class FileKindTests
{
    public static TheoryData<string> Files => [.. Fixtures.GoldenFiles("*.safetensors"), .. Fixtures.GoldenFiles("*.gguf")];

    static FileKind Recognise(ReadOnlySpan<byte> bytes) => FileKinds.Recognise(new MappedFile("model", bytes));

    [Theory, MemberData(nameof(Files))]
    public void KnownFilesAreRecognised(string path) =>
        Assert.Equal(path.EndsWith(".gguf", StringComparison.Ordinal) ? FileKind.Gguf : FileKind.Safetensors,
            FileKinds.Recognise(Path.Combine(Fixtures.Golden, path)));

    [Fact]
    public void FoldersAreRecognisedByTheirConfig()
    {
        Assert.Equal(FileKind.Folder, FileKinds.Recognise(Fixtures.GoldenOrSkip("llama")));
        Assert.Contains("neither a config.json nor a single GGUF file; it has ",
            Assert.Throws<NotSupportedException>(() => FileKinds.Recognise(Path.Combine(Fixtures.Repo, "tests"))).Message);
        Assert.Throws<FileNotFoundException>(() => FileKinds.Recognise(Path.Combine(Fixtures.Repo, "no such file")));
    }

    [Fact]
    public void Llama2cIsRecognisedByItsSize()
    {
        Assert.Equal(FileKind.Llama2c, Recognise(Llama2cTests.Tiny(true)));
        var cut = Assert.Throws<NotSupportedException>(() => Recognise(Llama2cTests.Tiny(true).AsSpan(0, 900)));
        Assert.Contains($"as a llama2.c checkpoint it would have {Llama2cTests.Tiny(true).Length} bytes, not 900", cut.Message);
    }

    [Theory]
    [InlineData("\u0080\u0004x", "Python pickle")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("24ka....", "later version")]
    [InlineData("x", "starts with 78 ('x')")]
    [InlineData("hello, world\n",
        "starts with 68656c6c6f2c20776f726c640a ('hello, world.'); known: GGUF, safetensors, PyTorch, llama2.c, a folder")]
    public void OtherFilesAreNamed(string start, string says) =>
        Assert.Contains(says, Assert.Throws<NotSupportedException>(() => Recognise(Encoding.Latin1.GetBytes(start))).Message);

    [Fact]
    public void EmptyFilesAreNamed()
    {
        using var scratch = new Decoded.Scratch();
        File.WriteAllBytes(scratch.Path, []);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => FileKinds.Recognise(scratch.Path)).Message);
    }
}
