using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Chooses where to compute: the only place that knows the backends.</summary>
static class Device
{
    /// <summary>The most threads to compute with.</summary>
    public const int MostThreads = CpuBackend.MostThreads;

    /// <summary>The fastest backend of this machine.</summary>
    /// <param name="threads">Threads to compute with; 0: one for each core.</param>
    /// <param name="exact">Activations stay float32.</param>
    /// <param name="path">One of <see cref="Paths"/>; null: the best, or what DAYU_CPU says.</param>
    public static Backend Open(int threads, bool exact, string? path = null) =>
        new CpuBackend(threads, path is null ? null : CpuPaths.Parse(path), exact);

    /// <summary>The same as training may have it: products with float32 weights round their operands to bfloat16.</summary>
    public static Backend OpenRounding(int threads, string path) => new CpuBackend(threads, CpuPaths.Parse(path), bf16: true);

    /// <summary>Whether kernels of that instruction set multiply bfloat16, and do not only read it.</summary>
    public static bool MultipliesBFloat16(string path) => CpuPaths.MultipliesBFloat16(CpuPaths.Parse(path));

    /// <summary>Why this system lets no machine code be made at run time, so that slower kernels run; null where it does.</summary>
    public static string? EmissionRefusal => CpuPaths.EmissionRefusal;

    /// <summary>Instruction sets that kernels are written for and this machine has, best first; and the one that is taken.</summary>
    public static (string[] Available, string Taken) Paths()
    {
        string[] available = [.. CpuPaths.Available().Select(p => p.ToString().ToLowerInvariant())];
        return (available, CpuPaths.Detect().ToString().ToLowerInvariant());
    }
}
