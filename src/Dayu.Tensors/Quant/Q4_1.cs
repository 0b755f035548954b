using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 32 four-bit numbers, a half scale and a half minimum: x ≈ d·q + m. 20 bytes (ggml's <c>block_q4_1</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q4_1 : IQuantFormat<Q4_1>
{
    Half d, m;
    Bytes16 q;

    /// <inheritdoc/>
    public static string Name => "q4_1";

    /// <inheritdoc/>
    public static int GgufId => 3;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(0, 15)) { Minima = 1 };

    /// <inheritdoc/>
    public static void TakeApart(in Q4_1 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, (float)block.m, 1, 1);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.q, bits: 4, width: 16);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q4_1 block)
    {
        block = new() { d = (Half)parts.Scale, m = (Half)parts.Minimum };
        BitFields.Write(parts.Integers, 0, block.q, bits: 4, width: 16);
    }
}
