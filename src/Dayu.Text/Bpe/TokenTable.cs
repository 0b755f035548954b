using System.Numerics;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Bytes → id, looked up with a span and without allocation. All bytes lie in one array, and a look-up touches as
/// little memory as possible, since a large vocabulary fits into no cache.
/// </summary>
sealed class TokenTable
{
    /// <summary>Where a token's bytes begin, which is where those of the one before end, and its id.</summary>
    readonly record struct Entry(int Start, int Id);

    /// <summary>Random in each process, so that no file can be made to collide.</summary>
    readonly ulong seed = (ulong)(uint)HashCode.Combine(4) << 32 | (uint)HashCode.Combine(5);

    byte[] bytes;

    /// <summary>In the order of adding, and one more for where the last one ends.</summary>
    Entry[] entries;

    /// <summary>
    /// Low bits: an entry's number, from 1; 0 is an empty slot. High bits: a part of its hash, by which most wrong
    /// slots are told without reading the entry.
    /// </summary>
    uint[] slots;

    int count;

    /// <param name="expected">About how many there will be.</param>
    public TokenTable(int expected = 0)
    {
        entries = new Entry[Math.Max(16, expected + 2)];
        bytes = new byte[Math.Clamp(8L * expected, 64, 1 << 24)];
        slots = new uint[SlotsFor(entries.Length)];
    }

    /// <summary>A table of texts in UTF-8.</summary>
    public static TokenTable Of(Dictionary<string, int> ids)
    {
        var table = new TokenTable(ids.Count);
        foreach (var (text, id) in ids) table.TryAdd(Encoding.UTF8.GetBytes(text), id);
        return table;
    }

    /// <summary>Adds a token; false if there is one with these bytes already, which stays.</summary>
    public bool TryAdd(ReadOnlySpan<byte> token, int id)
    {
        ulong hash = ByteHash.Of(token, seed);
        ref uint slot = ref Find(token, hash);
        if (slot != 0) return false;
        int start = entries[count].Start, end = start + token.Length;
        if (end > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, end));
        token.CopyTo(bytes.AsSpan(start));
        (entries[count], entries[count + 1]) = (new(start, id), new(end, 0));
        slot = Upper(hash) | (uint)++count;
        if (count + 1 == entries.Length) Grow();
        return true;
    }

    public bool TryGet(ReadOnlySpan<byte> token, out int id) => IsThere(IndexOf(token), out id);

    /// <summary>
    /// The same for a token given as two halves, where tokens are looked up in about the order in which they were
    /// added: the one after the last is tried first.
    /// </summary>
    /// <param name="left">The left half.</param>
    /// <param name="right">The right half.</param>
    /// <param name="next">Which token is expected, in the order of adding; 0 at the beginning.</param>
    /// <param name="id">The token's id.</param>
    public bool TryGetNext(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ref int next, out int id)
    {
        bool isNext = next < count && IsJoined(Token(next), left, right);
        int index = isNext ? next : IndexOf([.. left, .. right]);
        if (index >= 0) next = index + 1;
        return IsThere(index, out id);
    }

    static bool IsJoined(ReadOnlySpan<byte> token, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        token.Length == left.Length + right.Length && token.StartsWith(left) && token.EndsWith(right);

    bool IsThere(int index, out int id)
    {
        id = index < 0 ? 0 : entries[index].Id;
        return index >= 0;
    }

    /// <summary>The token's index in the order of adding; -1 if it is not there.</summary>
    int IndexOf(ReadOnlySpan<byte> token) => Number(Find(token, ByteHash.Of(token, seed))) - 1;

    /// <summary>The token's slot, or the empty one where it would be.</summary>
    ref uint Find(ReadOnlySpan<byte> token, ulong hash)
    {
        for (int at = First(hash); ; at = at + 1 & slots.Length - 1)
        {
            ref uint slot = ref slots[at];
            if (slot == 0 || slot - Number(slot) == Upper(hash) && Token(Number(slot) - 1).SequenceEqual(token)) return ref slot;
        }
    }

    void Grow()
    {
        Array.Resize(ref entries, 2 * entries.Length);
        slots = new uint[SlotsFor(entries.Length)];
        for (int i = 0; i < count; i++)
        {
            ulong hash = ByteHash.Of(Token(i), seed);
            Find(Token(i), hash) = Upper(hash) | (uint)(i + 1);
        }
    }

    ReadOnlySpan<byte> Token(int i) => bytes.AsSpan(entries[i].Start, entries[i + 1].Start - entries[i].Start);

    int Number(uint slot) => (int)slot & slots.Length - 1;

    int First(ulong hash) => (int)hash & slots.Length - 1;

    /// <summary>Bits of the hash that <see cref="First"/> does not use, where a slot has no bits of a number.</summary>
    uint Upper(ulong hash) => (uint)(hash >> 32) & ~(uint)(slots.Length - 1);

    static int SlotsFor(int entries) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(1 << 30, 3L * entries / 2));
}
