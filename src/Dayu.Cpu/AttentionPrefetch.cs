using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>
/// Prefetches what is read next: with each step of a product some more bytes, in the order they have in memory. (Prefetched head by
/// head, with parts of rows far apart, they arrive at a quarter of the speed.) Where blocks are not contiguous, a wrong guess is
/// harmless.
/// </summary>
internal readonly unsafe struct AttentionPrefetch(byte* from, nint each)
{
    /// <summary>Prefetches the bytes of step j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(nint j)
    {
        if (each == 0 || !Sse.IsSupported) return;
        for (byte* p = from + j * each, end = p + each; p < end; p += 64) Sse.Prefetch1(p);
    }
}
