using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 three-bit numbers in groups of 16 with six bits each as scale, and one half for these: x ≈ d·(s − 32)·(q − 4).
/// 110 bytes (ggml's <c>block_q3_K</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q3_K : IQuantFormat<Q3_K>
{
    Bytes32 high;
    Bytes64 low;
    Bytes8 lowScales;
    Bytes4 highScales;
    Half d;

    /// <inheritdoc/>
    public static string Name => "q3_k";

    /// <inheritdoc/>
    public static int GgufId => 11;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(16, QuantForm.Range(-4, 3)) { Scales = (-32, 31) };

    /// <inheritdoc/>
    public static void TakeApart(in Q3_K block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d, 0);
        parts.Scales.Fill(-32);
        BitFields.AddTo(parts.Scales, block.lowScales, bits: 4, width: 8);
        BitFields.AddTo(parts.Scales, block.highScales, bits: 2, width: 4, place: 4);
        parts.Minima.Clear();
        parts.Integers.Fill(-4);
        BitFields.AddTo(parts.Integers, block.low, bits: 2, width: 32);
        BitFields.AddTo(parts.Integers, block.high, bits: 1, width: 32, place: 2);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q3_K block)
    {
        block = new() { d = (Half)parts.Scale };
        BitFields.Write(parts.Scales, -32, block.lowScales, bits: 4, width: 8);
        BitFields.Write(parts.Scales, -32, block.highScales, bits: 2, width: 4, place: 4);
        BitFields.Write(parts.Integers, -4, block.low, bits: 2, width: 32);
        BitFields.Write(parts.Integers, -4, block.high, bits: 1, width: 32, place: 2);
    }
}
