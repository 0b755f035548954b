namespace Dayu.Cpu;

/// <summary>What kernels run with: a path and its table, threads, working memory. Nothing of it is global; two may live side by side.</summary>
internal sealed class Machine(CpuPath path, int threads, double spinMicroseconds = 50) : IDisposable
{
    public CpuPath Path { get; } = path;
    public Workers Workers { get; } = new(threads, spinMicroseconds);
    public Scratch Scratch { get; } = new();
    /// <summary>By <see cref="PanelFormat"/>.</summary>
    public MicroKernel[] Kernels { get; } = MicroKernel.For(path);

    public MicroKernel this[PanelFormat format] => Kernels[(int)format];

    public void Dispose()
    {
        Workers.Dispose();
        Scratch.Dispose();
    }
}
