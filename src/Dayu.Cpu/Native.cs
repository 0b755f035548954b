using System.Runtime.InteropServices;

namespace Dayu.Cpu;

/// <summary>Native memory, 64-byte aligned and zeroed. From 1 MB on, Linux commits it only when it is touched.</summary>
internal static unsafe partial class Native
{
    const nint Huge = 2 << 20, MappedFrom = 1 << 20;
    const int ReadWrite = 3, PrivateAnonymous = 0x22, HugePage = 14;

    /// <summary>Zeroed memory of that many bytes; give the same count and kind to <see cref="Free"/>.</summary>
    /// <param name="bytes">0 or more.</param>
    /// <param name="hugePages">
    /// On Linux, asks for pages of 2 MB, which cost fewer TLB misses when memory is streamed. Not for memory that is touched here and
    /// there: small pages commit less of it.
    /// </param>
    /// <exception cref="InsufficientMemoryException">The system has no more.</exception>
    public static byte* Allocate(nint bytes, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (IsMapped(bytes)) return hugePages ? MapHuge(bytes) : Map(bytes);
        var p = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 64), 64);
        NativeMemory.Clear(p, (nuint)bytes);
        return p;
    }

    /// <summary>Frees what <see cref="Allocate"/> returned for the same number of bytes; null is allowed.</summary>
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
        if ((nint)p != -1) return p;
        throw new InsufficientMemoryException($"The system gave no {bytes:N0} bytes of memory. Use a smaller model, context or batch.");
    }

    /// <summary>Maps one huge page more than needed, then unmaps both ends, so that the rest is aligned.</summary>
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

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nint length, int advice);
}

/// <summary>Native memory with an owner: disposing it frees the memory, else its finalizer does.</summary>
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

    /// <summary>Its address, 64-byte aligned. Valid until disposed.</summary>
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
