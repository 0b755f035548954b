using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>
/// Instruction sets that .NET has no class for, as CPUID reports them (Intel SDM vol. 2A, leaf 7). They use the registers of AVX-512 F,
/// so they work where .NET reports that the system saves those.
/// </summary>
internal static class CpuFeatures
{
    /// <summary>vpdpbusd: sixteen sums of four products of an unsigned and a signed byte.</summary>
    public static bool Avx512Vnni { get; } = Avx512BW.IsSupported && Bit(X86Base.CpuId(7, 0).Ecx, 11);

    /// <summary>vdpbf16ps: sixteen sums of two products of bfloat16.</summary>
    public static bool Avx512BFloat16 { get; } =
        Avx512BW.IsSupported && Bit(X86Base.CpuId(7, 0).Eax, 0) && Bit(X86Base.CpuId(7, 1).Eax, 5);

    /// <summary>vcvtph2ps: converts halves to floats, in the registers of AVX.</summary>
    public static bool F16C { get; } = Avx.IsSupported && Bit(X86Base.CpuId(1, 0).Ecx, 29);

    static bool Bit(int register, int bit) => (register >> bit & 1) != 0;
}
