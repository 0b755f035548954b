using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Dayu.Cli;

/// <summary>The processor: what it is called, and which of the instruction sets that matter here it has.</summary>
static class Processor
{
    const int NameLeaves = unchecked((int)0x80000000), FirstName = NameLeaves + 2;

    /// <summary>As the maker calls it (x86 tells by itself), else the architecture.</summary>
    public static string Name()
    {
        var isNamed = X86Base.IsSupported && (uint)X86Base.CpuId(NameLeaves, 0).Eax >= 0x80000004;
        if (!isNamed) return RuntimeInformation.ProcessArchitecture.ToString();
        var name = new int[12];
        for (var i = 0; i < 3; i++) (name[4 * i], name[4 * i + 1], name[4 * i + 2], name[4 * i + 3]) = X86Base.CpuId(FirstName + i, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>(name)).TrimEnd('\0').Trim();
    }

    /// <summary>
    /// Those it has. For some .NET has no property: bits of CPUID's leaf 7, which count only where the system keeps the registers
    /// (<see cref="Avx512F"/> knows).
    /// </summary>
    public static string[] Features()
    {
        var (leaf, sub) = X86Base.IsSupported ? (X86Base.CpuId(7, 0), X86Base.CpuId(7, 1)) : default;
        (string Name, bool Has)[] all =
        [
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("avx-vnni", AvxVnni.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx512-vnni", Avx512F.IsSupported && Bit(leaf.Ecx, 11)),
            ("avx512-bf16", Avx512F.IsSupported && Bit(sub.Eax, 5)),
            ("amx-bf16", Bit(leaf.Edx, 22)),
            ("amx-int8", Bit(leaf.Edx, 25)),
            ("neon", AdvSimd.IsSupported),
            ("dotprod", Dp.IsSupported),
        ];
        return [.. all.Where(f => f.Has).Select(f => f.Name)];
    }

    static bool Bit(int register, int bit) => (register >> bit & 1) != 0;
}
