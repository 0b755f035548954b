namespace Dayu.Cpu;

/// <summary>
/// One allocation that packed weights share, on huge pages. It is freed when its creator and every weight in it are disposed of.
/// </summary>
internal sealed unsafe class PanelMemory : IDisposable
{
    /// <summary>Weights begin at a multiple of this: they share no cache line.</summary>
    const int Alignment = 64;

    readonly nint bytes;
    byte* next;
    int users = 1;

    /// <summary>Allocates that many bytes, zeroed.</summary>
    /// <exception cref="InsufficientMemoryException">The system has no more.</exception>
    public PanelMemory(nint bytes)
    {
        this.bytes = bytes;
        next = Start = Native.Allocate(bytes, hugePages: true);
    }

    public byte* Start { get; }

    /// <summary>The bytes a weight of that many bytes takes.</summary>
    public static nint Room(nint bytes) => (bytes + Alignment - 1) & -Alignment;

    /// <summary>Takes the next bytes; whoever takes them calls <see cref="Dispose"/> once.</summary>
    public byte* Take(nint count)
    {
        if (Start + bytes - next < count)
            throw new InvalidOperationException($"{count} bytes of packed weights do not fit into the rest of {bytes}");
        Interlocked.Increment(ref users);
        var taken = next;
        next += Room(count);
        return taken;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) == 0) Native.Free(Start, bytes, hugePages: true);
    }
}
