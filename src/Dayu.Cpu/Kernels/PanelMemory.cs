namespace Dayu.Cpu;

/// <summary>Memory that packed weights share: one piece, on huge pages. It is given back when its maker and the last weight in it are disposed of.</summary>
internal sealed unsafe class PanelMemory : IDisposable
{
    /// <summary>Where a weight begins: lines of the cache are not shared.</summary>
    const int Alignment = 64;

    readonly nint bytes;
    byte* next;
    int users = 1;

    /// <summary>Room for so many bytes, zeroed.</summary>
    /// <exception cref="InsufficientMemoryException">The system gives no more.</exception>
    public PanelMemory(nint bytes)
    {
        this.bytes = bytes;
        next = Start = Native.Allocate(bytes, hugePages: true);
    }

    public byte* Start { get; }

    /// <summary>What a weight of so many bytes takes.</summary>
    public static nint Room(nint bytes) => (bytes + Alignment - 1) & -Alignment;

    /// <summary>The next piece; whoever takes it calls <see cref="Dispose"/> once.</summary>
    public byte* Take(nint count)
    {
        if (Start + bytes - next < count) throw new InvalidOperationException($"{count} bytes of packed weights do not fit where {bytes} were made room for");
        Interlocked.Increment(ref users);
        var piece = next;
        next += Room(count);
        return piece;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) == 0) Native.Free(Start, bytes, hugePages: true);
    }
}
