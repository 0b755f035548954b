using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 32 numbers of 16 levels that lie closer about zero, and one half scale: x ≈ d·level(q). 18 bytes (ggml's
/// <c>block_iq4_nl</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct IQ4_NL : IQuantFormat<IQ4_NL>
{
    Half d;
    Bytes16 q;

    /// <inheritdoc/>
    public static string Name => "iq4_nl";

    /// <inheritdoc/>
    public static int GgufId => 20;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <summary>The levels define the format (ggml-common.h, <c>kvalues_iq4nl</c>).</summary>
    public static QuantForm Form { get; } = new(32, -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /// <inheritdoc/>
    public static void TakeApart(in IQ4_NL block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, 0, 1, 0);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.q, bits: 4, width: 16);
        BitFields.LookUp(parts.Integers, Form.Levels);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out IQ4_NL block)
    {
        block = new() { d = (Half)parts.Scale };
        foreach (ref var q in parts.Integers) q = (sbyte)Form.IndexOf(q);
        BitFields.Write(parts.Integers, 0, block.q, bits: 4, width: 16);
    }
}
