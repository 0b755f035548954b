using System.Numerics;
using System.Text;

namespace Dayu.Text;

/// <summary>Bytes → id, asked with a span, so that a look-up allocates nothing. All bytes lie in one array; a look-up comes to as little memory as may be, since a large vocabulary fits into no cache.</summary>
sealed class TokenTable
{
    /// <summary>Where a piece begins, which is where the one before it ends, and its id.</summary>
    readonly record struct Entry(int Start, int Id);

    /// <summary>Drawn anew in each process: a file cannot be made to collide.</summary>
    readonly ulong seed = (ulong)(uint)HashCode.Combine(4) << 32 | (uint)HashCode.Combine(5);

    byte[] bytes;
    Entry[] entries;    // one more than there are pieces
    uint[] slots;       // below, the number of an entry, from 1; above, some of the hash, so that most slots that are not the right one are told without a look at the entry; 0 is empty
    int count;

    /// <param name="expected">About how many there will be.</param>
    public TokenTable(int expected = 0)
    {
        (entries, bytes) = (new Entry[Math.Max(16, expected + 2)], new byte[Math.Clamp(8L * expected, 64, 1 << 24)]);
        slots = new uint[SlotsFor(entries.Length)];
    }

    /// <summary>Of texts, as their UTF-8.</summary>
    public static TokenTable Of(Dictionary<string, int> ids)
    {
        var table = new TokenTable(ids.Count);
        foreach (var (text, id) in ids) table.TryAdd(Encoding.UTF8.GetBytes(text), id);
        return table;
    }

    /// <summary>The first id of two with the same bytes stays.</summary>
    public bool TryAdd(ReadOnlySpan<byte> piece, int id)
    {
        ulong hash = ByteHash.Of(piece, seed);
        ref uint slot = ref Find(piece, hash);
        if (slot != 0) return false;
        int start = entries[count].Start, end = start + piece.Length;
        if (end > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, end));
        piece.CopyTo(bytes.AsSpan(start));
        (entries[count], entries[count + 1]) = (new(start, id), new(end, 0));
        slot = Upper(hash) | (uint)++count;
        if (count + 1 == entries.Length) Grow();
        return true;
    }

    public bool TryGet(ReadOnlySpan<byte> piece, out int id) => IsThere(IndexOf(piece), out id);

    /// <summary>The same for pieces in two parts that are asked for in about the order in which they were added: the one behind the last is looked at first.</summary>
    /// <param name="left">The first bytes.</param> <param name="right">The others.</param> <param name="next">Which one is expected, in the order of adding; 0 at the beginning.</param> <param name="id">Its id.</param>
    public bool TryGetNext(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ref int next, out int id)
    {
        bool isNext = next < count && Piece(next) is var piece && piece.Length == left.Length + right.Length && piece.StartsWith(left) && piece.EndsWith(right);
        int index = isNext ? next : IndexOf([.. left, .. right]);
        if (index >= 0) next = index + 1;
        return IsThere(index, out id);
    }

    bool IsThere(int index, out int id)
    {
        id = index < 0 ? 0 : entries[index].Id;
        return index >= 0;
    }

    /// <summary>Its place in the order of adding; -1: it is not there.</summary>
    int IndexOf(ReadOnlySpan<byte> piece) => Number(Find(piece, ByteHash.Of(piece, seed))) - 1;

    /// <summary>The slot of the piece, or the empty one where it would stand.</summary>
    ref uint Find(ReadOnlySpan<byte> piece, ulong hash)
    {
        for (int at = First(hash); ; at = at + 1 & slots.Length - 1)
        {
            ref uint slot = ref slots[at];
            if (slot == 0 || slot - Number(slot) == Upper(hash) && Piece(Number(slot) - 1).SequenceEqual(piece)) return ref slot;
        }
    }

    void Grow()
    {
        Array.Resize(ref entries, 2 * entries.Length);
        slots = new uint[SlotsFor(entries.Length)];
        for (int i = 0; i < count; i++)
        {
            ulong hash = ByteHash.Of(Piece(i), seed);
            Find(Piece(i), hash) = Upper(hash) | (uint)(i + 1);
        }
    }

    ReadOnlySpan<byte> Piece(int i) => bytes.AsSpan(entries[i].Start, entries[i + 1].Start - entries[i].Start);

    int Number(uint slot) => (int)slot & slots.Length - 1;

    int First(ulong hash) => (int)hash & slots.Length - 1;

    /// <summary>Other bits of the hash than <see cref="First"/> takes, at the places that no number needs.</summary>
    uint Upper(ulong hash) => (uint)(hash >> 32) & ~(uint)(slots.Length - 1);

    static int SlotsFor(int entries) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(1 << 30, 3L * entries / 2));
}
