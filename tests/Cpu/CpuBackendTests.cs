using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// What the CPU backend promises beyond right results: the same bits on any threads and in any company, nothing on the
/// heap, passes side by side.
/// </summary>
public sealed class CpuBackendTests
{
    /// <summary>The small ops of a block, forward and backward.</summary>
    static List<float[]> Block(Backend backend, int rows, int width, int[]? only = null)
    {
        using var arena = new Arena(backend);
        var picked = only ?? [.. Enumerable.Range(0, rows)];
        Tensor Rows(int seed)
        {
            var all = CpuRuns.Numbers(seed, rows * width);
            return arena.New(picked.Length, width).Set(picked.SelectMany(r => all.AsSpan(r * width, width).ToArray()).ToArray());
        }
        var (x, gate, up) = (Rows(1), Rows(2), Rows(3));
        var (g, b) = (arena.New(width).Set(CpuRuns.Numbers(4, width)), arena.New(width).Set(CpuRuns.Numbers(5, width)));
        foreach (var t in new[] { x, gate, up, g, b }) t.NeedsGrad = true;
        var spec = new RopeSpec(width / 2, width / 4 / 2 * 2, 10000, Interleaved: width % 4 == 0);
        var angles = Op.RopeAngles(arena.Ints(picked), spec);
        var y = Op.Rope(Op.RmsNorm(x, g, 1e-5f) + Op.LayerNorm(x, g, b, 1e-5f), angles, spec) * Op.SwiGlu(gate, up);
        var z = Op.Softmax(Op.GeluTanh(y) + b);
        List<float[]> results = [y.ToArray(), z.ToArray()];
        z.Backward(Rows(6).ToArray());
        results.AddRange([x.Grad.ToArray(), gate.Grad.ToArray(), up.Grad.ToArray()]);
        if (only is null) results.AddRange([g.Grad.ToArray(), b.Grad.ToArray()]);
        return results;
    }

    [Theory]
    [InlineData(300, 576)]
    [InlineData(200, 1002)]
    [InlineData(3, 40000)]
    public void SameBitsOnAnyThreads(int rows, int width)
    {
        List<float[]>? expected = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var backend = new CpuBackend(threads);
            var found = Block(backend, rows, width);
            expected ??= found;
            Assert.Equal(expected, found);
        }
    }

    [Theory]
    [InlineData(576)]
    [InlineData(1002)]
    public void SameBitsInAnyCompany(int width)
    {
        using var backend = new CpuBackend(2);
        var all = Block(backend, 300, width);
        int[] some = [0, 7, 63, 64, 299];
        var alone = Block(backend, 300, width, some);
        for (var i = 0; i < alone.Count; i++)
            for (var r = 0; r < some.Length; r++)
                Assert.Equal(all[i].AsSpan(some[r] * width, width).ToArray(), alone[i].AsSpan(r * width, width).ToArray());
    }

    [Fact]
    public void DecodingMakesNothingOnTheHeap()
    {
        using var backend = new CpuBackend(2);
        using Arena lasting = new(backend), arena = new(backend);
        var table = lasting.New(DType.Named("q8_0"), new(100, 64)).Set(CpuRuns.Numbers(1, 6400));
        var weight = new Weight("w", lasting.Random(2, 64, 64));
        var g = lasting.New(64).Set(CpuRuns.Numbers(3, 64));
        var (k, v) = (lasting.Random(4, 2000, 32), lasting.Random(5, 2000, 32));
        var spec = new AttentionSpec(4, 2, 16);
        var rope = new RopeSpec(16, 10000);
        var layout = new SequenceLayout([0, 1], [1999], [[0]], 2000);
        var angles = Op.RopeAngles(lasting.Ints([1998]), rope);

        void Pass()
        {
            var ids = arena.Ints([5]);
            var x = Op.Gather(table, ids);
            var q = Op.Rope(Op.MatMul(Op.RmsNorm(x, g, 1e-5f), weight), angles, rope);
            Op.Scatter(k, Op.Slice(q, 0, 32), ids);
            x += Op.Attention(q, k, v, layout, spec);
            x += Op.MatMul(Op.SwiGlu(Op.GeluTanh(x), Op.LayerNorm(x, g, g, 1e-5f)), weight);
            Op.Softmax(Op.MatMul(x, weight));
            arena.Reset();
        }

        for (var i = 0; i < 50; i++) Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) Pass();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 20, 0, 300);
    }

    [Fact]
    public async Task PassesSideBySide()
    {
        using var backend = new CpuBackend(3);
        var alone = Block(backend, 150, 576);
        var spec = new AttentionSpec(4, 2, 32);
        float[] Attend()
        {
            using var arena = new Arena(backend);
            Tensor q = arena.Random(1, 200, 128), k = arena.Random(2, 200, 64), v = arena.Random(3, 200, 64);
            return Op.Attention(q, k, v, SequenceLayout.Packed(0, 200), spec).ToArray();
        }
        var attended = Attend();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            for (var n = 0; n < 5; n++)
                if (i % 2 == 0) Assert.Equal(alone, Block(backend, 150, 576));
                else Assert.Equal(attended, Attend());
        })));
    }

    [Fact]
    public void WhatIsNoRowIsSaid()
    {
        using var backend = new CpuBackend(1);
        using var arena = new Arena(backend);
        var table = arena.Random(1, 10, 8);
        Throws.Saying<ArgumentOutOfRangeException>("10 at position 1, expected 0 … 9",
            () => Op.Gather(table, arena.Ints([3, 10])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Op.Scatter(table, arena.Random(1, 1, 8), arena.Ints([-1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Op.CrossEntropy(table, arena.Ints([0, 1, 2, 3, 4, 5, 6, 7, 8, 0])));
    }
}
