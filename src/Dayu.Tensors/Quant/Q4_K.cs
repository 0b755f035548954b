using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 four-bit numbers in groups of 32 with six bits each as scale and minimum, and a half for each of these: x ≈
/// d·s·q − m·n. 144 bytes (ggml's <c>block_q4_K</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q4_K : IQuantFormat<Q4_K>
{
    Half d, m;
    SixBits shared;
    Bytes128 q;

    /// <inheritdoc/>
    public static string Name => "q4_k";

    /// <inheritdoc/>
    public static int GgufId => 12;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(0, 15)) { Scales = (0, 63), Minima = 63 };

    /// <inheritdoc/>
    public static void TakeApart(in Q4_K block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d, -(float)block.m);
        block.shared.Read(parts.Scales, parts.Minima);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.q, bits: 4, width: 32);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q4_K block)
    {
        block = new() { d = (Half)parts.Scale, m = (Half)(-parts.Minimum) };
        block.shared.Write(parts.Scales, parts.Minima);
        BitFields.Write(parts.Integers, 0, block.q, bits: 4, width: 32);
    }
}
