using System.Numerics;

namespace Dayu.Text;

/// <summary>
/// Which two neighbours merge, how early, and into what: an open-addressing table of (left, right) → (rank, merged).
/// Encoding looks up several pairs for each byte, and the table is larger than the processor's caches, so that two
/// smaller ones stand before it: the answers for pairs of low symbols, which are the bytes where symbols are bytes; and
/// a Bloom filter, since most pairs do not merge.
/// </summary>
sealed class MergeTable
{
    /// <summary>The answer for two symbols that do not merge: it ranks after every merge.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>
    /// Pairs of symbols below this are answered directly. The 256 bytes are the first symbols of most vocabularies, in
    /// some behind a few special tokens.
    /// </summary>
    const int Low = 320;

    const int BitsPerMerge = 16;

    readonly (ulong Pair, ulong Merge)[] slots;
    readonly ulong[] mayMerge, complements = new ulong[Low * Low];       // the complement, so that 0 is None
    readonly int shift, bitShift;

    /// <summary>
    /// Random in each process (as the framework's string hashes are), so that no file can be made whose pairs all
    /// collide.
    /// </summary>
    readonly ulong multiplier = ((ulong)(uint)HashCode.Combine(1) << 32 | (uint)HashCode.Combine(2)) | 1;

    /// <param name="merges">
    /// Left and right neighbour, rank (lower merges first; equal ranks merge from the left), merged symbol. Of two
    /// rules for one pair the first counts.
    /// </param>
    public MergeTable(ReadOnlySpan<(int Left, int Right, int Rank, int Merged)> merges)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, merges.Length * 3L / 2));
        int bits = BitsPerMerge / 2 * size;
        (shift, bitShift) = (64 - BitOperations.Log2((uint)size), 64 - BitOperations.Log2((uint)bits));
        (slots, mayMerge) = (new (ulong, ulong)[size], new ulong[(bits + 63) / 64]);
        Array.Fill(slots, (None, None));
        foreach (var (left, right, rank, merged) in merges)
        {
            ulong pair = Pair(left, right), hash = pair * multiplier;
            int at = (int)(hash >> shift);
            while (slots[at].Pair != None && slots[at].Pair != pair) at = (at + 1) & (size - 1);
            if (slots[at].Pair == pair) continue;
            slots[at] = (pair, (ulong)(uint)rank << 32 | (uint)merged);
            mayMerge[hash >> bitShift >> 6] |= 1ul << (int)(hash >> bitShift);
            if (left < Low && right < Low) complements[left * Low + right] = ~slots[at].Merge;
        }
    }

    /// <summary>How the two merge: rank in the upper half, merged symbol in the lower; or <see cref="None"/>.</summary>
    public ulong this[int left, int right]
    {
        get
        {
            if (left < Low && right < Low) return ~complements[left * Low + right];
            ulong pair = Pair(left, right), hash = pair * multiplier;
            if ((mayMerge[hash >> bitShift >> 6] >> (int)(hash >> bitShift) & 1) == 0) return None;
            for (int at = (int)(hash >> shift); ; at = (at + 1) & (slots.Length - 1))
            {
                var slot = slots[at];
                if (slot.Pair == pair || slot.Pair == None) return slot.Merge;
            }
        }
    }

    /// <summary>The pairs that merge, the earliest first.</summary>
    public IEnumerable<(int Left, int Right)> InOrder() => slots
        .Where(slot => slot.Pair != None)
        .OrderBy(slot => slot.Merge >> 32)
        .Select(slot => ((int)(slot.Pair >> 32), (int)slot.Pair));

    static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}
