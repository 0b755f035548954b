namespace Dayu.Tensors;

/// <summary>The upper half of a single: 8 exponent and 7 fraction bits (Google Brain's format).</summary>
public struct BF16 : INumberFormat<BF16>
{
    ushort bits;

    /// <inheritdoc/>
    public static string Name => "bf16";

    /// <inheritdoc/>
    public static int GgufId => 30;

    /// <inheritdoc/>
    public static int Values => 1;

    /// <inheritdoc/>
    public static void Decode(in BF16 block, Span<float> x) => x[0] = BitConverter.UInt32BitsToSingle((uint)block.bits << 16);

    /// <summary>Nearest, ties to even; a NaN stays one (its fraction must not round to infinity).</summary>
    public static void Encode(ReadOnlySpan<float> x, out BF16 block)
    {
        var u = BitConverter.SingleToUInt32Bits(x[0]);
        block.bits = float.IsNaN(x[0]) ? (ushort)(u >> 16 | 0x40) : (ushort)(u + 0x7fff + (u >> 16 & 1) >> 16);
    }
}
