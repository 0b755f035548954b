using System.Text;
using System.Text.Json.Nodes;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Sets that are damaged, or lie: what is wrong is said with its place, and nothing else happens.</summary>
public sealed class ShardSetTests : IDisposable
{
    readonly TempFolder folder = new();

    public ShardSetTests()
    {
        using var writer = new ShardWriter(Set, "books", new string('a', 64), 300, 20);
        for (var d = 0; d < 12; d++) writer.Add([.. Enumerable.Range(d, 5 + d % 3)], d, held: d % 4 == 3);
        writer.Finish([]);
    }

    string Set => folder["set"];

    string At(string file) => Path.Combine(Set, file);

    static void Read(string set)
    {
        using var opened = ShardSet.Open(set);
        foreach (var part in (string[])["train", "held"])
        {
            var documents = opened.Part(part, 300);
            var ids = new int[documents.Tokens];
            documents.CopyIds(0, ids);
            for (var t = 0L; t < documents.Tokens; t = documents.EndAt(t, documents.Tokens))
                Assert.True(documents.BeginsAt(t) && documents.PlaceAt(t).StartsWith("books#", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ASetIsWhatWasWritten()
    {
        Read(Set);
        using var set = ShardSet.Open(Set);
        set.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(("books", 12, 300), (set.Name, set.Documents, set.Vocabulary));
        Assert.True(set.Files.Count() > 3);
        var train = set.Part("train", 300);
        var expected = Enumerable.Range(0, 12).Where(d => d % 4 != 3).SelectMany(d => Enumerable.Range(d, 5 + d % 3)).ToArray();
        var found = new int[train.Tokens];
        train.CopyIds(0, found);
        Assert.Equal(expected, found);
        Assert.Equal("books#1 (from token 3)", train.PlaceAt(7));
        Throws.Saying<InvalidDataException>("id 7 is none that the model has, 0 … 6", () => set.Part("train", 7).CopyIds(0, found));
        Throws.Saying<FileNotFoundException>("shards.json", () => ShardSet.Open(folder.Path));
        Assert.Equal([Set], ShardSet.Within(folder.Path));
    }

    [Theory]
    [InlineData("version", "2", "version 2")]
    [InlineData("version", "\"1\"", "version is \"1\"; a whole number was expected")]
    [InlineData("dtype", "\"int8\"", "dtype is 'int8'; expected uint16 or uint32")]
    [InlineData("dtype", "\"uint32\"", "of 4 bytes each")]
    [InlineData("tokens", "7", "tokens is 7, its files have 72")]
    [InlineData("tokenizer", "\"../../x\"", "expected a SHA-256")]
    [InlineData("files", "{}", "files is {}; an array was expected")]
    [InlineData("files", "null", "files is missing")]
    [InlineData("files", "[5]", "files[0] is 5; an object was expected")]
    [InlineData("vocabulary", "-1", "vocabulary is -1; a whole number was expected")]
    [InlineData("files.0.name", "\"../train-00000.bin\"", "expected train-00000.bin")]
    [InlineData("files.0.part", "\"test\"", "expected train or held")]
    [InlineData("files.0.tokens", "9223372036854775807", "at most")]
    [InlineData("files.0.tokens", "2305843009213693951", "was it cut off?")]
    [InlineData("files.0.documents", "576460752303423487", "was it cut off?")]
    [InlineData("files.0.documents", "1.5", "files[0].documents is 1.5")]
    public void WhatShardsJsonCannotSayIsNamed(string key, string value, string said)
    {
        var json = JsonNode.Parse(File.ReadAllText(At("shards.json")))!;
        if (key.Split('.') is [_, _, var inner]) json["files"]![0]![inner] = JsonNode.Parse(value);
        else json[key] = JsonNode.Parse(value);
        File.WriteAllText(At("shards.json"), json.ToJsonString());
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => Read(Set)).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(0, 1L, "begins with token 1")]
    [InlineData(16, 0L, "document 2 begins with token 0")]
    [InlineData(16, long.MaxValue, "expected a token above 0 and below")]
    [InlineData(16, -5L, "document 2 begins with token -5")]
    [InlineData(8, -1L, "the number -1")]
    public void AnIndexThatDoesNotRiseIsRefused(int at, long value, string said)
    {
        var bytes = File.ReadAllBytes(At("train-00000.idx"));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        File.WriteAllBytes(At("train-00000.idx"), bytes);
        Throws.Saying<InvalidDataException>(said, () => Read(Set));
    }

    [Fact]
    public void AFileThatIsMissingCutOrChangedIsNamed()
    {
        var bytes = File.ReadAllBytes(At("train-00001.bin"));
        bytes[2] ^= 1;
        File.WriteAllBytes(At("train-00001.bin"), bytes);
        using (var set = ShardSet.Open(Set))
            Throws.Saying<InvalidDataException>("train-00001.bin: its SHA-256", () => set.Verify(TestContext.Current.CancellationToken));
        File.WriteAllBytes(At("train-00001.bin"), bytes[..^1]);
        Throws.Saying<InvalidDataException>("train-00001.bin has", () => Read(Set));
        File.WriteAllBytes(At("train-00001.bin"), []);
        Throws.Saying<InvalidDataException>("train-00001.bin is empty", () => Read(Set));
        File.Delete(At("train-00001.bin"));
        Throws.Saying<FileNotFoundException>("train-00001.bin", () => Read(Set));
    }

    /// <summary>Bytes of any file of a set changed at random: it is read, or refused in words.</summary>
    [Fact]
    public void WhateverIsChangedNothingCrashes()
    {
        string[] files = [.. Directory.EnumerateFiles(Set).Order(StringComparer.Ordinal)];
        for (var n = 0UL; n < (ulong)Sizes.Of(400, 20_000); n++)
        {
            var file = files[CounterRng.Mix(n, 0) % (ulong)files.Length];
            var whole = File.ReadAllBytes(file);
            var bytes = whole.ToArray();
            for (var i = 0UL; i <= n % 3; i++) bytes[CounterRng.Mix(n, 1 + i) % (ulong)bytes.Length] = (byte)CounterRng.Mix(n, 11 + i);
            if (n % 5 == 4) bytes = bytes[..(int)(CounterRng.Mix(n, 5) % (ulong)bytes.Length)];
            File.WriteAllBytes(file, bytes);
            try { Read(Set); }
            catch (InvalidDataException e) { Assert.True(e.Message.Length > 20); }
            catch (FileNotFoundException e) { Assert.True(e.Message.Length > 20); }
            catch (Xunit.Sdk.TrueException) { Assert.EndsWith("shards.json", file, StringComparison.Ordinal); }   // it has another name
            File.WriteAllBytes(file, whole);
        }
    }

    public void Dispose() => folder.Dispose();
}
