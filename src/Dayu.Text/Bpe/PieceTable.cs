namespace Dayu.Text;

/// <summary>Bytes → id, asked with a span, so that a look-up allocates nothing. All bytes lie in one array.</summary>
sealed class PieceTable
{
    record struct Entry(int Start, int Length, int Id);

    /// <summary>Drawn anew in each process: a file cannot be made to collide.</summary>
    readonly ulong seed = (ulong)(uint)HashCode.Combine(4) << 32 | (uint)HashCode.Combine(5);

    byte[] bytes;
    Entry[] entries;
    ulong[] slots;      // upper half of the hash, and the number of an entry, from 1: most slots that are not the right one are told without a look at the entry; 0 is empty
    int count, used;

    /// <param name="expected">About how many there will be.</param>
    public PieceTable(int expected = 0)
    {
        (entries, bytes) = (new Entry[Math.Max(16, expected + 1)], new byte[Math.Max(64, 8 * expected)]);
        slots = new ulong[SlotsFor(entries.Length)];
    }

    /// <summary>Of texts, as their UTF-8.</summary>
    public static PieceTable Of(Dictionary<string, int> ids)
    {
        var table = new PieceTable(ids.Count);
        foreach (var (text, id) in ids) table.TryAdd(System.Text.Encoding.UTF8.GetBytes(text), id);
        return table;
    }

    /// <summary>The first id of two with the same bytes stays.</summary>
    public bool TryAdd(ReadOnlySpan<byte> piece, int id)
    {
        ulong hash = ByteHash.Of(piece, seed);
        ref ulong slot = ref Find(piece, hash);
        if (slot != 0) return false;
        if (used + piece.Length > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, used + piece.Length));
        piece.CopyTo(bytes.AsSpan(used));
        entries[count++] = new(used, piece.Length, id);
        slot = Upper(hash) | (uint)count;
        used += piece.Length;
        if (count == entries.Length) Grow();
        return true;
    }

    public bool TryGet(ReadOnlySpan<byte> piece, out int id)
    {
        ulong slot = Find(piece, ByteHash.Of(piece, seed));
        id = slot == 0 ? 0 : entries[(uint)slot - 1].Id;
        return slot != 0;
    }

    /// <summary>The same for pieces that are asked for in about the order in which they were added: the one behind the last is looked at first.</summary>
    /// <param name="piece">The bytes.</param> <param name="near">Which one is expected, in the order of adding; 0 at the beginning.</param> <param name="id">Its id.</param>
    public bool TryGetNear(ReadOnlySpan<byte> piece, ref int near, out int id)
    {
        if (near >= count || !Piece(entries[near]).SequenceEqual(piece))
        {
            ulong slot = Find(piece, ByteHash.Of(piece, seed));
            if (slot == 0)
            {
                id = 0;
                return false;
            }
            near = (int)(uint)slot - 1;
        }
        id = entries[near++].Id;
        return true;
    }

    /// <summary>The slot of the piece, or the empty one where it would stand.</summary>
    ref ulong Find(ReadOnlySpan<byte> piece, ulong hash)
    {
        for (int at = First(hash); ; at = at + 1 & slots.Length - 1)
        {
            ref ulong slot = ref slots[at];
            if (slot == 0) return ref slot;
            if (Upper(slot) != Upper(hash)) continue;
            if (Piece(entries[(uint)slot - 1]).SequenceEqual(piece)) return ref slot;
        }
    }

    ReadOnlySpan<byte> Piece(in Entry entry) => bytes.AsSpan(entry.Start, entry.Length);

    void Grow()
    {
        Array.Resize(ref entries, 2 * entries.Length);
        var old = slots;
        slots = new ulong[SlotsFor(entries.Length)];
        foreach (ulong slot in old)
        {
            if (slot == 0) continue;
            int at = First(slot);
            while (slots[at] != 0) at = at + 1 & slots.Length - 1;
            slots[at] = slot;
        }
    }

    int First(ulong hash) => (int)(hash >> 32) & slots.Length - 1;

    static ulong Upper(ulong hash) => hash & 0xFFFFFFFF_00000000;

    static int SlotsFor(int entries) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(1 << 30, 2L * entries));
}
