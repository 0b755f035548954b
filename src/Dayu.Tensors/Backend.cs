namespace Dayu.Tensors;

/// <summary>
/// What one device must know. <c>abstract</c> = a kernel every backend has; <c>virtual</c> = a fused op it may have,
/// whose default is composed of smaller ops. Each op's part stands beside its contract in <c>Ops/</c>. A backend is
/// stateless but for its threads: any number of passes may run on it at once.
/// </summary>
public abstract partial class Backend
{
    /// <summary>For messages and listings: <c>cpu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Memory of this device, at least 64-byte aligned, its content undefined.</summary>
    /// <exception cref="OutOfMemoryException">The device has not that much; the message says how much was asked
    /// for.</exception>
    public abstract nint Allocate(long bytes);

    /// <summary>Gives back what <see cref="Allocate"/> gave.</summary>
    public abstract void Free(nint address, long bytes);

    /// <summary>Host → device.</summary>
    public abstract void Upload(ReadOnlySpan<byte> from, nint to);

    /// <summary>Device → host.</summary>
    public abstract void Download(nint from, Span<byte> to);

    /// <summary>Device → the same device.</summary>
    public virtual void Copy(nint from, nint to, long bytes)
    {
        var piece = new byte[Math.Min(bytes, 1 << 20)];
        for (long at = 0; at < bytes; at += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, bytes - at));
            Download(from + (nint)at, part);
            Upload(part, to + (nint)at);
        }
    }

    /// <summary>
    /// Makes bytes that already lie in host memory (a mapped file) usable as a tensor's data without a copy, where the
    /// device can; 0 where it cannot.
    /// </summary>
    public virtual nint Map(nint host) => 0;

    /// <summary>
    /// The number format in which this backend likes to keep keys and values of past tokens; one of
    /// <see cref="Op.CacheFormats"/>.
    /// </summary>
    public virtual DType CacheFormat => DType.F32;

    /// <summary>Sets every value of a float32 tensor.</summary>
    public abstract void Fill(Tensor y, float value);

    /// <summary>Makes of weights, once, what this device multiplies fastest (kept in <see cref="Weight.Packed"/>).
    /// A weight that nobody packed is packed when it is first multiplied by.</summary>
    /// <param name="weights">Those that are to be ready; one whose numbers were written to since is packed
    /// anew.</param>
    /// <param name="done">Told of each when its numbers have been read for the last time; on any thread, several at
    /// once.</param>
    /// <exception cref="InvalidDataException">The numbers of one are damaged; the message says which.</exception>
    public virtual void Pack(IReadOnlyList<Weight> weights, Action<Weight>? done = null) { }
}
