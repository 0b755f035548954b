using System.Runtime.InteropServices;

namespace Dayu.Cpu;

/// <summary>
/// Memory for machine code, never writable and executable at once. A system may refuse it (SELinux, PaX, MemoryDenyWriteExecute):
/// <see cref="Refusal"/> then says so, and kernels in C# run instead. Addresses are valid until this is disposed.
/// </summary>
internal sealed unsafe partial class CodeMemory : IDisposable
{
    const int ReadWrite = 3, ReadExecute = 5, PrivateAnonymous = 0x22, PrivateAnonymousOfApple = 0x1002;
    const uint Commit = 0x3000, PageReadWrite = 4, PageExecuteRead = 0x20, Release = 0x8000;

    /// <summary>Makes pages executable; false if the system refuses.</summary>
    public delegate bool Seal(nint address, nint bytes);

    readonly List<(nint Address, nint Bytes)> pages = [];
    readonly Seal seal;

    /// <summary>Finds out whether the system allows machine code. A test passes a seal that refuses.</summary>
    public CodeMemory(Seal? seal = null)
    {
        this.seal = seal ?? Protect;
        ReadOnlySpan<byte> onlyReturns = [0xc3];
        try { ((delegate* unmanaged<void>)Add(onlyReturns))(); }
        catch (NotSupportedException e) { Refusal = e.Message; }
    }

    /// <summary>Why the system allows no machine code; null if it does.</summary>
    public string? Refusal { get; }

    /// <summary>Copies position-independent code to pages of its own.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="NotSupportedException">The system refuses.</exception>
    public nint Add(ReadOnlySpan<byte> code)
    {
        nint page = Environment.SystemPageSize, bytes = (code.Length + page - 1) / page * page;
        var address = Map(bytes);
        code.CopyTo(new((void*)address, code.Length));
        if (!seal(address, bytes))
        {
            Unmap(address, bytes);
            throw new NotSupportedException("the system does not let memory be made executable");
        }
        lock (pages) pages.Add((address, bytes));
        return address;
    }

    static nint Map(nint bytes)
    {
        var kind = OperatingSystem.IsMacOS() ? PrivateAnonymousOfApple : PrivateAnonymous;
        var address = OperatingSystem.IsWindows()
            ? VirtualAlloc(0, bytes, Commit, PageReadWrite)
            : mmap(0, bytes, ReadWrite, kind, -1, 0);
        return address is 0 or -1 ? throw new NotSupportedException("the system gave no memory for machine code") : address;
    }

    static bool Protect(nint address, nint bytes) =>
        OperatingSystem.IsWindows()
            ? VirtualProtect(address, bytes, PageExecuteRead, out _) != 0
            : mprotect(address, bytes, ReadExecute) == 0;

    static void Unmap(nint address, nint bytes) =>
        _ = OperatingSystem.IsWindows() ? VirtualFree(address, 0, Release) : munmap(address, bytes);

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        lock (pages)
        {
            foreach (var (address, bytes) in pages) Unmap(address, bytes);
            pages.Clear();
        }
    }

    [LibraryImport("libc")] private static partial nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);
    [LibraryImport("libc")] private static partial int mprotect(nint address, nint length, int protection);
    [LibraryImport("libc")] private static partial int munmap(nint address, nint length);
    [LibraryImport("kernel32")] private static partial nint VirtualAlloc(nint address, nint size, uint kind, uint protection);
    [LibraryImport("kernel32")] private static partial int VirtualProtect(nint address, nint size, uint protection, out uint before);
    [LibraryImport("kernel32")] private static partial int VirtualFree(nint address, nint size, uint kind);
}
