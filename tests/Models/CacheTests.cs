using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Sequences of a cache: they grow together or not at all, share what they begin with, and keep states that cannot go
/// back.
/// </summary>
public sealed class CacheTests
{
    static readonly ReferenceBackend on = new();

    static LoadedModel Model()
    {
        var config = System.Text.Json.Nodes.JsonNode.Parse(Families.Known.Single(f => f.Name == "llama").Example)!.AsObject();
        return LoadedModel.Create(config, on, 3, train: false, gain: 15);
    }

    static (KvSequence, ReadOnlyMemory<int>) Part(KvSequence sequence, params int[] ids) => (sequence, ids);

    [Fact]
    public void SequencesGrowTogetherOrNotAtAll()
    {
        using var model = Model();
        var net = model.As<ICausalLm>();
        using var arena = new Arena(on);
        using var cache = new KvCache(on, 4, 2, DType.F32);
        using KvSequence a = cache.Begin(), b = cache.Begin();
        net.Forward(new(arena, cache, Part(a, 1, 2, 3)));
        var full = new Pass(arena, cache, Part(a, 4, 5), Part(b, 1, 2, 3));
        Assert.False(cache.Fits((a, 2), (b, 3)));
        Assert.True(cache.Fits((a, 1), (b, 3)));
        Throws.Saying<InvalidOperationException>("needs 3 more blocks", () => net.Forward(full));
        Assert.Equal((3, 0, 2), (a.Length, b.Length, cache.FreeBlocks));

        Throws.Saying<ArgumentException>("twice", () => net.Forward(new(arena, cache, Part(a, 4), Part(a, 5))));
        Throws.Saying<ArgumentException>("without tokens", () => net.Forward(new(arena, cache, Part(b), Part(a, 5))));
        using var elsewhere = new KvCache(on, 1, 8);
        using var stranger = elsewhere.Begin();
        Throws.Saying<ArgumentException>("another cache", () => net.Forward(new(arena, cache, Part(stranger, 1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Forward(new(arena, cache, Part(b, 1)) { SelectedRows = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Forward(new(arena, cache, Part(b, 1, 99))));      // no such token
        Pass late = new(arena, cache, Part(b, 1)), early = new(arena, cache, Part(b, 2));
        net.Forward(early);
        Throws.Saying<InvalidOperationException>("held 0 tokens", () => net.Forward(late));
        Assert.Equal((3, 1, 1), (a.Length, b.Length, cache.FreeBlocks));
    }

    /// <summary>
    /// A layer that fails in the middle: what the sequences held is as it was, and they go on from there.
    /// </summary>
    [Fact]
    public void AFailureLeavesTheCacheAsItWas()
    {
        using var model = Model();
        var net = model.As<ICausalLm>();
        using var arena = new Arena(on);
        using KvCache cache = new(on, 8, 2, DType.F32), other = new(on, 8, 2, DType.F32);
        using KvSequence a = cache.Begin(), alone = other.Begin();
        net.Forward(new(arena, cache, Part(a, 1, 2, 3)));
        var failing = new Probe { TakesAttention = false, Residual = (depth, x) => depth == 2 ? throw new TimeoutException() : x };
        Assert.Throws<TimeoutException>(() => net.Forward(new(arena, cache, Part(a, 9, 9, 9)) { Probe = failing }));
        Assert.Equal((3, 6), (a.Length, cache.FreeBlocks));
        net.Forward(new(arena, other, Part(alone, 1, 2, 3)));
        Assert.Equal(net.Forward(new(arena, other, Part(alone, 4))).ToArray(), net.Forward(new(arena, cache, Part(a, 4))).ToArray());
    }

    /// <summary>
    /// Random forks, growth and ends: no block is lost, none is held twice by accident, and what each sequence reads is
    /// what it wrote.
    /// </summary>
    [Fact]
    public void BlocksAreSharedAndComeBack()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 200; trial++)
        {
            using var cache = new KvCache(on, 12, 1 + trial % 4, DType.F32);
            using var arena = new Arena(on);
            var layer = new object();
            var sequences = new List<(KvSequence Sequence, List<float> Wrote)> { (cache.Begin(), []) };
            for (var step = 0; step < 60; step++)
            {
                var (sequence, wrote) = sequences[random.Next(sequences.Count)];
                switch (random.Next(5))
                {
                    case 0 when sequences.Count < 5: sequences.Add((sequence.Fork(), [.. wrote])); break;
                    case 1 when sequences.Count > 1: sequences.Remove((sequence, wrote)); sequence.Dispose(); break;
                    case 2:
                        var length = random.Next(wrote.Count + 1);
                        sequence.Truncate(length);
                        wrote.RemoveRange(length, wrote.Count - length);
                        break;
                    default:
                        var count = 1 + random.Next(4);
                        if (!cache.Fits((sequence, count))) break;
                        Write(sequence, wrote, count);
                        break;
                }
            }
            foreach (var (sequence, _) in sequences) sequence.Dispose();
            Assert.Equal(12, cache.FreeBlocks);

            void Write(KvSequence sequence, List<float> wrote, int count)
            {
                arena.Reset();
                var pass = new Pass(arena, cache, (sequence, new int[count]));
                float[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
                wrote.AddRange(values);
                var (zeros, v) = (arena.New(count, 1).Set(new float[count]), arena.New(count, 1).Set(values));
                var y = pass.Attend(layer, zeros, zeros, v, new(1, 1, 1)).ToArray();    // equal scores: the mean of all values so far
                Assert.Equal(wrote.Average(), y[^1], 1e-5f);
            }
        }
    }

    /// <summary>A running sum, token by token: the smallest recurrent layer.</summary>
    sealed class RunningSum : IBlock
    {
        public Tensor Forward(Tensor x, Pass p)
        {
            var (state, width) = (p.State(this, x.Width).ToArray(), x.Width);
            var (values, y, row) = (x.ToArray(), new float[x.Shape.Count], 0);
            for (var s = 0; s < p.Sequences; s++)
                for (var t = p.Layout.QueryStarts[s]; t < p.Layout.QueryStarts[s + 1]; t++, row++)
                    for (var c = 0; c < width; c++) y[row * width + c] = state[s * width + c] += values[row * width + c];
            p.Carry(this, p.Arena.New(p.Sequences, width).Set(state));
            return x.Like().Set(y);
        }
    }

    [Fact]
    public void AStateGoesOnForksAndCannotGoBack()
    {
        using var arena = new Arena(on);
        using var cache = new KvCache(on, 32, 4);
        var stack = new Blocks(new(new RandomWeights(arena, 1)), 2, (_, _) => new RunningSum());
        float[] Sum(params (KvSequence, float[])[] parts)
        {
            var p = new Pass(arena, cache, [.. parts.Select(part => (part.Item1, (ReadOnlyMemory<int>)new int[part.Item2.Length]))]);
            var x = arena.New(parts.Sum(part => part.Item2.Length), 1).Set([.. parts.SelectMany(part => part.Item2)]);
            return stack.Forward(x, p).ToArray();
        }

        using KvSequence a = cache.Begin(), b = cache.Begin();
        Assert.Equal([1, 4, 10, 20, 7, 21], Sum((a, [1, 2, 3, 4]), (b, [7, 7])));   // sums of sums
        Assert.False(a.CanTruncate);
        using var fork = a.Fork();
        Assert.Equal([35, 37], Sum((a, [5]), (fork, [7])));
        Throws.Saying<InvalidOperationException>("cannot go back to 3", () => a.Truncate(3));
        Assert.Equal([29], Sum((b, [-6])));
        a.Truncate(0);
        Assert.True(a.CanTruncate);
        Assert.Equal([2], Sum((a, [2])));

        // a pass that fails leaves the state as it was
        var probe = new Probe { Residual = (depth, x) => depth == 2 ? throw new TimeoutException() : x };
        var failing = new Pass(arena, cache, (fork, new int[1])) { Probe = probe };
        Assert.Throws<TimeoutException>(() => stack.Forward(arena.New(1, 1).Set([100f]), failing));
        Assert.Equal([37 + 17 + 0], Sum((fork, [0])));
    }

    /// <summary>An encoder's pass and a decoder's share an arena: who owns it resets it.</summary>
    [Fact]
    public void TwoPassesShareAnArena()
    {
        using var model = Model();
        using var arena = new Arena(on);
        Pass first = new(arena, [1, 2, 3]), second = new(arena, [4, 5]);
        var y = model.Net.Hidden(first);
        var before = y.ToArray();
        model.Net.Hidden(second);
        Assert.Equal(before, y.ToArray());
    }
}
