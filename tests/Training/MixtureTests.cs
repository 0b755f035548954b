using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What is read, and in which order: shares, packing, streams.</summary>
public sealed class MixtureTests
{
    /// <summary>Documents of such lengths; the tokens of the first are 1000, 1001, …, of the second 2000, …</summary>
    static MemoryDocuments Numbered(params int[] lengths) =>
        new(lengths.Select((n, d) => new Document($"d:{d + 1}", [.. Enumerable.Range(1000 * (d + 1), n)])));

    /// <summary>Of tokens, not of windows: a source whose windows are half as long comes twice as often.</summary>
    [Fact]
    public void SharesAreOfTokens()
    {
        var (large, small, packed) = (Numbered(900), Numbered(90), Numbered([.. Enumerable.Repeat(5, 20)]));
        var windows = new PackedDocuments(packed, 8, 3);
        Assert.Equal(20, windows.Count);
        MixtureSource[] sources =
        [
            new("large", new RandomWindows(large, 8, 1, 1), 900 / 8.0, 900, 0.5),
            new("small", new RandomWindows(small, 8, 1, 2), 90 / 8.0, 90, 0.3),
            new("chat", windows, windows.Count, packed.Tokens, 0.2),
        ];
        const int Batches = 8192;
        var mixture = new Mixture(sources, 6);
        var read = new int[3];
        for (var n = 0; n < Batches; n++)
        {
            var batch = mixture.At(n);
            for (var s = 0; s < batch.Places.Count; s++)
            {
                var tokens = batch.Starts[s + 1] - batch.Starts[s];
                read[tokens == 5 ? 2 : batch.Ids.Skip(batch.Starts[s]).Take(tokens).Any(id => id >= 1090) ? 0 : 1] += tokens;
            }
        }
        // windows of the large source that lie in its first 90 tokens look like those of the small one: a tenth of it at most
        var all = (double)read.Sum();
        Assert.InRange(read[2] / all, 0.199, 0.201);
        var epochs = mixture.Epochs(Batches);
        double[] tokensRead = [epochs["large"] * 900, epochs["small"] * 90, epochs["chat"] * 100];
        Assert.Equal(all, tokensRead.Sum(), 1.0);
        Assert.InRange(tokensRead[0] / all, 0.499, 0.501);
        Assert.InRange(tokensRead[1] / all, 0.299, 0.301);
    }

    [Fact]
    public void OneSourceIsReadAsWithoutAMixture()
    {
        int[] ids = [.. Enumerable.Range(0, 500)];
        var (alone, windows) = (new RandomWindows(ids, 16, 4, 9), new RandomWindows(ids, 16, 1, 9));
        var mixture = new Mixture([new("text", windows, 500 / 16.0, 500, 1)], 4);
        foreach (var n in (long[])[0, 1, 77, 5000])
        {
            Assert.Equal(alone.At(n).Ids, mixture.At(n).Ids);
            Assert.Equal(alone.At(n).Targets, mixture.At(n).Targets);
            Assert.Equal(alone.At(n).Starts, mixture.At(n).Starts);
        }
        Assert.Equal(12 * 4 * 16 / 500.0, mixture.Epochs(12)["text"], 1e-9);
    }

    /// <summary>A window over the end of a document shows nothing across it, and predicts nothing across it.</summary>
    [Fact]
    public void WindowsEndWhereDocumentsDo()
    {
        var windows = new RandomWindows(Numbered(7, 3, 20), 12, 1, 4);
        for (var n = 0; n < 50; n++)
        {
            var batch = windows.At(n);
            for (var s = 0; s < batch.Places.Count; s++)
                for (var t = batch.Starts[s]; t < batch.Starts[s + 1]; t++)
                {
                    Assert.Equal(batch.Ids[batch.Starts[s]] / 1000, batch.Ids[t] / 1000);
                    Assert.True(batch.Targets[t] == batch.Ids[t] + 1 || batch.Targets[t] == Op.Ignored && batch.Ids[t] is 1006 or 2002);
                }
        }
    }

    /// <summary>Every document whole, once in each round; windows nearly full; another order in the next round.</summary>
    [Fact]
    public void PackingLosesNothing()
    {
        int[] lengths = [.. Enumerable.Range(0, 300).Select(i => 1 + (int)(CounterRng.Mix(5, (ulong)i) % 64))];
        var (documents, rounds) = (Numbered(lengths), new List<string>());
        var packed = new PackedDocuments(documents, 64, 11);
        Assert.InRange(packed.Count, lengths.Sum() / 64, lengths.Sum() / 64 * 1.05 + 1);
        for (var round = 0; round < 2; round++)
        {
            Batch[] windows = [.. Enumerable.Range(0, packed.Count).Select(w => packed.At(round * packed.Count + w))];
            Assert.Equal(documents.Ids.ToArray().Order(), windows.SelectMany(w => w.Ids).Order());
            Assert.All(windows, w => Assert.InRange(w.Ids.Length, 1, 64));
            Assert.Equal(lengths.Length, windows.SelectMany(w => w.Places).Distinct().Count());
            rounds.Add(string.Join(' ', windows.SelectMany(w => w.Places)));
        }
        Assert.NotEqual(rounds[0], rounds[1]);
        Assert.Equal(packed.At(7).Ids, new PackedDocuments(documents, 64, 11).At(7).Ids);
        Assert.Contains("d:2", Assert.Throws<ArgumentException>(() => new PackedDocuments(Numbered(3, 9), 8, 1)).Message);
    }

    /// <summary>Each stream goes on where it ended, and begins anew where a document does: what a plain walk over the text gives.</summary>
    [Theory, InlineData(4), InlineData(11), InlineData(40)]
    public void StreamsGoOnWhereTheyEnded(int length)
    {
        const int Streams = 3;
        var (documents, lengths) = (Numbered(17, 5, 9), (int[])[17, 5, 9]);
        int[] all = documents.Ids.ToArray();
        var mixture = new Mixture([new("text", new DocumentStreams(documents, length, Streams), 31.0 / length, 31, 1)], Streams, Streams);
        int[] at = [.. Enumerable.Range(0, Streams).Select(s => s * all.Length / Streams)], carried = [-1, -1, -1];
        for (var n = 0; n < 20; n++)
        {
            var (batch, sequence) = (mixture.At(n), 0);
            for (var s = 0; s < Streams; s++)
                for (var left = length; left > 0; sequence++)
                {
                    var d = all[at[s]] / 1000;
                    var take = Math.Min(left, lengths[d - 1] - all[at[s]] % 1000);
                    Assert.Equal(all[at[s]..(at[s] + take)], batch.Ids[batch.Starts[sequence]..batch.Starts[sequence + 1]]);
                    Assert.Equal(carried[s], batch.States!.From[sequence]);
                    at[s] = (at[s] + take) % all.Length;
                    carried[s] = all[at[s]] % 1000 == 0 ? -1 : s;
                    left -= take;
                    Assert.Equal(left == 0 ? carried[s] : -1, batch.States.To[sequence]);
                }
            Assert.Equal(sequence, batch.Places.Count);
        }
    }

    [Theory]
    [InlineData("""[{"path": "a.txt", "weight": 0}]""", "data.sources[0].weight is 0")]
    [InlineData("""[{"path": "a.txt", "weight": 1}, "b.txt"]""", "to all, or to none")]
    [InlineData("""[{"path": "a.txt", "name": "x"}, {"path": "b.txt", "name": "x"}]""", "same name")]
    [InlineData("""[{"path": "a.txt", "kind": "chat"}]""", "a.txt is no .jsonl")]
    [InlineData("""[{"weight": 1}]""", "no path")]
    [InlineData("""[null]""", "null")]
    [InlineData("""[{"path": "a.txt", "wieght": 1}]""", "data.sources")]
    public void WhatASourceCannotSayIsNamed(string sources, string said) => Assert.Contains(said, Assert.Throws<RecipeException>(() =>
        RecipeFile.Read(null, new Dictionary<string, string> { ["data.sources"] = sources })).Message);

    [Fact]
    public void SourcesHaveNamesOfTheirOwn() => Assert.Equal(["a", "news", "a-2"], RecipeFile.Read(null, new Dictionary<string, string>
    {
        ["data.sources"] = """["x/a.txt", {"path": "b.txt", "name": "news"}, "y/a.jsonl"]""",
    }).Data.Sources.Select(s => s.Name));
}
