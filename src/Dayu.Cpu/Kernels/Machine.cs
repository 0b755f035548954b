namespace Dayu.Cpu;

/// <summary>What kernels run with: a path and its table of kernels, threads, working memory. Several may exist side by side.</summary>
internal sealed class Machine : IDisposable
{
    readonly CodeMemory? code;

    /// <summary>
    /// Starts the threads. Where the system refuses memory for emitted code (<paramref name="seal"/>), a path that emits code is
    /// replaced by its path in C#.
    /// </summary>
    public Machine(CpuPath path, int threads, double spinMicroseconds = 50, CodeMemory.Seal? seal = null)
    {
        if (CpuPaths.InCSharp(path) is var plain && plain != path && (code = new(seal)).Refusal != null) path = plain;
        Path = path;
        Workers = new(threads, spinMicroseconds);
        Kernels = MicroKernels.For(path, code);
    }

    public CpuPath Path { get; }

    public Workers Workers { get; }

    public Scratch Scratch { get; } = new();

    /// <summary>The kernels of the path, by <see cref="PanelFormat"/>.</summary>
    public MicroKernel[] Kernels { get; }

    public MicroKernel this[PanelFormat format] => Kernels[(int)format];

    /// <summary>Whether the path multiplies bfloat16 as it is; else it is widened to float32.</summary>
    public bool MultipliesBFloat16 => this[PanelFormat.BF16].Takes == Packing.Pairs;

    public void Dispose()
    {
        Workers.Dispose();
        Scratch.Dispose();
        code?.Dispose();
    }
}
