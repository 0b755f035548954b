using System.Runtime.InteropServices;

namespace Dayu.Cpu;

/// <summary>Native memory: 64-byte aligned and zeroed. From 1 MB on, on Linux, nothing of it is there before it is touched.</summary>
internal static unsafe partial class Native
{
    const nint Huge = 2 << 20, MappedFrom = 1 << 20;
    const int ReadWrite = 3, PrivateAnonymous = 0x22, HugePage = 14;

    /// <summary>Zeroed memory of that many bytes; give the same count and kind to <see cref="Free"/>.</summary>
    /// <param name="bytes">0 or more.</param>
    /// <param name="hugePages">For what will be filled from end to end: on Linux it is asked to lie on pages of 2 MB, which spares the TLB when it streams. What is touched here and there takes less on small ones.</param>
    /// <exception cref="InsufficientMemoryException">The system gives no more.</exception>
    public static byte* Allocate(nint bytes, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (IsMapped(bytes)) return hugePages ? MapHuge(bytes) : Map(bytes);
        var p = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 64), 64);
        NativeMemory.Clear(p, (nuint)bytes);
        return p;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave for the same number of bytes; null is allowed.</summary>
    public static void Free(byte* p, nint bytes, bool hugePages = false)
    {
        if (p == null) return;
        if (IsMapped(bytes)) _ = munmap(p, hugePages ? RoundUp(bytes) : bytes);
        else NativeMemory.AlignedFree(p);
    }

    static bool IsMapped(nint bytes) => bytes >= MappedFrom && OperatingSystem.IsLinux();

    static nint RoundUp(nint bytes) => (bytes + Huge - 1) & -Huge;

    static byte* Map(nint bytes)
    {
        var p = (byte*)mmap(null, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        return (nint)p != -1 ? p : throw new InsufficientMemoryException($"The system gave no {bytes:N0} bytes of memory. Use a smaller model, context or batch.");
    }

    /// <summary>Maps one huge page more than needed, and cuts the ends off, so that what is left is aligned.</summary>
    static byte* MapHuge(nint bytes)
    {
        var size = RoundUp(bytes);
        var p = Map(size + Huge);
        var start = (byte*)RoundUp((nint)p);
        if (start > p) _ = munmap(p, (nint)(start - p));
        if (start < p + Huge) _ = munmap(start + size, (nint)(p + Huge - start));
        _ = madvise(start, size, HugePage);
        return start;
    }

    [LibraryImport("libc")] private static partial void* mmap(void* address, nint length, int protection, int flags, int file, nint offset);
    [LibraryImport("libc")] private static partial int munmap(void* address, nint length);
    [LibraryImport("libc")] private static partial int madvise(void* address, nint length, int advice);
}

/// <summary>A piece of native memory with an owner. Dispose it to give the memory back; a forgotten one is given back by the collector.</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    /// <summary>Zeroed memory of that many bytes.</summary>
    public NativeBuffer(nint bytes) : base(0, ownsHandle: true)
    {
        Bytes = bytes;
        SetHandle((nint)Native.Allocate(bytes));
    }

    /// <summary>Size in bytes.</summary>
    public nint Bytes { get; }

    /// <summary>Where it starts, 64-byte aligned. Valid until disposed.</summary>
    public byte* Pointer => (byte*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Native.Free((byte*)handle, Bytes);
        return true;
    }
}
