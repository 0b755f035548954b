using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>
/// Every op in vectors of 16 floats (which .NET maps to what the machine has), one file an op, named as in <c>Dayu.Tensors/Ops</c>.
/// Work is cut by its shape and sums have one order, so the bits of a result depend neither on the number of threads nor on what else
/// is computed with it. Any number of passes may share a backend.
/// </summary>
public sealed unsafe partial class CpuBackend : Backend, IDisposable
{
    /// <summary>Values in a chunk: some microseconds of work. Less work runs on the calling thread and wakes no other.</summary>
    const int ChunkValues = 16384;

    /// <summary>The most threads. More is a mistake: no machine has as many cores, and their stacks would take much memory.</summary>
    public const int MostThreads = 1024;

    readonly Machine machine;
    readonly bool exact, bf16;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">
    /// Threads that compute, the caller's included, at most <see cref="MostThreads"/>; 0: as many as the machine has cores.
    /// </param>
    /// <param name="path">Instruction set of the matrix kernels; null: the one the variable <c>DAYU_CPU</c> names, or the best.</param>
    /// <param name="exact">
    /// Keeps activations in float32 where the fast kernels would round them (to bytes for quantised weights, to bfloat16 for bfloat16
    /// weights if the path multiplies these): slower, and as exact as float32 is.
    /// </param>
    /// <param name="bf16">
    /// Rounds the operands of products with float32 weights to bfloat16, forward and backward, if the path multiplies that (sums stay
    /// float32): twice as fast, for training.
    /// </param>
    /// <exception cref="ArgumentException">Both <paramref name="exact"/> and <paramref name="bf16"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative or too large.</exception>
    public CpuBackend(int threads = 0, CpuPath? path = null, bool exact = false, bool bf16 = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        if (exact && bf16)
            throw new ArgumentException("Products are exact or rounded to bfloat16, not both; leave exact or bf16 out.", nameof(bf16));
        (this.exact, this.bf16) = (exact, bf16);
        machine = new(path ?? CpuPaths.Detect(), threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Threads => machine.Workers.Threads;

    /// <inheritdoc/>
    public override nint Allocate(long bytes) => (nint)Native.Allocate((nint)bytes);

    /// <inheritdoc/>
    public override void Free(nint address, long bytes) => Native.Free((byte*)address, (nint)bytes);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<byte> from, nint to) => from.CopyTo(new((void*)to, from.Length));

    /// <inheritdoc/>
    public override void Download(nint from, Span<byte> to) => new ReadOnlySpan<byte>((void*)from, to.Length).CopyTo(to);

    /// <inheritdoc/>
    public override void Copy(nint from, nint to, long bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);

    /// <summary>Host memory is this backend's own.</summary>
    public override nint Map(nint host) => host;

    /// <summary>Ends the threads. Memory belongs to the arenas.</summary>
    public void Dispose() => machine.Dispose();

    /// <summary>The numbers of a float32 tensor.</summary>
    static float* Floats(Tensor x) =>
        x.DType == DType.F32 ? (float*)x.Address
        : throw new ShapeException($"cpu: {x} is given where float32 numbers are computed with");

    /// <summary>The same, to be written to.</summary>
    static float* Out(Tensor y) =>
        y.DType == DType.F32 ? (float*)y.WriteAddress : throw new ShapeException($"cpu: {y} is to be written to; only float32 can be");

    /// <summary>The same, or null if there is no tensor: for gradients that are not needed.</summary>
    static float* OutOrNull(Tensor? y) => y is null ? null : Out(y);

    /// <summary>The numbers of an integer tensor.</summary>
    static int* Ints(Tensor x) =>
        x.DType == DType.I32 ? (int*)x.Address
        : throw new ShapeException($"cpu: {x} is given where integers (i32) are expected");

    /// <summary>Checks numbers that come from users (ids, rows, targets) before they are used as indices.</summary>
    static void InRange(string op, string what, int* found, long n, int count, int? except = null)
    {
        for (var t = 0L; t < n; t++)
            if ((uint)found[t] >= (uint)count && found[t] != except)
                throw new ArgumentOutOfRangeException(what, found[t], $"{op}: {what} {found[t]} at position {t}, expected 0 … {count - 1}");
    }
}
