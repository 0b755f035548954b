using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Indices in files against those in memory.</summary>
public sealed class IndexTests : IDisposable
{
    readonly TempFolder folder = new();

    [Fact]
    public void ExactOnesAreThoseOfASet()
    {
        var (random, set, count) = (new Random(1), new Dictionary<UInt128, long>(), Sizes.Of(20_000, 2_000_000));
        var index = new ExactIndex(folder.Path, 0);
        for (var i = 0; i < count; i++)
        {
            // Few of the upper halves, so that keys meet.
            var hash = new UInt128((ulong)random.Next(count / 8) * 0x9E3779B97F4A7C15, (ulong)random.Next(6));
            var first = set.TryAdd(hash, i) ? -1 : set[hash];
            Assert.Equal(first, index.Add(hash, i));
            if (i % (count / 5) != 7) continue;
            index.Dispose();                                         // opened again it knows what it knew
            index = new(folder.Path, set.Count);
        }
        Assert.Equal(set.Count, index.Count);
        index.Dispose();
    }

    [Fact]
    public void NearOnesAreThoseOfTheListsInMemory()
    {
        var (random, hash, count) = (new Random(2), new MinHash(), Sizes.Of(3_000, 100_000));
        var (slow, index, texts) = (new NearDuplicates(hash), new NearIndex(folder.Path, hash.Hashes, 0.8, 0), new List<string>());
        var kept = new List<long>();
        for (var i = 0; i < count; i++)
        {
            var text = i % 3 == 2 ? texts[random.Next(texts.Count)] + $" w{random.Next(99)}" : MadeCorpus.Text(random, 20);
            texts.Add(text);
            var (place, similarity) = index.Add(hash.SignatureOf(text), i);
            var twin = slow.Add(text);
            Assert.Equal(twin is null ? -1 : kept[twin.First], place);
            Assert.Equal(twin?.Similarity ?? 0, similarity);
            if (twin is null) kept.Add(i);
            if (i % (count / 4) != 11) continue;
            index.Dispose();
            index = new(folder.Path, hash.Hashes, 0.8, slow.Count);
        }
        Assert.InRange(slow.Count, count / 2, count - count / 5);
        index.Dispose();
    }

    [Fact]
    public void ARecordThatIsCutOffIsSaid()
    {
        using (var log = new RecordLog(folder["log"], 24, 0)) log.Add(new byte[24]);
        var e = Assert.Throws<InvalidDataException>(() => new RecordLog(folder["log"], 24, 2));
        Assert.Contains("24 bytes; 48 were expected", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
