using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Chooses where to compute: the only place that knows the backends.</summary>
static class Device
{
    /// <summary>The fastest backend of this machine.</summary>
    /// <param name="threads">Threads to compute with; 0: one for each core.</param>
    /// <param name="exact">Activations stay float32.</param>
    public static Backend Open(int threads, bool exact) => new CpuBackend(threads, exact: exact);

    /// <summary>Why this system lets no machine code be made at run time, so that slower kernels run; null where it does.</summary>
    public static string? EmissionRefusal => CpuPaths.EmissionRefusal;

    /// <summary>Instruction sets that kernels are written for and this machine has, best first; and the one that is taken.</summary>
    public static (string[] Available, string Taken) Paths()
    {
        string[] available = [.. CpuPaths.Available().Select(p => p.ToString().ToLowerInvariant())];
        return (available, CpuPaths.Detect().ToString().ToLowerInvariant());
    }
}
