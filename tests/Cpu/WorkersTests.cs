using Dayu.Cpu;

namespace Dayu.Tests;

public sealed unsafe class WorkersTests
{
    readonly struct Count(int* hits) : IJob
    {
        public void Run(int chunk) => Interlocked.Increment(ref hits[chunk]);
    }

    readonly struct Throw(int at) : IJob
    {
        public void Run(int chunk)
        {
            if (chunk == at) throw new InvalidOperationException($"chunk {chunk}");
        }
    }

    readonly struct Nested(Workers workers, int* hits) : IJob
    {
        public void Run(int chunk) => workers.Run(new Count(hits + 8 * chunk), 8);
    }

    /// <summary>With 0 µs workers park after every parallel-for, with 1,000 they never do.</summary>
    [Theory]
    [InlineData(1, 50), InlineData(2, 0), InlineData(2, 50), InlineData(4, 1000), InlineData(7, 5)]
    public void EveryChunkRunsOnce(int threads, double spin)
    {
        using var workers = new Workers(threads, spin);
        using var hits = new Guarded<int>(1000);
        for (var round = 0; round < 3000; round++) workers.Run(new Count(hits.Pointer), round % 40);
        for (var chunk = 0; chunk < 40; chunk++) Assert.Equal(75 * (39 - chunk), hits.Span[chunk]);
        workers.Run(new Count(hits.Pointer + 100), 900);
        Assert.All(hits.Span[100..].ToArray(), n => Assert.Equal(1, n));
    }

    [Fact]
    public void SeveralCallersAtOnce()
    {
        using var workers = new Workers(3);
        using var hits = new Guarded<int>(64);
        void Call()
        {
            for (var i = 0; i < 2000; i++) workers.Run(new Count(hits.Pointer), 64);
        }
        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(Call)).ToArray();
        foreach (var c in callers) c.Start();
        foreach (var c in callers) c.Join();
        Assert.All(hits.Span.ToArray(), n => Assert.Equal(8000, n));
    }

    [Fact]
    public void ParallelForInsideAChunk()
    {
        using var workers = new Workers(3);
        using var hits = new Guarded<int>(64);
        for (var i = 0; i < 500; i++) workers.Run(new Nested(workers, hits.Pointer), 8);
        Assert.All(hits.Span.ToArray(), n => Assert.Equal(500, n));
    }

    [Fact]
    public void AnExceptionReachesTheCallerAndThePoolGoesOn()
    {
        using var workers = new Workers(3);
        using var hits = new Guarded<int>(16);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal($"chunk {i % 16}", Assert.Throws<InvalidOperationException>(() => workers.Run(new Throw(i % 16), 16)).Message);
            workers.Run(new Count(hits.Pointer), 16);
        }
        Assert.All(hits.Span.ToArray(), n => Assert.Equal(300, n));
    }

    [Fact]
    public void ARegionAllocatesNothing()
    {
        using var workers = new Workers(2);
        using var hits = new Guarded<int>(64);
        for (var i = 0; i < 100; i++) workers.Run(new Count(hits.Pointer), 64);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) workers.Run(new Count(hits.Pointer), 64);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AfterDisposeItRunsOnTheCaller()
    {
        var workers = new Workers(3);
        workers.Dispose();
        workers.Dispose();
        using var hits = new Guarded<int>(8);
        workers.Run(new Count(hits.Pointer), 8);
        Assert.All(hits.Span.ToArray(), n => Assert.Equal(1, n));
    }
}
