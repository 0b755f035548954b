using System.Runtime.CompilerServices;

namespace Dayu.Tensors;

/// <summary>
/// Eight scales and eight minima of six bits in 12 bytes, as Q4_K and Q5_K hold them: bytes 0–3 the first four scales,
/// 4–7 the first four minima, and above them, two bits each, the upper bits of the last four; bytes 8–11 the lower four
/// bits of these, scale below minimum.
/// </summary>
[InlineArray(12)]
struct SixBits
{
    byte first;

    public readonly void Read(Span<sbyte> scales, Span<sbyte> minima)
    {
        for (var i = 0; i < 4; i++)
        {
            (scales[i], minima[i]) = ((sbyte)(this[i] & 63), (sbyte)(this[4 + i] & 63));
            scales[4 + i] = (sbyte)(this[8 + i] & 15 | this[i] >> 6 << 4);
            minima[4 + i] = (sbyte)(this[8 + i] >> 4 | this[4 + i] >> 6 << 4);
        }
    }

    public void Write(ReadOnlySpan<sbyte> scales, ReadOnlySpan<sbyte> minima)
    {
        for (var i = 0; i < 4; i++)
        {
            this[i] = (byte)(scales[i] + (scales[4 + i] >> 4 << 6));
            this[4 + i] = (byte)(minima[i] + (minima[4 + i] >> 4 << 6));
            this[8 + i] = (byte)((scales[4 + i] & 15) + ((minima[4 + i] & 15) << 4));
        }
    }
}
