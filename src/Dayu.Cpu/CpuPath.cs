using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>The instruction set of the kernels. Results are bit-reproducible within a path; paths differ by rounding.</summary>
public enum CpuPath
{
    /// <summary>128-bit vectors that .NET maps to what the machine has (SSE, NEON); runs everywhere.</summary>
    Portable,
    /// <summary>x86 with AVX2 and FMA.</summary>
    Avx2,
    /// <summary>The same with F16C; quantised products are machine code emitted for each panel format at run time.</summary>
    Avx2Emitted,
    /// <summary>x86 with AVX-512 F, BW and DQ.</summary>
    Avx512,
    /// <summary>The same with VNNI (and BF16, if the processor has it), which .NET has no classes for: code emitted at run time.</summary>
    Avx512Vnni,
}

/// <summary>Which paths this machine has, and which one to take.</summary>
public static class CpuPaths
{
    /// <summary>The environment variable that forces a path: avx512vnni, avx512, avx2emitted, avx2 or portable.</summary>
    public const string Variable = "DAYU_CPU";

    /// <summary>Why this system allows no emitted machine code, so that the kernels in C# run; null if it does.</summary>
    public static string? EmissionRefusal { get; } = Refusal();

    static string? Refusal()
    {
        using var memory = new CodeMemory();
        return memory.Refusal;
    }

    /// <summary>True when this machine can run the path.</summary>
    public static bool IsAvailable(CpuPath path) => path switch
    {
        CpuPath.Avx512Vnni => CpuFeatures.Avx512Vnni && EmissionRefusal is null && IsAvailable(CpuPath.Avx512),
        CpuPath.Avx512 => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Avx512DQ.IsSupported && IsAvailable(CpuPath.Avx2),
        CpuPath.Avx2Emitted => CpuFeatures.F16C && EmissionRefusal is null && IsAvailable(CpuPath.Avx2),
        CpuPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    /// <summary>The same instruction set without emitted code.</summary>
    internal static CpuPath InCSharp(CpuPath path) => path switch
    {
        CpuPath.Avx512Vnni => CpuPath.Avx512,
        CpuPath.Avx2Emitted => CpuPath.Avx2,
        _ => path,
    };

    /// <summary>Whether a path multiplies bfloat16 as it is (vdpbf16ps); else such weights are widened to float32.</summary>
    public static bool MultipliesBFloat16(CpuPath path) =>
        path == CpuPath.Avx512Vnni && CpuFeatures.Avx512BFloat16;

    /// <summary>The paths of this machine, best first.</summary>
    public static CpuPath[] Available()
    {
        CpuPath[] bestFirst = [CpuPath.Avx512Vnni, CpuPath.Avx512, CpuPath.Avx2Emitted, CpuPath.Avx2, CpuPath.Portable];
        return [.. bestFirst.Where(IsAvailable)];
    }

    /// <summary>The path DAYU_CPU names, or the best one where it is not set.</summary>
    /// <exception cref="ArgumentException">The variable names no path, or one this machine lacks.</exception>
    public static CpuPath Detect() => Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The path with this name (any case); the best one when the name is null or empty.</summary>
    /// <exception cref="ArgumentException">The name is not a path's, or this machine lacks that path.</exception>
    public static CpuPath Parse(string? name)
    {
        var available = Available();
        if (string.IsNullOrEmpty(name)) return available[0];
        var here = string.Join(", ", available.Select(p => p.ToString().ToLowerInvariant()));
        if (!Enum.GetNames<CpuPath>().Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"{Variable}: \"{name}\" is not a CPU path; expected one of: {here}.");
        var path = Enum.Parse<CpuPath>(name, ignoreCase: true);
        if (!IsAvailable(path))
            throw new ArgumentException(
                $"{Variable}: this machine cannot run {name}; it has: {here}. Unset the variable to take the best.");
        return path;
    }
}
