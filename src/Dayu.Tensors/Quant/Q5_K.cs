using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 five-bit numbers in groups of 32 with six bits each as scale and minimum, and a half for each of these: x ≈
/// d·s·q − m·n. 176 bytes (ggml's <c>block_q5_K</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q5_K : IQuantFormat<Q5_K>
{
    Half d, m;
    SixBits shared;
    Bytes32 high;
    Bytes128 low;

    /// <inheritdoc/>
    public static string Name => "q5_k";

    /// <inheritdoc/>
    public static int GgufId => 13;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(0, 31)) { Scales = (0, 63), Minima = 63 };

    /// <inheritdoc/>
    public static void TakeApart(in Q5_K block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d, -(float)block.m);
        block.shared.Read(parts.Scales, parts.Minima);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.low, bits: 4, width: 32);
        BitFields.AddTo(parts.Integers, block.high, bits: 1, width: 32, place: 4);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q5_K block)
    {
        block = new() { d = (Half)parts.Scale, m = (Half)(-parts.Minimum) };
        block.shared.Write(parts.Scales, parts.Minima);
        BitFields.Write(parts.Integers, 0, block.low, bits: 4, width: 32);
        BitFields.Write(parts.Integers, 0, block.high, bits: 1, width: 32, place: 4);
    }
}
