using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// Small numbers packed into bytes as ggml packs them: a run of width bytes holds width numbers in its lowest bits, the
/// next width in the bits above, and so on; then the next run. Four bits, width 16: number i of 32 lies in the low half
/// of byte i, number i + 16 in the high half. One bit, width 1: bit i of a little-endian integer.
/// </summary>
static class BitFields
{
    /// <summary>Adds field · 2^place to each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(Span<sbyte> numbers, ReadOnlySpan<byte> bytes, int bits, int width, int place = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(8 / bits * bytes.Length, numbers.Length);
        if (width == 1) AddBits(numbers, bytes, bits, place);
        else if (width % 16 == 0)
            AddVectors(ref MemoryMarshal.GetReference(numbers), ref MemoryMarshal.GetReference(bytes), bytes.Length, bits, width, place);
        else
            for (var (run, i) = (0, 0); run < bytes.Length; run += width)
                for (var shift = 0; shift < 8; shift += bits)
                    for (var j = 0; j < width; j++) numbers[i++] += (sbyte)((bytes[run + j] >> shift & (1 << bits) - 1) << place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddVectors(ref sbyte to, ref byte from, int count, int bits, int width, int place)
    {
        nuint i = 0;
        for (nuint run = 0; run < (nuint)count; run += (nuint)width)
            for (var shift = 0; shift < 8; shift += bits)
                for (nuint j = 0; j < (nuint)width; j += 16, i += 16)
                {
                    // bytes cannot be shifted: what comes from a neighbour is masked
                    var mask = Vector128.Create((byte)((1 << bits) - 1));
                    var fields = (Vector128.LoadUnsafe(ref from, run + j).AsUInt16() >>> shift).AsByte() & mask;
                    (Vector128.LoadUnsafe(ref to, i) + (fields.AsUInt16() << place).AsSByte()).StoreUnsafe(ref to, i);
                }
    }

    /// <summary>Bits of little-endian integers: two bytes stand for 16 numbers.</summary>
    static void AddBits(Span<sbyte> numbers, ReadOnlySpan<byte> bytes, int bits, int place)
    {
        if (bits != 1)
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "numbers that follow one another within a byte have one bit");
        var bit = Vector128.Create(0x8040201008040201).AsByte();
        for (var i = 0; i < bytes.Length; i += 2)
        {
            var both = Vector128.Create((ulong)bytes[i] * 0x0101010101010101, bytes[i + 1] * 0x0101010101010101u).AsByte();
            var to = numbers.Slice(8 * i, 16);
            (Vector128.Create<sbyte>(to) + (Vector128.Equals(both & bit, bit) & Vector128.Create((byte)(1 << place))).AsSByte()).CopyTo(to);
        }
    }

    /// <summary>Numbers 0 … 15 become what a table of 16 has there.</summary>
    public static void LookUp(Span<sbyte> numbers, ReadOnlySpan<sbyte> table)
    {
        var levels = Vector128.Create(table);
        for (; numbers.Length > 0; numbers = numbers[16..])
            Vector128.Shuffle(levels, Vector128.Create<sbyte>(numbers[..16])).CopyTo(numbers);
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
