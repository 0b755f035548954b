using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>The scheduler without a model: blocks, places and turns under random traces.</summary>
public sealed class SchedulerTests
{
    const int Block = 4;

    [Fact]
    public void RandomTracesLoseNoBlockAndEndEveryJob()
    {
        for (var seed = 0; seed < Sizes.Of(small: 300, full: 100_000); seed++) Trace((ulong)seed);
    }

    /// <summary>Jobs that come, are answered, are cancelled, pause; many begin alike.</summary>
    static void Trace(ulong seed)
    {
        var drawn = 0UL;
        int Draw(int below) => (int)(CounterRng.Mix(seed, drawn++) % (ulong)below);
        using var on = Backends.Make("reference");
        int blocks = 6 + Draw(30), chunk = 1 + Draw(24), together = 1 + Draw(6);
        using var cache = new KvCache(on.Backend, blocks, Block);
        using var arena = new Arena(on.Backend);
        using var scheduler = new Scheduler(cache, chunk, together);
        var (wanted, all, computed) = (new Dictionary<Job, int>(), new List<Job>(), new Dictionary<Job, int>());
        for (var round = 0; round < 20_000 && (round < 60 || wanted.Count > 0); round++)
        {
            if (round < 60 && Draw(3) == 0)
            {
                var answer = 1 + Draw(12);
                var length = 1 + Draw(Math.Max(1, blocks * Block - answer - 1));
                var job = new Job([.. Enumerable.Range(0, length).Select(i => i < 9 ? i : Draw(3))], $"owner {Draw(3)}");
                wanted[job] = answer;
                all.Add(job);
                scheduler.Add(job);
            }
            if (round < 60 && wanted.Count > 0 && Draw(15) == 0) End(wanted.Keys.ElementAt(Draw(wanted.Count)));
            foreach (var job in wanted.Keys) job.IsPaused = round < 60 && job.Tokens.Count > job.Prompt && Draw(8) == 0;

            var turns = scheduler.Next();
            Assert.True(turns.Sum(t => t.Tokens) <= Math.Max(chunk, turns.Count), $"seed {seed}: more than a pass holds");
            Assert.Equal(turns.Count, turns.Select(t => t.Of).Distinct().Count());
            Assert.True(cache.Fits([.. turns.Select(t => (t.Of.Sequence!, t.Tokens))]), $"seed {seed}: the pass does not fit");
            Assert.True(turns.Count > 0 || wanted.Keys.All(j => j.IsPaused), $"seed {seed}, round {round}: nobody goes on");
            if (turns.Count > 0)
                _ = new Pass(arena, cache, [.. turns.Select(t => (t.Of.Sequence!, (ReadOnlyMemory<int>)t.Of.Next(t.Tokens)))]).Layout;
            arena.Reset();
            foreach (var (job, _) in turns)
            {
                if (job.Left > 0) continue;
                if (job.Tokens.Count == job.Prompt) scheduler.Share(job);
                job.Add(100 + job.Tokens.Count % 3);
                if (--wanted[job] == 0) End(job);
            }
        }
        Assert.Empty(wanted);
        Assert.Equal((0, 0), (scheduler.Waiting, scheduler.Running));
        scheduler.Dispose();
        Assert.Equal(blocks, cache.FreeBlocks);

        void End(Job job)
        {
            scheduler.Remove(job, keep: Draw(4) > 0);
            wanted.Remove(job);
        }
    }

    [Fact]
    public void OwnersTakeTurns()
    {
        var queue = new FairQueue();
        foreach (var owner in "aaab") queue.Add(new Job([1], $"{owner}"));
        var order = "";
        while (queue.Peek() is { } job)
        {
            order += job.Owner;
            queue.Remove(job);
        }
        Assert.Equal("abaa", order);
    }

    [Fact]
    public void JobThatLostItsPlaceIsNext()
    {
        var queue = new FairQueue();
        Job[] jobs = [new([1], "a"), new([1], "b"), new([1], "a")];
        foreach (var job in jobs) queue.Add(job);
        var lost = new Job([1], "b");
        queue.Return(lost);
        Assert.Same(lost, queue.Peek());
    }

    [Fact]
    public void HitComparesTokens()
    {
        using var on = Backends.Make("reference");
        using var cache = new KvCache(on.Backend, 16, Block);
        using var arena = new Arena(on.Backend);
        using var prefixes = new PrefixCache(cache);
        int[] first = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var sequence = cache.Begin();
        _ = new Pass(arena, cache, (sequence, first)).Layout;
        prefixes.Keep(first, sequence);
        Assert.Equal(9, prefixes.Held([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        Assert.Equal(8, prefixes.Held(first));                       // the last is read for its logits
        Assert.Equal(6, prefixes.Held([1, 2, 3, 4, 5, 6, 70, 8, 9, 10]));
        Assert.Equal(0, prefixes.Held([1, 2, 3, 40, 5, 6, 7, 8, 9, 10]));                 // less than a block is not worth a copy
        using var again = prefixes.Begin([1, 2, 3, 4, 5, 6, 70]);
        Assert.Equal(6, again.Length);
    }

    [Fact]
    public void WhatGoesOnFromAnotherTakesItsPlace()
    {
        using var on = Backends.Make("reference");
        using var cache = new KvCache(on.Backend, 16, Block);
        using var arena = new Arena(on.Backend);
        using var prefixes = new PrefixCache(cache);
        foreach (var length in (int[])[5, 9, 9, 7])
        {
            var sequence = cache.Begin();
            int[] tokens = [.. Enumerable.Range(1, length)];
            _ = new Pass(arena, cache, (sequence, tokens)).Layout;
            prefixes.Keep(tokens, sequence);
        }
        Assert.Equal(1, prefixes.Count);
        Assert.Equal(13, cache.FreeBlocks);
        Assert.True(prefixes.Free(16));
        Assert.Equal(0, prefixes.Count);
    }
}
