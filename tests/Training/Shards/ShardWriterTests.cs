using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Shard sets as they lie on the disk, byte for byte; interrupted anywhere, the same bytes.</summary>
public sealed class ShardWriterTests : IDisposable
{
    const string Tokenizer = "00000000000000000000000000000000000000000000000000000000000000ff";

    readonly TempFolder folder = new();

    /// <summary>Documents of drawn lengths and ids; every fifth is held out.</summary>
    static IEnumerable<(int[] Ids, long Number, bool Held)> Documents(int count, int vocabulary) =>
        Enumerable.Range(0, count).Select(d => (
            Enumerable.Range(0, 1 + (int)(CounterRng.Mix(3, (ulong)d) % 40))
                .Select(i => (int)(CounterRng.Mix((ulong)d, (ulong)i) % (ulong)vocabulary)).ToArray(), 10L + d, d % 5 == 4));

    [Theory, InlineData(1 << 16, 2, "uint16"), InlineData((1 << 16) + 1, 4, "uint32")]
    public void TheBytesAreWhatTheFormatSays(int vocabulary, int bytes, string type)
    {
        using (var writer = new ShardWriter(folder["set"], "books", Tokenizer, vocabulary))
        {
            writer.Add([1, vocabulary - 1, 0], 7, held: false);
            writer.Add([], 8, held: false);
            writer.Add([5], 9, held: true);
            writer.Add([2, 3], 11, held: false);
            Throws.Saying<ArgumentException>("books#12: token " + vocabulary, () => writer.Add([0, vocabulary], 12, held: false));
            Assert.False(File.Exists(Path.Combine(folder["set"], "shards.json")));
            writer.Finish(new() { ["by"] = "a test" });
        }
        Assert.Equal(Ids(1, vocabulary - 1, 0, 2, 3), Bytes("train-00000.bin"));
        Assert.Equal(Ids(5), Bytes("held-00000.bin"));
        Assert.Equal(Index(0, 7, 3, 11), Bytes("train-00000.idx"));
        Assert.Equal(Index(0, 9), Bytes("held-00000.idx"));
        var json = JsonNode.Parse(Bytes("shards.json"))!;
        Assert.Equal((1, "books", Tokenizer, type, 3, 6), ((int)json["version"]!, (string)json["name"]!, (string)json["tokenizer"]!,
            (string)json["dtype"]!, (int)json["documents"]!, (int)json["tokens"]!));
        Assert.Equal("""{"by":"a test"}""", json["made"]!.ToJsonString());
        Assert.Equal(["train-00000.bin", "held-00000.bin"], json["files"]!.AsArray().Select(f => (string)f!["name"]!));
        Assert.All(json["files"]!.AsArray(), f => Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Bytes((string)f!["name"]!))), (string)f["sha256"]!));

        byte[] Ids(params int[] ids) => [.. ids.SelectMany(i => BitConverter.GetBytes(i).Take(bytes))];
        byte[] Index(params long[] all)
        {
            var made = new byte[all.Length * sizeof(long)];
            for (var i = 0; i < all.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(made.AsSpan(i * sizeof(long)), all[i]);
            return made;
        }
    }

    byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(folder["set"], file));

    /// <summary>Whatever came after the state that was kept, and wherever that was.</summary>
    [Theory, InlineData(0), InlineData(1), InlineData(17), InlineData(60), InlineData(99), InlineData(100)]
    public void GoneOnWithItIsTheSameBytes(int kept)
    {
        const int Count = 100, PerFile = 300;
        var all = Documents(Count, 500).ToArray();
        using (var whole = new ShardWriter(folder["whole"], "x", Tokenizer, 500, PerFile))
        {
            foreach (var (ids, number, held) in all) whole.Add(ids, number, held);
            whole.Finish([]);
        }
        JsonObject state;
        using (var first = new ShardWriter(folder["parts"], "x", Tokenizer, 500, PerFile))
        {
            foreach (var (ids, number, held) in all[..kept]) first.Add(ids, number, held);
            state = JsonNode.Parse(first.State().ToJsonString())!.AsObject();
            foreach (var (ids, number, held) in all[kept..Math.Min(Count, kept + 40)]) first.Add(ids, number, held);
        }
        using (var second = ShardWriter.Resume(folder["parts"], "x", Tokenizer, 500, state, PerFile))
        {
            foreach (var (ids, number, held) in all[kept..]) second.Add(ids, number, held);
            Assert.Equal(all.Sum(d => d.Ids.Length), second.Tokens);
            second.Finish([]);
        }
        var files = Directory.EnumerateFiles(folder["whole"]).Select(f => Path.GetFileName(f)).Order().ToArray();
        Assert.True(files.Length > 9);
        Assert.Equal(files, Directory.EnumerateFiles(folder["parts"]).Select(f => Path.GetFileName(f)).Order());
        Assert.All(files, f => Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder["whole"], f)), File.ReadAllBytes(Path.Combine(folder["parts"], f))));
    }

    /// <summary>Files that were changed meanwhile are refused; a new set leaves nothing of an old one, and other files alone.</summary>
    [Fact]
    public void WhatLiesThereAlreadyIsNotMixedIn()
    {
        JsonObject state;
        using (var first = new ShardWriter(folder["set"], "x", Tokenizer, 500, 50))
        {
            foreach (var (ids, number, held) in Documents(30, 500)) first.Add(ids, number, held);
            state = first.State();
            first.Finish([]);
        }
        File.WriteAllText(Path.Combine(folder["set"], "train.bin"), "somebody's");
        File.WriteAllBytes(Path.Combine(folder["set"], "train-00001.bin"), [1]);
        Throws.Saying<InvalidDataException>("train-00001.bin", () => ShardWriter.Resume(folder["set"], "x", Tokenizer, 500, state, 50));
        Throws.Saying<InvalidDataException>("files is missing", () => ShardWriter.Resume(folder["set"], "x", Tokenizer, 500, [], 50));
        using (var second = new ShardWriter(folder["set"], "x", Tokenizer, 500)) second.Finish([]);
        Assert.Equal(["shards.json", "train.bin"], Directory.EnumerateFiles(folder["set"]).Select(f => Path.GetFileName(f)).Order());
    }

    public void Dispose() => folder.Dispose();
}
