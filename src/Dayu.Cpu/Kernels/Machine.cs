namespace Dayu.Cpu;

/// <summary>What kernels run with: a path and its table, threads, working memory. Nothing of it is global; two may live side by side.</summary>
internal sealed class Machine : IDisposable
{
    readonly CodeMemory? code;

    /// <summary>Starts the threads. Where the system refuses memory for emitted code (<paramref name="seal"/>), the path is the one in C# below.</summary>
    public Machine(CpuPath path, int threads, double spinMicroseconds = 50, CodeMemory.Seal? seal = null)
    {
        if (CpuPaths.InCSharp(path) is var plain && plain != path && (code = new(seal)).Refusal != null) path = plain;
        Path = path;
        Workers = new(threads, spinMicroseconds);
        Kernels = MicroKernel.For(path, code);
    }

    public CpuPath Path { get; }
    public Workers Workers { get; }
    public Scratch Scratch { get; } = new();
    /// <summary>By <see cref="PanelFormat"/>.</summary>
    public MicroKernel[] Kernels { get; }

    public MicroKernel this[PanelFormat format] => Kernels[(int)format];

    public void Dispose()
    {
        Workers.Dispose();
        Scratch.Dispose();
        code?.Dispose();
    }
}
