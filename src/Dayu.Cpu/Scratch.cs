namespace Dayu.Cpu;

/// <summary>Working memory that is rented for a call and reused: a locked list of free buffers. Contents are not cleared.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    readonly Stack<NativeBuffer> free = new();

    /// <summary>A buffer of at least that many bytes; hand it back with <see cref="Return"/>.</summary>
    public NativeBuffer Rent(nint bytes)
    {
        NativeBuffer? last = null;
        lock (free)
            if (free.TryPop(out last) && last.Bytes >= bytes) return last;
        last?.Dispose();                              // outgrown: the next size holds for a while
        return new NativeBuffer(Math.Max(bytes + bytes / 4, 1 << 16));
    }

    /// <summary>Takes a rented buffer back.</summary>
    public void Return(NativeBuffer buffer)
    {
        lock (free) free.Push(buffer);
    }

    /// <summary>Frees what is not rented.</summary>
    public void Dispose()
    {
        lock (free)
            while (free.TryPop(out var buffer)) buffer.Dispose();
    }
}
