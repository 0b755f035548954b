using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using static Dayu.Cpu.AttentionKernels;

namespace Dayu.Cpu;

/// <summary>Brings keys that lie row by row into the order in which a vector holds one value of 16 keys: no sum then goes across a vector.</summary>
internal static unsafe class Turn
{
    /// <summary>to[k][j] = from[j][k] for so many rows, a multiple of 8, and so many words of 4 bytes, a multiple of 8; rows of <paramref name="to"/> lie a chunk apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats(float* from, nint stride, int rows, nint words, float* to)
    {
        for (var j = 0; j < rows; j += 8, from += 8 * stride, to += 8)
            if (Avx.IsSupported)
                for (nint k = 0; k < words; k += 8) Interleave.Transpose8x8(from + k, stride, to + k * Chunk, Chunk);
            else
                for (nint k = 0; k < words; k++)
                    for (var i = 0; i < 8; i++) to[k * Chunk + i] = from[i * stride + k];
    }
}
