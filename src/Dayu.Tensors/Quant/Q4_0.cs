using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 four-bit numbers and one half scale: x ≈ d·(q − 8). 18 bytes (ggml's <c>block_q4_0</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q4_0 : IQuantFormat<Q4_0>
{
    Half d;
    Bytes16 q;

    /// <inheritdoc/>
    public static string Name => "q4_0";

    /// <inheritdoc/>
    public static int GgufId => 2;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(-8, 7));

    /// <inheritdoc/>
    public static void TakeApart(in Q4_0 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, 0, 1, 0);
        parts.Integers.Fill(-8);
        BitFields.AddTo(parts.Integers, block.q, bits: 4, width: 16);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q4_0 block)
    {
        block = new() { d = (Half)parts.Scale };
        BitFields.Write(parts.Integers, -8, block.q, bits: 4, width: 16);
    }
}
