using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>
/// What kernel tests share: the paths of this machine, numbers, and the sum every kernel must give bit by bit.
/// </summary>
internal static class KernelCases
{
    public static IEnumerable<CpuPath> Paths => CpuPaths.Available();

    /// <summary>What is transposed of A and B, and whether the result is added to what is there.</summary>
    public static IEnumerable<(bool A, bool B, bool Accumulate)> Transposes =>
        [(false, false, false), (true, false, true), (false, true, true), (true, true, false)];

    public static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    /// <summary>
    /// The contract: one chain, k ascending. A machine without fused multiply-add rounds the product first.
    /// </summary>
    public static float Chain(float start, int count, ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride)
    {
        for (var k = 0; k < count; k++) start = MultiplyAdd(a[k * aStride], b[k * bStride], start);
        return start;
    }

    public static float MultiplyAdd(float a, float b, float c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a, b, c) : a * b + c;
}
