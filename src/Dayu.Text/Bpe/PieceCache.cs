using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>
/// The ids of short pieces met lately: most words of a text have been seen before. A fixed number of slots; a newcomer takes the place of whoever stood there.
/// The key is the piece itself, up to 15 bytes and its length, so a hit is two comparisons and never wrong.
/// </summary>
sealed class PieceCache
{
    /// <summary>Bytes that must lie behind the last piece of a text, so that a key is read without a loop.</summary>
    public const int Slack = 16;

    const int LongestPiece = 15, MostIds = 6, LogSlots = 13;

    [InlineArray(MostIds)]
    struct Ids { int first; }

    struct Slot
    {
        public ulong Low, High;
        public int Count;
        public Ids Ids;
    }

    readonly Slot[] slots = new Slot[1 << LogSlots];

    /// <summary>Appends the ids of the piece, if they are known.</summary>
    public bool TryGet(byte[] text, int start, int length, List<int> ids)
    {
        if (length > LongestPiece) return false;
        var (low, high) = Key(text, start, length);
        ref var slot = ref slots[Hash(low, high)];
        if (slot.Low != low || slot.High != high) return false;
        if (slot.Count == 1) ids.Add(slot.Ids[0]);
        else ids.AddRange(((ReadOnlySpan<int>)slot.Ids)[..slot.Count]);
        return true;
    }

    /// <summary>Remembers the ids of a piece, unless it is long.</summary>
    public void Set(byte[] text, int start, int length, ReadOnlySpan<int> ids)
    {
        if (length > LongestPiece || ids.Length > MostIds) return;
        var (low, high) = Key(text, start, length);
        ref var slot = ref slots[Hash(low, high)];
        (slot.Low, slot.High, slot.Count) = (low, high, ids.Length);
        ids.CopyTo(slot.Ids);
    }

    /// <summary>The length is the last byte, so no key is that of an empty slot.</summary>
    static (ulong Low, ulong High) Key(byte[] text, int start, int length)
    {
        var bytes = text.AsSpan(start, Slack);
        ulong low = MemoryMarshal.Read<ulong>(bytes), high = MemoryMarshal.Read<ulong>(bytes[8..]);
        if (length < 8) return (low & (1ul << 8 * length) - 1, (ulong)length << 56);
        return (low, high & (1ul << 8 * (length - 8)) - 1 | (ulong)length << 56);
    }

    static int Hash(ulong low, ulong high) => (int)(((low ^ (high << 29 | high >> 35)) * 0x9E3779B97F4A7C15) >> (64 - LogSlots));
}
