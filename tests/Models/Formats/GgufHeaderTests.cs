using System.Text;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>Headers written byte by byte, each wrong in one way.</summary>
public sealed class GgufHeaderTests
{
    const uint F32 = 0, U32 = 4, Text = 8, Array = 9;

    /// <summary>A header of so many tensors and pairs, what the case writes, and zeros to the end.</summary>
    static GgufFile Open(ulong tensors, ulong pairs, Action<BinaryWriter> rest, uint version = 3)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write("GGUF"u8);
        to.Write(version);
        to.Write(tensors);
        to.Write(pairs);
        rest(to);
        while (bytes.Length < 512) bytes.WriteByte(0);
        return GgufFile.Open(new MappedFile("test.gguf", bytes.ToArray()));
    }

    static void Name(BinaryWriter to, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        to.Write((ulong)bytes.Length);
        to.Write(bytes);
    }

    static void Tensor(BinaryWriter to, string name, uint type, ulong offset, params ReadOnlySpan<ulong> axes)
    {
        Name(to, name);
        to.Write((uint)axes.Length);
        foreach (var n in axes) to.Write(n);
        to.Write(type);
        to.Write(offset);
    }

    static void Pair(BinaryWriter to, string key, uint type, params ReadOnlySpan<ulong> words)
    {
        Name(to, key);
        to.Write(type);
        foreach (var w in words) to.Write(w);
    }

    public static IEnumerable<TheoryDataRow<string, ulong, ulong, Action<BinaryWriter>>> Wrong =>
    [
        new("9223372036854775808 tensors cannot follow", 1UL << 63, 0, _ => { }),
        new("18446744073709551615 metadata cannot follow", 0, ulong.MaxValue, _ => { }),
        new("9223372036854775807 bytes of text cannot follow", 0, 1, to => to.Write(long.MaxValue)),
        new("type 13; 0 to 12 are known", 0, 1, to => Pair(to, "a", 13)),
        new("no UTF-8", 0, 1, to => { to.Write(1UL); to.Write((byte)0xFF); }),
        new("a second value for metadata 'a'", 0, 2, to => { Pair(to, "a", 10, 1); Pair(to, "a", 10, 1); }),
        new("4611686018427387904 items cannot follow", 0, 1, to => { Pair(to, "a", Array); to.Write(U32); to.Write(1UL << 62); }),
        new("arrays within arrays", 0, 1, to => { Pair(to, "a", Array); for (var i = 0; i < 6; i++) { to.Write(Array); to.Write(1UL); } }),
        new("'general.alignment' is 24; a power of two", 0, 1, to => { Pair(to, "general.alignment", U32); to.Write(24); }),
        new("'general.alignment' is of type Text", 0, 1, to => { Pair(to, "general.alignment", Text); Name(to, "x"); }),
        new("a second tensor is called 'a'", 2, 0, to => { Tensor(to, "a", F32, 0, 8); Tensor(to, "a", F32, 32, 8); }),
        new("'b' starts here, inside tensor 'a'", 2, 0, to => { Tensor(to, "a", F32, 0, 9); Tensor(to, "b", F32, 32, 8); }),
        new("has an axis of 0 values", 1, 0, to => Tensor(to, "a", F32, 0, 8, 0)),
        new("has an axis of 9223372036854775808 values", 1, 0, to => Tensor(to, "a", F32, 0, 1UL << 63)),
        new("[4294967296,4294967296] values cannot be", 1, 0, to => Tensor(to, "a", F32, 0, 1UL << 32, 1UL << 32)),
        new("takes 36893488147419103228 bytes", 1, 0, to => Tensor(to, "a", F32, 0, long.MaxValue)),
        new("has 5 axes; up to 4", 1, 0, to => Tensor(to, "a", F32, 0, 1, 1, 1, 1, 1)),
        new("rows of 1 values are no whole number of q8_0 blocks", 1, 0, to => Tensor(to, "a", 8, 0)),
        new("starts at 4 of the data; a multiple of 32", 1, 0, to => Tensor(to, "a", F32, 4, 8)),
        new("starts at 18446744073709551584 of the data", 1, 0, to => Tensor(to, "a", F32, ulong.MaxValue - 31, 8)),
        new("takes 400 bytes from byte 256, the file has 512", 1, 0, to => Tensor(to, "a", F32, 192, 100)),
        new("rows of 40 values are no whole number of q8_0 blocks", 1, 0, to => Tensor(to, "a", 8, 0, 40, 4)),
    ];

    [Theory, MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void SaysWhatIsWrong(string says, ulong tensors, ulong pairs, Action<BinaryWriter> rest)
    {
        var error = Assert.Throws<InvalidDataException>(() => Open(tensors, pairs, rest));
        Assert.StartsWith("test.gguf", error.Message);
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void OtherVersionsAreNamed()
    {
        Assert.Contains("version 1", Assert.Throws<NotSupportedException>(() => Open(0, 0, _ => { }, version: 1)).Message);
        Assert.Contains("big-endian", Assert.Throws<NotSupportedException>(() => Open(0, 0, _ => { }, version: 0x0300_0000)).Message);
    }

    [Fact]
    public void UnknownNumberFormatsAreAnErrorOnlyWhenAskedFor()
    {
        using var file = Open(2, 0, to => { Tensor(to, "new", 77, 0, 8); Tensor(to, "old", F32, 32, 8); });
        Assert.Equal(8, file.Tensors["old"].Shape.Count);
        Assert.Contains("ggml type 77", Assert.Throws<NotSupportedException>(() => file.Tensors["new"]).Message);
    }

    [Fact]
    public void Version2AndFilesWithoutTensorsAreRead()
    {
        using var file = Open(0, 1, to => Pair(to, "n", 10, 1UL << 40), version: 2);
        Assert.Equal(["n"], file.Metadata.Keys);
        Assert.Contains("'n' is 1099511627776", Assert.Throws<InvalidDataException>(() => file.Metadata.Int("n")).Message);
    }
}
