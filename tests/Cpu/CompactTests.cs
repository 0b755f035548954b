using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Weights that lie as their number format's form says: every format, on every path, against the same sums one after
/// another.
/// </summary>
public sealed unsafe class CompactTests
{
    /// <summary>
    /// T, N, blocks of 32 (or a multiple of the format's): one row and tiles of several heights, outputs that end
    /// inside a panel, more of k than is expanded or packed at a time.
    /// </summary>
    static readonly (int T, int N, int Blocks)[] Sizes = [(1, 1, 1), (1, 33, 3), (2, 17, 8), (7, 16, 5), (9, 50, 9), (70, 5, 100)];

    public static TheoryData<string, CpuPath, int> Cases => new(
        from d in DType.Known
        where d.Form is not null
        from path in KernelCases.Paths
        from threads in new[] { 1, 3 }
        select (d.Name, path, threads));

    [Theory, MemberData(nameof(Cases))]
    public void Products(string format, CpuPath path, int threads)
    {
        var dtype = DType.Named(format);
        using var machine = new Machine(path, threads);
        foreach (var (t, n, blocks) in Sizes)
        {
            var k = (32 * blocks + dtype.BlockValues - 1) / dtype.BlockValues * dtype.BlockValues;
            var (integers, scales, minima, raw) = Blocks(dtype, n, k);
            using var rows = new Guarded<byte>(raw);
            using var packed = PackedWeight.FromForm(machine, dtype, rows.Pointer, (nint)dtype.BytesFor(k), n, k);
            using var x = new Guarded<float>(KernelCases.Floats(t * (k + 5), 4));
            using Guarded<float> y = new(t * (n + 1)), exact = new(t * (n + 1));
            Gemm.Multiply(machine, x.Pointer, k + 5, t, k, [packed.Into(y.Pointer, n + 1)]);
            Gemm.Multiply(machine, x.Pointer, k + 5, t, k, [packed.Into(exact.Pointer, n + 1)], exact: true);
            var (values, group) = (new float[n * k], Math.Min(dtype.Form!.Group, 32));
            dtype.Decode(raw, values);
            for (var row = 0; row < t; row++)
            {
                var (bytes, xScales) = QuantTests.Quantize(x.Span.Slice(row * (k + 5), k), group);
                for (var j = 0; j < n; j++)
                {
                    float sum = 0, exactSum = 0;
                    for (var g = j * k / group; g < (j + 1) * k / group; g++)
                    {
                        int products = 0, total = 0, least = dtype.Form!.Levels[0];
                        for (var i = 0; i < group; i++)
                        {
                            var at = group * g + i;
                            products += (integers[at] - least) * bytes[at - j * k];
                            total += bytes[at - j * k];
                            exactSum = KernelCases.MultiplyAdd(x.Span[row * (k + 5) + at - j * k], values[at], exactSum);
                        }
                        var xScale = xScales[g - j * k / group];
                        sum = KernelCases.MultiplyAdd(products, scales[g * group / 16] * xScale, sum);
                        sum = KernelCases.MultiplyAdd(scales[g * group / 16] * least + minima[g * group / 16], xScale * total, sum);
                    }
                    Assert.True(sum == y.Span[row * (n + 1) + j],
                        $"{t}x{n}x{k}, y[{row},{j}]: {y.Span[row * (n + 1) + j]:G9}, expected {sum:G9}");
                    Assert.True(exactSum == exact.Span[row * (n + 1) + j],
                        $"{t}x{n}x{k} exact, y[{row},{j}]: {exact.Span[row * (n + 1) + j]:G9}, expected {exactSum:G9}");
                }
                Assert.Equal(0, y.Span[row * (n + 1) + n]);
            }
        }
    }

    /// <summary>Weights of several formats share x, whose bytes lie as each one's tiles want them.</summary>
    [Theory, MemberData(nameof(Paths))]
    public void FormatsInOneRegion(CpuPath path)
    {
        const int T = 20, N = 17, K = 512;
        using var machine = new Machine(path, 2);
        using var x = new Guarded<float>(KernelCases.Floats(T * K, 4));
        string[] formats = ["q8_0", "q4_k", "q6_k", "iq4_nl", "q4_0"];
        var weights = formats.Select(f => EmitTests.Packed(machine, f, N, K)).ToArray();
        using Guarded<float> alone = new(formats.Length * T * N), together = new(formats.Length * T * N);
        var products = stackalloc Product[formats.Length];
        for (var i = 0; i < formats.Length; i++)
        {
            Gemm.Multiply(machine, x.Pointer, K, T, K, [weights[i].Into(alone.Pointer + i * T * N, N)]);
            products[i] = weights[i].Into(together.Pointer + i * T * N, N);
        }
        Gemm.Multiply(machine, x.Pointer, K, T, K, new(products, formats.Length));
        Assert.Equal(alone.Span, together.Span);
        foreach (var w in weights) w.Dispose();
    }

    public static TheoryData<CpuPath> Paths => [.. KernelCases.Paths];

    /// <summary>Blocks, and of each 16 values the integers, the scale and the minimum.</summary>
    static (int[] Integers, float[] Scales, float[] Minima, byte[] Raw) Blocks(DType dtype, int n, int k)
    {
        var (raw, random) = (new byte[dtype.BytesFor(n * k)], new Random(n + k));
        if (dtype.CanEncode) dtype.Encode(KernelCases.Floats(n * k, 5), raw);
        else
        {
            random.NextBytes(raw);
            for (var i = 0; i < raw.Length; i += dtype.BlockBytes)
                BitConverter.TryWriteBytes(raw.AsSpan(i), (Half)(random.NextDouble() * 0.01));
        }
        var (integers, scales, minima) = (new int[n * k], new float[n * k / 16], new float[n * k / 16]);
        var group = dtype.Form!.Group;
        var parts = new QuantParts(new sbyte[dtype.BlockValues], new sbyte[dtype.BlockValues / group],
            new sbyte[dtype.BlockValues / group]);
        for (var at = 0; at < n * k; at++)
        {
            var i = at % dtype.BlockValues;
            if (i == 0) dtype.TakeApart(raw.AsSpan(at / dtype.BlockValues * dtype.BlockBytes, dtype.BlockBytes), ref parts);
            integers[at] = parts.Integers[i];
            (scales[at / 16], minima[at / 16]) = (parts.Scale * parts.Scales[i / group], parts.Minimum * parts.Minima[i / group]);
        }
        return (integers, scales, minima, raw);
    }

    [Theory]
    [InlineData("q5_0", 5.5)]
    [InlineData("q5_1", 6)]
    [InlineData("iq4_nl", 4.5)]
    [InlineData("mxfp4", 5)]
    [InlineData("q2_k", 2.625)]
    [InlineData("q3_k", 3.625)]
    [InlineData("q4_k", 4.625)]
    [InlineData("q5_k", 5.625)]
    [InlineData("q6_k", 6.625)]
    [InlineData("iq2_xxs", 3.375)]
    public void WeightsTakeAboutAsManyBitsAsInTheFile(string format, double bits)
    {
        using var machine = new Machine(CpuPath.Portable, 1);
        var dtype = DType.Named(format);
        using var rows = new Guarded<byte>((int)dtype.BytesFor(64 * 1024));
        using var packed = PackedWeight.FromForm(machine, dtype, rows.Pointer, (nint)dtype.BytesFor(1024), 64, 1024);
        Assert.Equal(bits, 8.0 * packed.Bytes / (64 * 1024));
    }

    [Fact]
    public void ADamagedScaleIsAnError()
    {
        using var machine = new Machine(CpuPath.Portable, 2);
        using var rows = new Guarded<byte>(3 * 2 * 144);
        rows.Span[(2 * 2 + 1) * 144 + 1] = 0x7c;
        var error = Assert.Throws<InvalidDataException>(
            () => PackedWeight.FromForm(machine, DType.Named("q4_k"), rows.Pointer, 2 * 144, 3, 512));
        Assert.StartsWith("Row 2, block 1", error.Message);
    }
}
