using System.Buffers.Binary;
using System.Text;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Token ids that others wrote: nanoGPT's .bin, NumPy's .npy, byte by byte as their formats say.</summary>
public sealed class IdFileTests : IDisposable
{
    const int End = 9, Vocabulary = 60;

    readonly TempFolder folder = new();

    /// <summary>Documents of drawn lengths, each with its end; the last has none.</summary>
    static int[][] Drawn(int count) => [.. Enumerable.Range(0, count).Select(d => Enumerable
        .Range(0, (int)(CounterRng.Mix(1, (ulong)d) % 30))
        .Select(i => 10 + (int)(CounterRng.Mix((ulong)d, (ulong)i) % 50)).Append(d == count - 1 ? 10 : End).ToArray())];

    static byte[] Bytes(string type, IEnumerable<int> ids) =>
        [.. ids.SelectMany(id => BitConverter.GetBytes((long)id).Take(type[^1] - '0'))];

    /// <summary>As numpy.lib.format says: magic, version, length of the head, the head, padded to 64 bytes.</summary>
    static byte[] Numpy(int version, string head, byte[] elements)
    {
        var wide = version > 1 ? 4 : 2;
        var padded = head.PadRight((8 + wide + head.Length + 64) / 64 * 64 - 8 - wide - 1) + "\n";
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, padded.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length[..wide], .. Encoding.UTF8.GetBytes(padded), .. elements];
    }

    static string Head(string type, string shape, string fortran = "False") =>
        $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}";

    string Write(string name, byte[] content)
    {
        File.WriteAllBytes(folder[name], content);
        return folder[name];
    }

    [Theory]
    [InlineData("a.bin", "<u2", 0), InlineData("a.npy", "<u2", 1), InlineData("a.npy", "<u4", 2), InlineData("a.npy", "<i4", 3)]
    [InlineData("a.npy", "<i8", 1)]
    public void IdsAreReadAsFromMemory(string name, string type, int version)
    {
        foreach (var count in (int[])[1, 2, 3, 40])
            foreach (var share in (double[])[0, 0.1, 0.5])
            {
                var drawn = Drawn(count);
                var all = drawn.SelectMany(d => d).ToArray();
                var bytes = Bytes(type, all);
                using var file = new IdFile(Write(name, version == 0 ? bytes : Numpy(version, Head(type, $"({all.Length},)"), bytes)));
                var (training, validation) = file.Split(End, share, Vocabulary);
                var held = count == 1 ? 0 : Math.Min(count - 1, (int)Math.Ceiling(count * share));
                var cut = Math.Max(1, (int)(all.Length * (1 - share)));
                int[][] first = count == 1 ? [all[..cut]] : drawn[..^held], last = count == 1 ? [all[cut..]] : drawn[^held..];
                Same(Memory(first), training);
                Same(Memory(last), validation);
            }

        static MemoryDocuments Memory(int[][] documents) => new(documents.Select(d => new Document("x", d)));
    }

    static void Same(MemoryDocuments memory, Documents ids)
    {
        Assert.Equal((memory.Count, memory.Tokens, memory.Counted), (ids.Count, ids.Tokens, ids.Counted));
        for (var start = 0; start < memory.Tokens; start += 3)
            foreach (var length in (int[])[1, 7, 64])
            {
                var (one, other) = (new BatchBuilder(1), new BatchBuilder(1));
                var count = (int)Math.Min(length, memory.Tokens - start);
                one.Add(memory, start, count, 0);
                other.Add(ids, start, count, 0);
                var (a, b) = (one.Made(), other.Made());
                Assert.Equal(a.Ids, b.Ids);
                Assert.Equal(a.Targets, b.Targets);
                Assert.Equal(a.Starts, b.Starts);
                Assert.Equal(a.States!.From, b.States!.From);
                Assert.Equal(a.States.To, b.States.To);
            }
    }

    /// <summary>Without an end token all is one document.</summary>
    [Fact]
    public void WithoutAnEndTokenAllIsOneDocument()
    {
        var all = Drawn(5).SelectMany(d => d).ToArray();
        using var file = new IdFile(Write("a.bin", Bytes("<u2", all)));
        var (training, validation) = file.Split(null, 0.25, Vocabulary);
        Same(new MemoryDocuments([new Document("x", all[..(int)(all.Length * 0.75)])]), training);
        Same(new MemoryDocuments([new Document("x", all[(int)(all.Length * 0.75)..])]), validation);
        Assert.Equal("a.bin (from token 6)", training.PlaceAt(5));
    }

    [Theory]
    [InlineData("<u2", 70), InlineData("<i4", -1), InlineData("<i8", 60), InlineData("<u4", 65_537)]
    public void AnIdThatTheModelDoesNotHaveIsNamed(string type, int id)
    {
        using var file = new IdFile(Write("a.npy", Numpy(1, Head(type, "(4,)"), Bytes(type, [1, 2, id, 3]))));
        Throws.Saying<InvalidDataException>($"a.npy, token 3: id {(uint)id switch { uint.MaxValue => -1, var u => u }} is none",
            () => file.Split(null, 0.1, Vocabulary));
    }

    [Theory]
    [InlineData("<f4", "(2,)", "False", 8, "its elements are '<f4'")]
    [InlineData(">u2", "(2,)", "False", 4, "its elements are '>u2'")]
    [InlineData("|u1", "(2,)", "False", 2, "its elements are '|u1'")]
    [InlineData("<i2", "(2,)", "False", 4, "its elements are '<i2'")]
    [InlineData("<u2", "(1, 2)", "False", 4, "not one dimension")]
    [InlineData("<u2", "()", "False", 2, "not one dimension")]
    [InlineData("<u2", "(99999999999999999999,)", "False", 4, "not one dimension")]
    [InlineData("<u2", "(9223372036854775807,)", "False", 4, "9,223,372,036,854,775,807 of 2 bytes")]
    [InlineData("<u2", "(2,)", "True", 4, "its order is not C's")]
    [InlineData("<u2", "(3,)", "False", 4, "4 bytes of elements; its head says 3")]
    [InlineData("<u2", "(0,)", "False", 0, "its head says 0")]
    public void WhatNumpyMayAlsoWriteIsRefusedByName(string type, string shape, string fortran, int bytes, string said) =>
        Throws.Saying<InvalidDataException>(said, () => new IdFile(
            Write("a.npy", Numpy(1, Head(type, shape, fortran), new byte[bytes]))));

    [Fact]
    public void WhatIsNoSuchFileIsRefused()
    {
        Throws.Saying<InvalidDataException>("no whole number of uint16", () => new IdFile(Write("a.bin", [1, 2, 3])));
        Throws.Saying<InvalidDataException>("is empty", () => new IdFile(Write("a.bin", [])));
        Throws.Saying<InvalidDataException>("no NumPy file", () => new IdFile(Write("a.npy", "no array at all"u8.ToArray())));
        Throws.Saying<InvalidDataException>("no NumPy file", () => new IdFile(Write("a.npy", [0x93, 1])));
        Throws.Saying<InvalidDataException>("version 9", () => new IdFile(Write("a.npy", Numpy(9, Head("<u2", "(1,)"), [0, 0]))));
        Throws.Saying<InvalidDataException>("a head of ", () => new IdFile(
            Write("a.npy", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, 0, 0])));
        Throws.Saying<InvalidDataException>("is it cut off", () => new IdFile(Write("a.npy", Numpy(1, Head("<u2", "(4,)"), [])[..40])));
        Throws.Saying<InvalidDataException>("no plain numbers", () => new IdFile(
            Write("a.npy", Numpy(1, "{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (1,), }", [0, 0]))));
    }

    public void Dispose() => folder.Dispose();
}
