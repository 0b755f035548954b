using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>
/// The ids of pre-tokens met before, as most words of a text have been. A slot is half a cache line: the pre-token
/// itself, up to 15 bytes and its length, and up to four ids, so that a hit on a word is one line of memory, two
/// comparisons and one copy. Longer pre-tokens, and more ids, lie in <see cref="store"/>, and the slot has their hash
/// and place. Every hit compares all bytes. The cache grows with what it holds, to 12 MB; then it is emptied, and fills
/// again with what is still in use.
/// </summary>
sealed class PreTokenCache
{
    /// <summary>
    /// Bytes that must lie behind the last pre-token of a text, so that a key is read without a loop.
    /// </summary>
    public const int Slack = 16;

    /// <summary>Bytes of a pre-token that fit into a slot; bytes or ids of one that is remembered at all.</summary>
    const int MaxShort = 15, MaxLong = 1024;

    /// <summary>Ids that fit into a slot; the count that says that they lie in the store.</summary>
    const int IdsInSlot = 4, OutOfSlot = 15;

    /// <summary>Slots tried before one is overwritten: a text made to collide only makes the cache useless.</summary>
    const int Tries = 8;

    const int MaxSlots = 1 << 17, MaxStored = 1 << 21;

    const int CountShift = 60;
    const ulong KeyBits = (1ul << CountShift) - 1;

    [InlineArray(IdsInSlot)]
    struct Ids { int first; }

    /// <summary>
    /// Low and High: a short pre-token's 15 bytes, with its length in the low half of the last byte; a long one's hash
    /// and length. The topmost four bits are the number of ids. High is 0 in an empty slot only.
    /// </summary>
    struct Slot
    {
        public ulong Low, High;
        public Ids Ids;
    }

    Slot[] slots = new Slot[1 << 10];
    int shift = 64 - 10, used, stored;
    int[] store = new int[1 << 10];

    /// <summary>Appends the ids of the pre-token, if they are known.</summary>
    public bool TryGet(ReadOnlySpan<byte> text, int start, int length, IdBuffer ids)
    {
        var (low, high) = Key(text, start, length);
        var table = slots;
        for (int at = First(low, high), tries = 0; tries < Tries; tries++, at++)
        {
            ref var slot = ref table[at & table.Length - 1];
            if (slot.Low == low && (slot.High & KeyBits) == high)
            {
                int count = (int)(slot.High >> CountShift);
                if (count == OutOfSlot) return TryStored(slot.Ids, text.Slice(start, length), ids);
                ((ReadOnlySpan<int>)slot.Ids).CopyTo(ids.Free(IdsInSlot));
                ids.Advance(count);
                return true;
            }
            if (slot.High == 0) return false;
        }
        return false;
    }

    /// <summary>Remembers the ids of a pre-token, unless it is very long.</summary>
    public void Set(ReadOnlySpan<byte> text, int start, int length, ReadOnlySpan<int> ids)
    {
        if (length > MaxLong || ids.Length > MaxLong) return;
        if (4 * used > 3 * slots.Length) Grow();
        var (low, high) = Key(text, start, length);
        var slot = new Slot { Low = low };
        if (length <= MaxShort && ids.Length <= IdsInSlot)
        {
            slot.High = high | (ulong)ids.Length << CountShift;
            ids.CopyTo(slot.Ids);
        }
        else
        {
            slot.High = high | (ulong)OutOfSlot << CountShift;
            (slot.Ids[0], slot.Ids[1]) = (Store(text.Slice(start, length), ids), ids.Length);
        }
        Put(slot);
    }

    void Put(in Slot slot)
    {
        int first = First(slot.Low, slot.High & KeyBits), mask = slots.Length - 1;
        for (int tries = 0; tries < Tries; tries++)
        {
            ref var at = ref slots[first + tries & mask];
            bool free = at.High == 0;
            if (!free && (at.Low != slot.Low || (at.High & KeyBits) != (slot.High & KeyBits))) continue;
            at = slot;
            if (free) used++;
            return;
        }
        slots[first & mask] = slot;
    }

    /// <summary>Stores the bytes of a pre-token and behind them its ids; returns their place.</summary>
    int Store(ReadOnlySpan<byte> preToken, ReadOnlySpan<int> ids)
    {
        int place = stored, words = Words(preToken.Length), end = place + words + ids.Length;
        if (end > MaxStored)
        {
            Empty();
            (place, end) = (0, words + ids.Length);
        }
        if (end > store.Length) Array.Resize(ref store, Math.Min(MaxStored, Math.Max(end, 2 * store.Length)));
        preToken.CopyTo(MemoryMarshal.AsBytes(store.AsSpan(place, words)));
        ids.CopyTo(store.AsSpan(place + words));
        stored = end;
        return place;
    }

    bool TryStored(ReadOnlySpan<int> placeAndCount, ReadOnlySpan<byte> preToken, IdBuffer ids)
    {
        int place = placeAndCount[0], words = Words(preToken.Length);
        if (!MemoryMarshal.AsBytes(store.AsSpan(place, words))[..preToken.Length].SequenceEqual(preToken)) return false;
        ids.AddRange(store.AsSpan(place + words, placeAndCount[1]));
        return true;
    }

    void Grow()
    {
        if (slots.Length == MaxSlots)
        {
            Empty();
            return;
        }
        var old = slots;
        slots = new Slot[4 * old.Length > MaxSlots ? MaxSlots : 4 * old.Length];
        shift = 64 - BitOperations.Log2((uint)slots.Length);
        used = 0;
        foreach (ref readonly var slot in old.AsSpan())
            if (slot.High != 0) Put(slot);
    }

    void Empty()
    {
        Array.Clear(slots);
        (used, stored) = (0, 0);
    }

    static int Words(int bytes) => (bytes + 3) / 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (ulong Low, ulong High) Key(ReadOnlySpan<byte> text, int start, int length)
    {
        if (length > MaxShort) return (ByteHash.Of(text.Slice(start, length)), (ulong)length);
        var bytes = text.Slice(start, Slack);
        ulong low = MemoryMarshal.Read<ulong>(bytes), high = MemoryMarshal.Read<ulong>(bytes[8..]), size = (ulong)length << 56;
        return length < 8 ? (low & (1ul << 8 * length) - 1, size) : (low, high & (1ul << 8 * (length - 8)) - 1 | size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int First(ulong low, ulong high) => (int)((low ^ (high << 29 | high >> 35)) * ByteHash.Multiplier >> shift);
}
