using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>
/// What is read soon. With each step of a product the processor is asked for some bytes more, in the order in which they lie, so that memory works while sums are formed.
/// (Asked for head by head, their parts of the rows far apart, they come at a quarter of the speed.) A wrong guess, where blocks do not follow each other, does no harm.
/// </summary>
internal readonly unsafe struct AttentionPrefetch(byte* from, nint each)
{
    /// <summary>What step j asks for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(nint j)
    {
        if (each == 0 || !Sse.IsSupported) return;
        for (byte* p = from + j * each, end = p + each; p < end; p += 64) Sse.Prefetch1(p);
    }
}
