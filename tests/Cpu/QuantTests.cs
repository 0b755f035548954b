using System.Runtime.CompilerServices;
using Dayu.Cpu;

namespace Dayu.Tests;

public sealed unsafe class QuantTests
{
    /// <summary>
    /// T, N, K: every height of a tile, odd numbers of blocks, outputs that end inside a panel, more rows than are
    /// packed at a time.
    /// </summary>
    static readonly (int T, int N, int K)[] Sizes =
    [
        (1, 1, 32), (1, 100, 96), (2, 31, 64), (3, 16, 160), (4, 33, 256), (5, 17, 32), (6, 48, 96), (7, 15, 64),
        (8, 127, 128), (9, 32, 32), (13, 20, 96), (31, 33, 64), (170, 17, 96), (506, 5, 32), (2, 33, 4192), (70, 33, 3104),
    ];

    public static TheoryData<CpuPath, int> Cases =>
        new(from path in KernelCases.Paths from threads in new[] { 1, 3 } select (path, threads));

    [Theory, MemberData(nameof(Cases))]
    public void Q8_0(CpuPath path, int threads) => Weights<BlockQ8_0, Int8>(path, threads, (block, i) => ((sbyte)block[2 + i], 0));

    [Theory, MemberData(nameof(Cases))]
    public void Q4_0(CpuPath path, int threads) =>
        Weights<BlockQ4_0, Int4>(path, threads, (block, i) => ((i < 16 ? block[2 + i] & 15 : block[2 + i - 16] >> 4) - 8, 0));

    [Theory, MemberData(nameof(Cases))]
    public void Q4_1(CpuPath path, int threads) =>
        Weights<BlockQ4_1, Int4Min>(path, threads, (block, i) => (i < 16 ? block[4 + i] & 15 : block[4 + i - 16] >> 4, 2));

    /// <summary>The integer of value i of a block, and where in the block its minimum is (0: it has none).</summary>
    delegate (int Integer, int MinimumAt) Decode(byte[] block, int i);

    static void Weights<B, Q>(CpuPath path, int threads, Decode decode) where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
    {
        using var machine = new Machine(path, threads);
        foreach (var (t, n, k) in Sizes)
        {
            var (integers, scales, minima, raw) = Blocks<B>(n, k, decode);
            using var rows = new Guarded<byte>(raw);
            using var packed = PackedWeight.FromBlocks<B, Q>(machine, rows.Pointer, k / 32 * sizeof(B), n, k);
            using var x = new Guarded<float>(KernelCases.Floats(t * (k + 5), 4));
            for (var i = 0; i < 32; i++) x.Span[i] = i % 2 * 1e-38f;                                // a block too small for a scale
            using Guarded<float> y = new(t * (n + 1)), exact = new(t * (n + 1));
            Gemm.Multiply(machine, x.Pointer, k + 5, t, k, [packed.Into(y.Pointer, n + 1)]);
            Gemm.Multiply(machine, x.Pointer, k + 5, t, k, [packed.Into(exact.Pointer, n + 1)], exact: true);
            for (var row = 0; row < t; row++)
            {
                var values = x.Span.Slice(row * (k + 5), k);
                var (bytes, xScales) = Quantize(values);
                for (var j = 0; j < n; j++)
                {
                    float sum = 0, exactSum = 0;
                    for (var b = 0; b < k / 32; b++)
                    {
                        var at = j * (k / 32) + b;
                        int products = 0, total = 0;
                        for (var i = 0; i < 32; i++)
                        {
                            products += integers[j * k + 32 * b + i] * bytes[32 * b + i];
                            total += bytes[32 * b + i];
                            exactSum = KernelCases.MultiplyAdd(values[32 * b + i],
                                integers[j * k + 32 * b + i] * scales[at] + minima[at], exactSum);
                        }
                        sum = KernelCases.MultiplyAdd(products, scales[at] * xScales[b], sum);
                        if (Q.HasMinimum) sum = KernelCases.MultiplyAdd(minima[at], xScales[b] * total, sum);
                    }
                    Same(sum, y.Span[row * (n + 1) + j], $"{t}x{n}x{k}, y[{row},{j}]");
                    Same(exactSum, exact.Span[row * (n + 1) + j], $"{t}x{n}x{k} exact, y[{row},{j}]");
                    Assert.True(Math.Abs(sum - exactSum) < 0.02 * Math.Sqrt(k) * (Q.Wide ? 1 : 0.2), $"quantised {sum}, exact {exactSum}");
                }
                Assert.Equal(0, y.Span[row * (n + 1) + n]);
            }
        }
    }

    static void Same(float expected, float actual, string where)
    {
        if (expected != actual) Assert.Fail($"{where}: {actual:G9}, expected {expected:G9}");
    }

    /// <summary>Random blocks, and what they mean.</summary>
    static (int[] Integers, float[] Scales, float[] Minima, byte[] Raw) Blocks<B>(int n, int k, Decode decode) where B : unmanaged
    {
        var random = new Random(n * 1000 + k);
        var integers = new int[n * k];
        var scales = new float[n * k / 32];
        var minima = new float[n * k / 32];
        var raw = new byte[n * k / 32 * sizeof(B)];
        for (var b = 0; b < scales.Length; b++)
        {
            var block = new byte[sizeof(B)];
            random.NextBytes(block);
            var scale = (Half)(b % 7 == 0 ? 3e-6 : (random.NextDouble() - 0.5) * 0.02);               // a subnormal one now and then
            Unsafe.WriteUnaligned(ref block[0], scale);
            var at = decode(block, 0).MinimumAt;
            if (at > 0) Unsafe.WriteUnaligned(ref block[at], (Half)(random.NextDouble() - 0.5));
            (scales[b], minima[b]) = ((float)scale, at > 0 ? (float)Unsafe.ReadUnaligned<Half>(ref block[at]) : 0);
            for (var i = 0; i < 32; i++) integers[32 * b + i] = decode(block, i).Integer;
            block.CopyTo(raw, b * sizeof(B));
        }
        return (integers, scales, minima, raw);
    }

    internal static (int[] Bytes, float[] Scales) Quantize(ReadOnlySpan<float> x, int group = 32)
    {
        var (bytes, scales) = (new int[x.Length], new float[x.Length / group]);
        for (var b = 0; b < scales.Length; b++)
        {
            var max = 0f;
            foreach (var v in x.Slice(group * b, group)) max = Math.Max(max, Math.Abs(v));
            scales[b] = max / 127 < 1e-37f ? 0 : max / 127;
            for (var i = 0; i < group; i++)
                bytes[group * b + i] = scales[b] == 0 ? 0 : (int)MathF.Round(x[group * b + i] * (1 / scales[b]));
        }
        return (bytes, scales);
    }

    /// <summary>
    /// A pass over some rows and then others, on any number of threads, gives what one pass over all gives.
    /// </summary>
    [Theory, MemberData(nameof(Cases))]
    public void RowsDoNotKnowOfEachOther(CpuPath path, int threads)
    {
        const int T = 40, N = 50, K = 96;
        using Machine machine = new(path, threads), alone = new(path, 1);
        var (_, _, _, raw) = Blocks<BlockQ4_0>(N, K, (_, _) => (0, 0));
        using var rows = new Guarded<byte>(raw);
        using var floats = new Guarded<float>(KernelCases.Floats(N * K, 5));
        using var quantised = PackedWeight.FromBlocks<BlockQ4_0, Int4>(machine, rows.Pointer, K / 32 * sizeof(BlockQ4_0), N, K);
        using var plain = PackedWeight.From(machine, (F32*)floats.Pointer, K, N, K);
        using var x = new Guarded<float>(KernelCases.Floats(T * K, 6));
        using Guarded<float> whole = new(2 * T * N), pieces = new(2 * T * N);
        Gemm.Multiply(machine, x.Pointer, K, T, K, [quantised.Into(whole.Pointer, N), plain.Into(whole.Pointer + T * N, N)]);
        for (int row = 0, size = 1; row < T; row += size, size = size % 9 + 1)
        {
            size = Math.Min(size, T - row);
            Gemm.Multiply(alone, x.Pointer + row * K, K, size, K,
                [quantised.Into(pieces.Pointer + row * N, N), plain.Into(pieces.Pointer + T * N + row * N, N)]);
        }
        Assert.Equal(whole.Span, pieces.Span);
    }

    [Fact]
    public void ADamagedScaleIsAnError()
    {
        using var machine = new Machine(CpuPath.Portable, 2);
        using var rows = new Guarded<byte>(3 * sizeof(BlockQ8_0));
        rows.Span[2 * sizeof(BlockQ8_0) + 1] = 0x7c;
        var error = Assert.Throws<InvalidDataException>(() => PackedWeight.FromBlocks<BlockQ8_0,
            Int8>(machine, rows.Pointer, sizeof(BlockQ8_0), 3, 32));
        Assert.StartsWith("Row 2, block 0", error.Message);
    }

    [Fact]
    public void BlocksHaveTheirFilesSize() => Assert.Equal((34, 18, 20), (sizeof(BlockQ8_0), sizeof(BlockQ4_0), sizeof(BlockQ4_1)));

    [Theory, MemberData(nameof(Cases))]
    public void AValueThatIsNotFiniteIsNotHidden(CpuPath path, int threads)
    {
        using var machine = new Machine(path, threads);
        var (_, _, _, raw) = Blocks<BlockQ8_0>(16, 32, (_, _) => (0, 0));
        using var rows = new Guarded<byte>(raw);
        using var packed = PackedWeight.FromBlocks<BlockQ8_0, Int8>(machine, rows.Pointer, sizeof(BlockQ8_0), 16, 32);
        using var x = new Guarded<float>([.. Enumerable.Repeat(1f, 30), float.NaN, 2f]);
        using var y = new Guarded<float>(16);
        Gemm.Multiply(machine, x.Pointer, 32, 1, 32, [packed.Into(y.Pointer, 16)]);
        Assert.All(y.Span.ToArray(), v => Assert.True(float.IsNaN(v)));
    }
}
