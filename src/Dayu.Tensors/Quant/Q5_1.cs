using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 32 five-bit numbers, a half scale and a half minimum: x ≈ d·q + m. 24 bytes (ggml's <c>block_q5_1</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q5_1 : IQuantFormat<Q5_1>
{
    Half d, m;
    Bytes4 high;
    Bytes16 low;

    /// <inheritdoc/>
    public static string Name => "q5_1";

    /// <inheritdoc/>
    public static int GgufId => 7;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(0, 31)) { Minima = 1 };

    /// <inheritdoc/>
    public static void TakeApart(in Q5_1 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, (float)block.m, 1, 1);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.low, bits: 4, width: 16);
        BitFields.AddTo(parts.Integers, block.high, bits: 1, width: 1, place: 4);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q5_1 block)
    {
        block = new() { d = (Half)parts.Scale, m = (Half)parts.Minimum };
        BitFields.Write(parts.Integers, 0, block.low, bits: 4, width: 16);
        BitFields.Write(parts.Integers, 0, block.high, bits: 1, width: 1, place: 4);
    }
}
