using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 five-bit numbers and one half scale: x ≈ d·(q − 16). 22 bytes (ggml's <c>block_q5_0</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q5_0 : IQuantFormat<Q5_0>
{
    Half d;
    Bytes4 high;
    Bytes16 low;

    /// <inheritdoc/>
    public static string Name => "q5_0";

    /// <inheritdoc/>
    public static int GgufId => 6;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(-16, 15));

    /// <inheritdoc/>
    public static void TakeApart(in Q5_0 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, 0, 1, 0);
        parts.Integers.Fill(-16);
        BitFields.AddTo(parts.Integers, block.low, bits: 4, width: 16);
        BitFields.AddTo(parts.Integers, block.high, bits: 1, width: 1, place: 4);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q5_0 block)
    {
        block = new() { d = (Half)parts.Scale };
        BitFields.Write(parts.Integers, -16, block.low, bits: 4, width: 16);
        BitFields.Write(parts.Integers, -16, block.high, bits: 1, width: 1, place: 4);
    }
}
