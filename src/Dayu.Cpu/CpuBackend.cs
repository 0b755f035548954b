using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>
/// Every op in vectors of 16 (which .NET maps to what the machine has), one file an op under the name it has in <c>Dayu.Tensors/Ops</c>. Work is cut by its shape and
/// sums have one order, so the bits of a result depend neither on the number of threads nor on what else is computed with it. Any number of passes may share it.
/// </summary>
public sealed unsafe partial class CpuBackend : Backend, IDisposable
{
    /// <summary>Values in a chunk of work: some microseconds. Smaller work runs on the calling thread and wakes no other.</summary>
    const int ChunkValues = 16384;

    /// <summary>The most threads: more cores than one machine has. A number above is a mistake, and would end in memory for stacks.</summary>
    public const int MostThreads = 1024;

    readonly Machine machine;
    readonly bool exact, bf16;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads that compute, the caller's included, at most <see cref="MostThreads"/>; 0: as many as the machine has cores.</param>
    /// <param name="path">Instruction set of the matrix kernels; null: the best, or what the variable <c>DAYU_CPU</c> names.</param>
    /// <param name="exact">Activations stay float32 where the fast kernels of a weight's format would round them (to bytes where it is quantised, to bfloat16 where it is
    /// bfloat16 and the path multiplies that): slower, and as near to the exact answer as float32 is.</param>
    /// <param name="bf16">Products with float32 weights, forward and backward, round their operands to bfloat16 where the path multiplies that (sums stay float32): twice as fast, for training.</param>
    public CpuBackend(int threads = 0, CpuPath? path = null, bool exact = false, bool bf16 = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        if (exact && bf16) throw new ArgumentException("Products are exact or rounded to bfloat16, not both; leave one of exact and bf16 out.", nameof(bf16));
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
    static float* Floats(Tensor x) => x.DType == DType.F32 ? (float*)x.Address : throw new ShapeException($"cpu: {x} is given where float32 numbers are computed with");

    /// <summary>The same, to be written to.</summary>
    static float* Out(Tensor y) => y.DType == DType.F32 ? (float*)y.WriteAddress : throw new ShapeException($"cpu: {y} is to be written to; only float32 can be");

    /// <summary>The same, or null for a gradient nobody wants.</summary>
    static float* OutOrNull(Tensor? y) => y is null ? null : Out(y);

    /// <summary>The numbers of an integer tensor.</summary>
    static int* Ints(Tensor x) => x.DType == DType.I32 ? (int*)x.Address : throw new ShapeException($"cpu: {x} is given where integers (i32) are expected");

    /// <summary>Numbers that come from users (ids, rows, targets) are checked before anything is read or written by them.</summary>
    static void InRange(string op, string what, int* found, long n, int count, int? except = null)
    {
        for (var t = 0L; t < n; t++)
            if ((uint)found[t] >= (uint)count && found[t] != except)
                throw new ArgumentOutOfRangeException(what, found[t], $"{op}: {what} {found[t]} at position {t}, expected 0 … {count - 1}");
    }
}
