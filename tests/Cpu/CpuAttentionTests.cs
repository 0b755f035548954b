using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Fused attention: equal to the composed one, forward and backward; the same bits however the work is cut.
/// </summary>
public sealed class CpuAttentionTests
{
    static readonly int[] Ragged = [0, 37, 37, 140, 141, 680];          // an empty sequence, one token, more than a segment

    public static TheoryData<int, int, int, bool, int?> Shapes => new()
    {
        { 1, 1, 1, true, null }, { 3, 1, 16, true, null }, { 4, 4, 20, true, 7 }, { 6, 2, 80, false, 9 }, { 9, 3, 64, true, null },
        { 2, 2, 7, true, 100 }, { 4, 2, 128, false, null }, { 8, 1, 33, true, 1 }, { 49, 1, 3, true, 20 }, { 2, 1, 144, true, 530 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AsComposed(int heads, int shared, int width, bool causal, int? window)
    {
        var spec = new AttentionSpec(heads, shared, width, causal, window);
        Compare(spec, SequenceLayout.Packed(Ragged), 680);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]                                            // more queries than keys: the first see nothing
    [InlineData(false, 5)]
    public void AsComposedAcross(bool causal, int? window) =>
        Compare(new(4, 2, 24, causal, window), SequenceLayout.Crossed([0, 5, 70, 71], [0, 80, 90, 690]), 690);

    [Fact]
    public void AsComposedWhereSequencesShareKeys() => Compare(new(2, 2, 16), new([0, 3, 8], [70, 40], [[0, 32, 64], [0, 96]], 32), 128);

    static void Compare(AttentionSpec spec, SequenceLayout layout, int keyRows)
    {
        using var backend = new CpuBackend(2, CpuPath.Portable);
        var fused = Run(backend, spec, layout, keyRows, Op.Attention);
        var composed = Run(backend, spec, layout, keyRows, (q, k, v, l, s) => Op.AttentionComposed(q, k, v, l, s));
        for (var i = 0; i < fused.Length; i++)
        {
            var scale = Math.Max(1, composed[i].Max(MathF.Abs));
            for (var j = 0; j < fused[i].Length; j++)
                Assert.True(MathF.Abs(fused[i][j] - composed[i][j]) < 1e-5f * scale, $"{Parts[i]}[{j}] is "
                    + $"{fused[i][j]}, composed {composed[i][j]}");
        }
    }

    static readonly string[] Parts = ["y", "dq", "dk", "dv"];

    static float[][] Run(Backend backend, AttentionSpec spec, SequenceLayout layout, int keyRows,
        Func<Tensor, Tensor, Tensor, SequenceLayout, AttentionSpec, Tensor> attention)
    {
        using var arena = new Arena(backend);
        var q = arena.Random(1, layout.Queries, spec.Heads * spec.HeadWidth);
        var k = arena.Random(2, keyRows, spec.KeyValueHeads * spec.HeadWidth);
        var v = arena.Random(3, keyRows, spec.KeyValueHeads * spec.HeadWidth);
        foreach (var t in new[] { q, k, v }) t.NeedsGrad = true;
        foreach (var t in new[] { q, k, v }) t.Grad.Set(CpuRuns.Numbers(9, (int)t.Shape.Count));       // gradients accumulate
        var y = attention(q, k, v, layout, spec);
        var result = y.ToArray();
        y.Backward(CpuRuns.Numbers(4, result.Length));
        return [result, q.Grad.ToArray(), k.Grad.ToArray(), v.Grad.ToArray()];
    }

    [Theory]
    [InlineData(9, 3, 64, null)]
    [InlineData(2, 2, 20, 300)]
    public void SameBitsOnAnyThreads(int heads, int shared, int width, int? window)
    {
        float[][]? expected = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var backend = new CpuBackend(threads);
            var found = Run(backend, new(heads, shared, width, Window: window), SequenceLayout.Packed(Ragged), 680, Op.Attention);
            expected ??= found;
            for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i]);
        }
    }

    [Theory]
    [InlineData(9, 3, 64, null)]
    [InlineData(4, 4, 16, 530)]
    [InlineData(5, 1, 22, null)]
    public void SameBitsHoweverKeysAreCut(int heads, int shared, int width, int? window)
    {
        using var backend = new CpuBackend(2);
        using var arena = new Arena(backend);
        var spec = new AttentionSpec(heads, shared, width, Window: window);
        int[] starts = [0, 5, 6, 30], counts = [70, 1100, 24];
        var (keys, values) = (CpuRuns.Numbers(2, 1194 * shared * width), CpuRuns.Numbers(3, 1194 * shared * width));
        var q = arena.Random(1, 30, heads * width);
        float[]? expected = null;
        foreach (var size in new[] { 1200, 1, 16, 32, 100 })
        {
            var (layout, k) = CpuRuns.Shuffled(size, starts, counts, size, shared * width, keys);
            var (_, v) = CpuRuns.Shuffled(size, starts, counts, size, shared * width, values);
            Tensor Cache(float[] values) => arena.New(values.Length / (shared * width), shared * width).Set(values);
            var found = Op.Attention(q, Cache(k), Cache(v), layout, spec).ToArray();
            expected ??= found;
            Assert.Equal(expected, found);
        }
    }

    /// <summary>Prefill at once, in pieces, and token by token.</summary>
    [Theory]
    [InlineData(9, 3, 64, null)]
    [InlineData(4, 4, 16, 70)]
    [InlineData(8, 1, 80, null)]
    public void SameBitsHoweverManyQueries(int heads, int shared, int width, int? window)
    {
        using var backend = new CpuBackend(2);
        using var arena = new Arena(backend);
        var spec = new AttentionSpec(heads, shared, width, Window: window);
        const int T = 1300;
        var (q, k, v) = (CpuRuns.Numbers(1, T * heads * width), arena.Random(2, T, shared * width), arena.Random(3, T, shared * width));
        var whole = Op.Attention(arena.New(T, heads * width).Set(q), k, v, SequenceLayout.Packed(0, T), spec).ToArray();
        foreach (var (start, end) in new[] { (0, 1), (1, 2), (63, 65), (500, 513), (512, 900), (1030, 1031), (1299, 1300) })
        {
            var part = arena.New(end - start, heads * width).Set(q.AsSpan(start * heads * width, (end - start) * heads * width));
            var found = Op.Attention(part, k, v, new([0, end - start], [end], [[0]], T), spec).ToArray();
            Assert.Equal(whole.AsSpan(start * heads * width, found.Length).ToArray(), found);
        }
    }
}
