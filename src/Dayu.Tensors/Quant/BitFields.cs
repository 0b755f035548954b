using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// Small numbers packed into bytes as ggml packs them: a run of width bytes holds width numbers in its lowest bits, the next width in the bits above, and so on; then the next run.
/// Four bits, width 16: number i of 32 lies in the low half of byte i, number i + 16 in the high half. One bit, width 1: bit i of a little-endian integer.
/// </summary>
static class BitFields
{
    /// <summary>Adds field · 2^place to each number.</summary>
    public static void AddTo(Span<sbyte> numbers, ReadOnlySpan<byte> bytes, int bits, int width, int place = 0)
    {
        var (mask, i) = ((byte)((1 << bits) - 1), 0);
        for (var run = 0; run < bytes.Length; run += width)
            for (var shift = 0; shift < 8; shift += bits, i += width)
            {
                var from = bytes.Slice(run, width);
                var to = numbers.Slice(i, width);
                if (width % 16 != 0)
                    for (var j = 0; j < width; j++) to[j] += (sbyte)((from[j] >> shift & mask) << place);
                else
                    for (var j = 0; j < width; j += 16)
                    {
                        var fields = ((Vector128.Create(from.Slice(j, 16)) >>> shift) & Vector128.Create(mask)) << place;
                        (Vector128.Create<sbyte>(to.Slice(j, 16)) + fields.AsSByte()).CopyTo(to.Slice(j, 16));
                    }
            }
    }

    /// <summary>Writes bits place … place + bits − 1 of each number less least.</summary>
    public static void Write(ReadOnlySpan<sbyte> numbers, int least, Span<byte> bytes, int bits, int width, int place = 0)
    {
        var (mask, i) = ((1 << bits) - 1, 0);
        bytes.Clear();
        for (var run = 0; run < bytes.Length; run += width)
            for (var shift = 0; shift < 8; shift += bits)
                foreach (ref var b in bytes.Slice(run, width)) b |= (byte)((numbers[i++] - least >> place & mask) << shift);
    }
}

[InlineArray(4)] struct Bytes4 { byte first; }
[InlineArray(8)] struct Bytes8 { byte first; }
[InlineArray(16)] struct Bytes16 { byte first; }
[InlineArray(32)] struct Bytes32 { byte first; }
[InlineArray(64)] struct Bytes64 { byte first; }
[InlineArray(128)] struct Bytes128 { byte first; }
