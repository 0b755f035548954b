using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 six-bit numbers in groups of 16 with a signed byte each as scale, and one half for these: x ≈ d·s·(q − 32). 210
/// bytes (ggml's <c>block_q6_K</c>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q6_K : IQuantFormat<Q6_K>
{
    Bytes128 low;
    Bytes64 high;
    Bytes16 scales;
    Half d;

    /// <inheritdoc/>
    public static string Name => "q6_k";

    /// <inheritdoc/>
    public static int GgufId => 14;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(16, QuantForm.Range(-32, 31)) { Scales = (-128, 127) };

    /// <inheritdoc/>
    public static void TakeApart(in Q6_K block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d, 0);
        MemoryMarshal.Cast<byte, sbyte>((ReadOnlySpan<byte>)block.scales).CopyTo(parts.Scales);
        parts.Minima.Clear();
        parts.Integers.Fill(-32);
        BitFields.AddTo(parts.Integers, block.low, bits: 4, width: 64);
        BitFields.AddTo(parts.Integers, block.high, bits: 2, width: 32, place: 4);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q6_K block)
    {
        block = new() { d = (Half)parts.Scale };
        parts.Scales.CopyTo(MemoryMarshal.Cast<byte, sbyte>((Span<byte>)block.scales));
        BitFields.Write(parts.Integers, -32, block.low, bits: 4, width: 64);
        BitFields.Write(parts.Integers, -32, block.high, bits: 2, width: 32, place: 4);
    }
}
