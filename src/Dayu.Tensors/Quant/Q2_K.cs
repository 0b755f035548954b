using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 two-bit numbers in groups of 16 with four bits each as scale and minimum, and a half for each of these: x ≈
/// d·s·q − m·n. 84 bytes (ggml's <c>block_q2_K</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q2_K : IQuantFormat<Q2_K>
{
    Bytes16 shared;
    Bytes64 q;
    Half d, m;

    /// <inheritdoc/>
    public static string Name => "q2_k";

    /// <inheritdoc/>
    public static int GgufId => 10;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(16, QuantForm.Range(0, 3)) { Scales = (0, 15), Minima = 15 };

    /// <inheritdoc/>
    public static void TakeApart(in Q2_K block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d, -(float)block.m);
        for (var g = 0; g < 16; g++) (parts.Scales[g], parts.Minima[g]) = ((sbyte)(block.shared[g] & 15), (sbyte)(block.shared[g] >> 4));
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.q, bits: 2, width: 32);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q2_K block)
    {
        block = new() { d = (Half)parts.Scale, m = (Half)(-parts.Minimum) };
        for (var g = 0; g < 16; g++) block.shared[g] = (byte)(parts.Scales[g] + (parts.Minima[g] << 4));
        BitFields.Write(parts.Integers, 0, block.q, bits: 2, width: 32);
    }
}
