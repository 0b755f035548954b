using Dayu.Cpu;

namespace Dayu.Tests;

public sealed unsafe class GemmTests
{
    /// <summary>
    /// T, N, K: awkward sizes; every height of a tile; more rows than are packed at a time; more k than fits a block.
    /// </summary>
    static readonly (int T, int N, int K)[] Sizes =
    [
        (1, 1, 1), (1, 31, 127), (2, 33, 31), (3, 32, 64), (4, 127, 33), (5, 64, 1600), (6, 96, 5), (7, 33, 770),
        (8, 31, 16), (9, 40, 9), (10, 65, 33), (11, 1, 127), (12, 127, 127), (13, 96, 31), (14, 32, 769),
        (15, 100, 48), (31, 31, 31), (33, 127, 800), (169, 33, 127), (510, 40, 70), (1, 700, 1537), (70, 33, 3100),
    ];

    public static TheoryData<CpuPath, int> Cases =>
        new(from path in KernelCases.Paths from threads in new[] { 1, 3 } select (path, threads));

    [Theory, MemberData(nameof(Cases))]
    public void FloatWeights(CpuPath path, int threads) => Weights(path, threads, v => new F32 { Value = v }, v => v.Value);

    [Theory, MemberData(nameof(Cases))]
    public void HalfWeights(CpuPath path, int threads) =>
        Weights(path, threads, v => new F16 { Bits = BitConverter.HalfToUInt16Bits((Half)(v < 0.01f ? v * 1e-5f : v)) },
            v => (float)BitConverter.UInt16BitsToHalf(v.Bits));

    [Theory, MemberData(nameof(Cases))]
    public void BFloatWeights(CpuPath path, int threads) =>
        Weights(path, threads, v => new BF16 { Bits = (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16) },
            v => BitConverter.UInt32BitsToSingle((uint)v.Bits << 16));

    static void Weights<E>(CpuPath path, int threads, Func<float, E> narrow, Func<E, float> widen) where E : unmanaged, IElement<E>
    {
        using var machine = new Machine(path, threads);
        foreach (var (t, n, k) in Sizes)
        {
            using var x = new Guarded<float>(KernelCases.Floats(t * (k + 3), 1));
            using var w = new Guarded<E>([.. KernelCases.Floats(n * (k + 1), 2).Select(narrow)]);
            float[] wide = [.. w.Span.ToArray().Select(widen)];
            using var y = new Guarded<float>(t * (n + 2));
            y.Span.Fill(0.5f);
            using var packed = PackedWeight.From(machine, w.Pointer, k + 1, n, k);
            Gemm.Multiply(machine, x.Pointer, k + 3, t, k, [packed.Into(y.Pointer, n + 2)], exact: true);
            for (var i = 0; i < t; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    var expected = KernelCases.Chain(0, k, x.Span[(i * (k + 3))..], 1, wide.AsSpan(j * (k + 1)), 1);
                    if (y.Span[i * (n + 2) + j] != expected)
                        Assert.Fail($"{t}x{n}x{k}, y[{i},{j}]: {y.Span[i * (n + 2) + j]:G9}, expected {expected:G9}");
                }
                Assert.Equal([0.5f, 0.5f], y.Span.Slice(i * (n + 2) + n, 2).ToArray());
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void SeveralWeightsInOneParallelForAndAccumulate(CpuPath path, int threads)
    {
        using var machine = new Machine(path, threads);
        int[] widths = [96, 31, 33, 1, 64, 127, 5, 32, 40, 7];
        foreach (var (t, k) in new[] { (1, 100), (9, 800), (40, 33) })
        {
            using var x = new Guarded<float>(KernelCases.Floats(t * k, 3));
            var w = widths.Select((n, i) => new Guarded<float>(KernelCases.Floats(n * k, i))).ToArray();
            var y = widths.Select((n, i) => new Guarded<float>(KernelCases.Floats(n * t, 20 + i))).ToArray();
            var before = y.Select(b => b.Span.ToArray()).ToArray();
            var packed = w.Select((b, i) => PackedWeight.From(machine, (F32*)b.Pointer, k, widths[i], k)).ToArray();
            var into = packed.Select((p, i) => p.Into(y[i].Pointer, widths[i], accumulate: i % 2 == 1));
            Gemm.Multiply(machine, x.Pointer, k, t, k, [.. into]);
            for (var p = 0; p < widths.Length; p++)
                for (var i = 0; i < t; i++)
                    for (var j = 0; j < widths[p]; j++)
                    {
                        var at = i * widths[p] + j;
                        var start = p % 2 == 1 ? before[p][at] : 0;
                        var expected = KernelCases.Chain(start, k, x.Span[(i * k)..], 1, w[p].Span[(j * k)..], 1);
                        Assert.Equal(expected, y[p].Span[at]);
                    }
            foreach (var d in packed) d.Dispose();
            foreach (var d in w.Concat(y)) d.Dispose();
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AnyStrides(CpuPath path, int threads)
    {
        using var machine = new Machine(path, threads);
        foreach (var (m, n, k) in (ReadOnlySpan<(int, int, int)>)[
            (1, 1, 1), (33, 31, 127), (127, 100, 33), (15, 1100, 17), (17, 33, 4200), (510, 20, 9), (3, 5, 0)])
            foreach (var (ta, tb, accumulate) in KernelCases.Transposes)
            {
                using var a = new Guarded<float>(KernelCases.Floats(m * k, 1));
                using var b = new Guarded<float>(KernelCases.Floats(k * n, 2));
                using var c = new Guarded<float>(KernelCases.Floats(m * n, 3));
                var before = c.Span.ToArray();
                Gemm.Run(machine, m, n, k, ta ? new(a.Pointer, 1, m) : new(a.Pointer, k, 1),
                    tb ? new(b.Pointer, 1, k) : new(b.Pointer, n, 1), c.Pointer, n, accumulate);
                for (var i = 0; i < m; i++)
                    for (var j = 0; j < n; j++)
                    {
                        var row = ta ? a.Span[Math.Min(i, m * k)..] : a.Span[(i * k)..];
                        var column = tb ? b.Span[(j * k)..] : b.Span[Math.Min(j, n * k)..];
                        var start = accumulate ? before[i * n + j] : 0;
                        var expected = KernelCases.Chain(start, k, row, ta ? m : 1, column, tb ? 1 : n);
                        if (c.Span[i * n + j] != expected)
                            Assert.Fail($"{m}x{n}x{k} {ta} {tb}, c[{i},{j}]: {c.Span[i * n + j]:G9}, expected {expected:G9}");
                    }
            }
    }

    [Fact]
    public void AHalfThatIsNotFiniteKeepsItsValue()
    {
        using var machine = new Machine(CpuPaths.Detect(), 1);
        using var w = new Guarded<F16>([new F16 { Bits = 0x7c00 }, new F16 { Bits = 0x3c00 }]);
        using var x = new Guarded<float>([2f]);
        using var y = new Guarded<float>(2);
        using var packed = PackedWeight.From(machine, w.Pointer, 1, 2, 1);
        Gemm.Multiply(machine, x.Pointer, 1, 1, 1, [packed.Into(y.Pointer, 2)]);
        Assert.Equal([float.PositiveInfinity, 2f], y.Span.ToArray());
    }

    [Fact]
    public void PathsAreParsed()
    {
        Assert.Equal(CpuPaths.Available()[0], CpuPaths.Parse(null));
        Assert.Equal(CpuPath.Portable, CpuPaths.Parse("PORTABLE"));
        Assert.Contains("expected one of", Assert.Throws<ArgumentException>(() => CpuPaths.Parse("sse9")).Message);
        Assert.Throws<ArgumentException>(() => CpuPaths.Parse("1"));
    }
}
