using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Products whose operands are rounded to bfloat16: near to those of the rounded numbers in double, the same bits in
/// any company. Where the path cannot, nothing is rounded.
/// </summary>
public sealed unsafe class BFloatTests
{
    public static TheoryData<CpuPath> Paths => new(KernelCases.Paths);

    static bool Rounds(Machine machine) => machine[PanelFormat.BF16].Takes == Packing.Pairs;

    static float Rounded(float v, bool rounds)
    {
        if (!rounds) return v;
        var bits = BitConverter.SingleToUInt32Bits(v);
        return BitConverter.UInt32BitsToSingle((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
    }

    static Cpu.BF16 Narrowed(float v) => new() { Bits = (ushort)(BitConverter.SingleToUInt32Bits(Rounded(v, true)) >> 16) };

    /// <summary>Any strides on either side: A·B, A·Bᵀ, Aᵀ·B, Aᵀ·Bᵀ.</summary>
    [Theory, MemberData(nameof(Paths))]
    public void AnyStrides(CpuPath path)
    {
        using var machine = new Machine(path, 3);
        foreach (var (m, n, k) in (ReadOnlySpan<(int, int, int)>)[
            (1, 1, 1), (7, 3, 2), (33, 31, 127), (127, 100, 33), (15, 1100, 17), (17, 33, 4201), (510, 20, 9), (3, 5, 0)])
            foreach (var (ta, tb, accumulate) in KernelCases.Transposes)
            {
                using Guarded<float> a = new(KernelCases.Floats(m * k, 1));
                using Guarded<float> b = new(KernelCases.Floats(k * n, 2));
                using Guarded<float> c = new(KernelCases.Floats(m * n, 3));
                var before = c.Span.ToArray();
                Gemm.Run(machine, m, n, k, ta ? new(a.Pointer, 1, m) : new(a.Pointer, k, 1),
                    tb ? new(b.Pointer, 1, k) : new(b.Pointer, n, 1), c.Pointer, n, accumulate, rounded: true);
                for (var i = 0; i < m; i++)
                    for (var j = 0; j < n; j++)
                    {
                        var expected = accumulate ? (double)before[i * n + j] : 0;
                        for (var l = 0; l < k; l++)
                        {
                            var (left, right) = (a.Span[ta ? l * m + i : i * k + l], b.Span[tb ? j * k + l : l * n + j]);
                            expected += (double)Rounded(left, Rounds(machine)) * Rounded(right, Rounds(machine));
                        }
                        Assert.True(Math.Abs(c.Span[i * n + j] - expected) <= 2e-6 * (1 + k),
                            $"{m}x{n}x{k} {ta} {tb}, c[{i},{j}]: {c.Span[i * n + j]:G9}, expected {expected:G9}");
                    }
            }
    }

    /// <summary>Weights of either kind; 1, 2, 8 or 512 rows.</summary>
    [Theory, MemberData(nameof(Paths))]
    public void WeightsInAnyCompany(CpuPath path)
    {
        const int T = 512, N = 67, K = 1999;
        using var machine = new Machine(path, 2);
        var values = KernelCases.Floats(N * K, 7);
        using Guarded<float> x = new(KernelCases.Floats(T * K, 8)), w = new(values), whole = new(T * N), other = new(T * N);
        using var bits = new Guarded<Cpu.BF16>([.. values.Select(Narrowed)]);
        using PackedWeight stored = PackedWeight.From(machine, bits.Pointer, K, N, K);
        using PackedWeight rounded = PackedWeight.Rounded(machine, w.Pointer, K, N, K);
        Gemm.Multiply(machine, x.Pointer, K, T, K, [rounded.Into(whole.Pointer, N)]);
        for (var i = 0; i < T; i += 73)
            for (var j = 0; j < N; j++)
            {
                var expected = 0.0;
                for (var l = 0; l < K; l++)
                    expected += (double)Rounded(x.Span[i * K + l], Rounds(machine)) * Rounded(values[j * K + l], Rounds(machine));
                Assert.True(Math.Abs(whole.Span[i * N + j] - expected) <= 2e-6 * K, $"y[{i},{j}]: "
                    + $"{whole.Span[i * N + j]:G9}, expected {expected:G9}");
            }
        Gemm.Multiply(machine, x.Pointer, K, T, K, [stored.Into(other.Pointer, N)]);
        if (Rounds(machine)) Assert.Equal(whole.Span, other.Span);
        other.Span.CopyTo(whole.Span);
        foreach (var rows in new[] { 1, 2, 8, 13 })
        {
            for (var row = 0; row < T; row += rows)
                Gemm.Multiply(machine, x.Pointer + row * K, K, Math.Min(rows, T - row), K, [stored.Into(other.Pointer + row * N, N)]);
            Assert.Equal(whole.Span, other.Span);
        }
    }

    /// <summary>What is not finite stays so; ties go to the even neighbour.</summary>
    [Fact]
    public void Rounding()
    {
        float[] values =
        [
            1f, -2.5f, 1 + 1 / 256f, 1 + 3 / 256f, float.NaN, float.PositiveInfinity, float.MaxValue, -0f,
            BitConverter.UInt32BitsToSingle(0x7fffffff),
        ];
        float[] expected = [1f, -2.5f, 1, 1 + 4 / 256f, float.NaN, float.PositiveInfinity, float.PositiveInfinity, -0f, float.NaN];
        using Guarded<float> x = new(values);
        foreach (var width in new[] { 9, 1 })                                   // along rows, and along k
        {
            using Guarded<uint> pairs = new(width == 9 ? 9 : 5);
            Pairs.Pack(x.Pointer, 1, 1, width, width == 9 ? 1 : 9, pairs.Pointer, width);
            for (var i = 0; i < 9; i++)
            {
                var half = width == 9 ? pairs.Span[i] & 0xffff : pairs.Span[i / 2] >> (i % 2 * 16) & 0xffff;
                Assert.Equal(expected[i], BitConverter.UInt32BitsToSingle(half << 16));
            }
        }
    }

    /// <summary>Where exactness is asked for, only the weights are bfloat16.</summary>
    [Theory, MemberData(nameof(Paths))]
    public void ExactnessIsKept(CpuPath path)
    {
        using CpuBackend exact = new(2, path, exact: true), portable = new(1, CpuPath.Portable);
        Assert.Equal(Product(portable), Product(exact));
        Assert.Throws<ArgumentException>(() => new CpuBackend(1, exact: true, bf16: true));

        static float[] Product(Backend on)
        {
            using var arena = new Arena(on);
            var w = arena.New(DType.BF16, new(40, 33)).Set(CpuRuns.Numbers(1, 40 * 33));
            return Op.MatMul(arena.Random(2, 5, 33), new("w", w)).ToArray();
        }
    }

    /// <summary>Forward, dx and dw of a training step: near to float32, as near as eight bits are.</summary>
    [Theory, MemberData(nameof(Paths))]
    public void TrainingStep(CpuPath path)
    {
        using CpuBackend plain = new(2, path), rounded = new(2, path, bf16: true);
        var (a, b) = (Step(plain), Step(rounded));
        for (var i = 0; i < a.Length; i++)
            for (var j = 0; j < a[i].Length; j++)
                Assert.True(MathF.Abs(a[i][j] - b[i][j]) < 0.1f, $"part {i}, value {j}: {b[i][j]}, float32 {a[i][j]}");

        static float[][] Step(Backend on)
        {
            using var arena = new Arena(on);
            var (x, w) = (arena.Random(1, 70, 90), arena.Random(2, 50, 90));
            (x.NeedsGrad, w.NeedsGrad) = (true, true);
            var y = Op.MatMul(x, new("w", w));
            y.Backward(CpuRuns.Numbers(3, 70 * 50));
            return [y.ToArray(), x.Grad.ToArray(), w.Grad.ToArray()];
        }
    }
}
