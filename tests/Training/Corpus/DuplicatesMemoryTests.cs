using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What documents take that were kept. The heap is that of all tests: measured when the others have ended.</summary>
[Collection("alone")]
public sealed class DuplicatesMemoryTests
{
    [Fact]
    public void ADocumentTakesTheMemoryItSays()
    {
        var (random, found, count) = (new Random(5), new NearDuplicates(new MinHash(128)), 5_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
            Assert.Null(found.Add(string.Join(' ', Enumerable.Range(0, 12).Select(_ => $"w{random.Next()}"))));
        var taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        Assert.InRange(taken, 128 * 4, found.BytesPerDocument * 1.1);
        GC.KeepAlive(found);
    }
}
