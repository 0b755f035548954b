using System.Numerics;
using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>A pair of neighbouring symbols: how often it occurs, and where it may.</summary>
struct PairEntry
{
    /// <summary>The left symbol in the high half, the right one in the low half.</summary>
    public ulong Pair;

    /// <summary>How often it occurs.</summary>
    public long Count;

    /// <summary>Its places lie here in the pool; some may be out of date.</summary>
    public int Start, Length;

    /// <summary>Whether it was merged already: a pair that forms again is merged without a rule of its own.</summary>
    public bool Merged;

    /// <summary>The left symbol.</summary>
    public readonly int Left => (int)(Pair >> 32);

    /// <summary>The right symbol.</summary>
    public readonly int Right => (int)(uint)Pair;

    public static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}

/// <summary>
/// All pairs, numbered in the order of their coming, found by a table with open addressing; and a pool for their places,
/// which is compacted when half of it is out of use.
/// </summary>
sealed class PairTable
{
    readonly List<PairEntry> entries = [];
    int[] slots = new int[1 << 12];          // a pair's number, from 1
    int[] pool = new int[1 << 12];
    int used;
    long live;

    public int Count => entries.Count;

    /// <summary>A pair by its number. Valid until the next one is added.</summary>
    public ref PairEntry this[int number] => ref CollectionsMarshal.AsSpan(entries)[number];

    /// <summary>Where a pair may occur, ascending. Valid until places are reserved.</summary>
    public Span<int> Places(in PairEntry entry) => pool.AsSpan(entry.Start, entry.Length);

    /// <summary>The number of a pair; it is added if it is not there.</summary>
    public int FindOrAdd(ulong pair)
    {
        int at = Slot(pair);
        if (slots[at] != 0) return slots[at] - 1;
        entries.Add(new() { Pair = pair });
        slots[at] = entries.Count;
        int number = entries.Count - 1;
        if (4L * entries.Count > 3L * slots.Length) Grow();
        return number;
    }

    /// <summary>The number of a pair that is there.</summary>
    public int Find(ulong pair) => slots[Slot(pair)] - 1;

    /// <summary>Room for more places of a pair; those it has stay, before them.</summary>
    /// <returns>The new room.</returns>
    public Span<int> Reserve(int number, int places)
    {
        int kept = this[number].Length;
        if ((long)used + kept + places > pool.Length) MakeRoom(kept + places);
        ref var entry = ref this[number];
        pool.AsSpan(entry.Start, kept).CopyTo(pool.AsSpan(used));
        (entry.Start, entry.Length) = (used, kept + places);
        used += entry.Length;
        live += places;
        return pool.AsSpan(entry.Start + kept, places);
    }

    /// <summary>A pair does not occur any more.</summary>
    public void Clear(int number)
    {
        ref var entry = ref this[number];
        live -= entry.Length;
        (entry.Count, entry.Length) = (0, 0);
    }

    void MakeRoom(int places)
    {
        long size = Math.Max(pool.Length, 2 * (live + places));
        if (size > Array.MaxLength)
            throw new TokenizerException($"The text has more than {Array.MaxLength / 2:N0} places where symbols may merge. "
                + "Learn from less text, or cut Chinese into single characters.");
        var (old, compact) = (pool, new int[size]);
        used = 0;
        foreach (ref var entry in CollectionsMarshal.AsSpan(entries))
        {
            old.AsSpan(entry.Start, entry.Length).CopyTo(compact.AsSpan(used));
            entry.Start = used;
            used += entry.Length;
        }
        pool = compact;
    }

    int Slot(ulong pair)
    {
        var all = CollectionsMarshal.AsSpan(entries);
        ulong hash = pair * ByteHash.Multiplier;
        int at = (int)(hash ^ hash >> 32) & slots.Length - 1;
        while (slots[at] != 0 && all[slots[at] - 1].Pair != pair) at = at + 1 & slots.Length - 1;
        return at;
    }

    void Grow()
    {
        slots = new int[BitOperations.RoundUpToPowerOf2((uint)slots.Length + 1)];
        for (int i = 0; i < entries.Count; i++) slots[Slot(entries[i].Pair)] = i + 1;
    }
}
