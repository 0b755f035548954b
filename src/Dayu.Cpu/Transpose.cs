using System.Runtime.CompilerServices;
using static Dayu.Cpu.AttentionKernels;

namespace Dayu.Cpu;

/// <summary>Transposes keys, so that a vector holds one value of 16 keys: no sum then goes across a vector.</summary>
internal static unsafe class Transpose
{
    /// <summary>to[k][j] = from[j][k], in words of 4 bytes; rows of <paramref name="to"/> are <see cref="Chunk"/> words apart.</summary>
    /// <param name="from">[rows, words].</param>
    /// <param name="stride">Words from one row to the next.</param>
    /// <param name="rows">A multiple of 8.</param>
    /// <param name="words">A multiple of 8.</param>
    /// <param name="to">[words, chunk].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats(float* from, nint stride, int rows, nint words, float* to)
    {
        for (var j = 0; j < rows; j += 8, from += 8 * stride, to += 8)
            for (nint k = 0; k < words; k += 8) Interleave.Transpose8x8(from + k, stride, to + k * Chunk, Chunk);
    }

    /// <summary>The same with row j at from + places[j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Words(byte* from, nint* places, int rows, nint words, float* to)
    {
        for (var j = 0; j < rows; j += 8, places += 8, to += 8)
        {
            float* a = (float*)(from + places[0]), b = (float*)(from + places[1]);
            float* c = (float*)(from + places[2]), d = (float*)(from + places[3]);
            float* e = (float*)(from + places[4]), f = (float*)(from + places[5]);
            float* g = (float*)(from + places[6]), h = (float*)(from + places[7]);
            for (nint k = 0; k < words; k += 8)
                Interleave.Transpose8x8(a + k, b + k, c + k, d + k, e + k, f + k, g + k, h + k, to + k * Chunk, Chunk);
        }
    }
}
