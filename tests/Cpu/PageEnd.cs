using System.Runtime.InteropServices;
using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>
/// Memory that ends where its page does, and behind it a page that nobody may touch: whoever reads a byte too many ends
/// the process.
/// </summary>
internal sealed unsafe partial class PageEnd : IDisposable
{
    readonly nint start, bytes, page = Environment.SystemPageSize;

    public PageEnd(int count)
    {
        bytes = (count + page - 1) / page * page;
        start = (nint)Native.Allocate(bytes + 2 * page);
        var end = (start + bytes + page) & -page;
        if (mprotect(end, page, 0) != 0) throw new InvalidOperationException("no page could be closed");
        Pointer = (byte*)end - count;
    }

    public byte* Pointer { get; }

    public void Dispose()
    {
        _ = mprotect((start + bytes + page) & -page, page, 3);
        Native.Free((byte*)start, bytes + 2 * page);
    }

    [LibraryImport("libc")] private static partial int mprotect(nint address, nint length, int protection);
}
