using System.Buffers.Binary;
using System.Text;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

public sealed class SafetensorsTests
{
    public static TheoryData<string> GoldenFiles => [.. Fixtures.GoldenFiles("*.safetensors")];

    static TensorFile Open(string header, params byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return Safetensors.Open(new MappedFile("test.safetensors", file));
    }

    [Theory, MemberData(nameof(GoldenFiles))]
    public void WhatIsWrittenIsWhatWasRead(string name)
    {
        using var first = Safetensors.Open(Path.Combine(Fixtures.Golden, name));
        using var scratch = new Decoded.Scratch();
        var notes = new Dictionary<string, string>(first.Metadata) { ["said \"so\""] = "大語\n🙂" };
        Safetensors.Write(scratch.Path, first.Entries.Values.Select(TensorSource.Of), notes);
        using var second = Safetensors.Open(scratch.Path);
        Assert.Equal(notes, second.Metadata);
        Assert.Equal(first.Entries.Keys.Order(), second.Entries.Keys.Order());
        foreach (var (key, a) in first.Entries)
        {
            var b = second[key];
            Assert.Equal((a.DType, a.Shape), (b.DType, b.Shape));
            Assert.True(a.Data().SequenceEqual(b.Data()), key);
            Assert.Equal(0, b.Address % b.DType.BlockBytes);
        }
    }

    [Fact]
    public void GoldenLlamaIsReadAsPublished()
    {
        using var file = Safetensors.Open(Fixtures.GoldenOrSkip("llama", "model.safetensors"));
        var tokens = file["model.embed_tokens.weight"];
        Assert.Equal((DType.F32, 2), (tokens.DType, tokens.Shape.Rank));
        Assert.All(tokens.Values(), x => Assert.True(float.IsFinite(x)));
        var missing = Assert.Throws<InvalidDataException>(() => file["model.nothing"]);
        Assert.Contains("'model.nothing'", missing.Message);
    }

    [Fact]
    public void UnknownNumbersAreAnErrorOnlyWhenAskedFor()
    {
        using var file = Open("""
            {
                "a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
                "b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},
                "c":{"dtype":"F16","shape":[1,1,1,1,1],"data_offsets":[12,14]}
            }
            """, new byte[14]);
        Assert.Equal(new Shape(1), file["b"].Shape);
        Assert.True(file.Has("a"));
        Assert.Contains("'I64'", Assert.Throws<NotSupportedException>(() => file["a"]).Message);
        Assert.Contains("5 axes", Assert.Throws<NotSupportedException>(() => file["c"]).Message);
    }

    [Fact]
    public void EmptyTensorsAreAllowed()
    {
        using var file = Open("""{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}   """);
        Assert.Empty(file["a"].Values());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "second tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "inside tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "nothing owns")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the last tensor ends here")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "does not take the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,8]}}""", "cannot be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "needs \"dtype\"")]
    [InlineData("""{"a":7}""", "StartObject was expected")]
    [InlineData("""[]""", "StartObject was expected")]
    [InlineData("""{"a":{"dtype":"F32",""", "no sound JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no sound JSON")]
    public void UnsoundHeadersSayWhatIsWrong(string header, string says)
    {
        var error = Assert.Throws<InvalidDataException>(() => Open(header, new byte[8]));
        Assert.Contains("test.safetensors", error.Message);
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void WhatCannotBeWrittenLeavesNothingBehind()
    {
        using var scratch = new Decoded.Scratch();
        File.WriteAllText(scratch.Path, "old");
        var shortOfBytes = new TensorSource("a", DType.F32, new Shape(2), stream => stream.WriteByte(0));
        Assert.Contains("'a'", Assert.Throws<InvalidOperationException>(() => Safetensors.Write(scratch.Path, [shortOfBytes])).Message);
        var quantised = new TensorSource("a", DType.Named("q4_0"), new Shape(32), _ => { });
        Throws.Saying<NotSupportedException>("q4_0", () => Safetensors.Write(scratch.Path, [quantised]));
        Assert.Equal("old", File.ReadAllText(scratch.Path));
        Assert.False(File.Exists(scratch.Path + ".part"));
    }
}
