using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>
/// A hash of bytes for tables in memory, eight bytes at a step. It does not resist texts made to collide: tables limit
/// their probes, or use a random seed.
/// </summary>
static class ByteHash
{
    /// <summary>2⁶⁴ divided by the golden ratio, odd: spreads neighbouring numbers over the upper bits.</summary>
    public const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong hash = seed ^ (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mix(hash, MemoryMarshal.Read<ulong>(bytes));
        ulong rest = 0;
        if (bytes.Length >= 4)
        {
            rest = MemoryMarshal.Read<uint>(bytes);
            bytes = bytes[4..];
        }
        foreach (byte b in bytes) rest = rest << 8 | b;
        return Mix(hash, rest);
    }

    static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Multiplier;
        return hash ^ hash >> 32;
    }
}
