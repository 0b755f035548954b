using System.Numerics;

namespace Dayu.Text;

/// <summary>
/// Which two neighbours merge, how early, and into what. An open-addressing table of (left, right) → (rank, merged):
/// one multiplication and mostly one cache line for a look-up, of which encoding makes several for each byte.
/// </summary>
sealed class MergeTable
{
    /// <summary>The answer for two symbols that do not merge: it ranks after every merge.</summary>
    public const ulong None = ulong.MaxValue;

    readonly (ulong Pair, ulong Merge)[] slots;
    readonly int shift;

    /// <summary>Drawn anew in each process (as the framework does for strings), so that no file can be made whose pairs all collide.</summary>
    readonly ulong multiplier = ((ulong)(uint)HashCode.Combine(1) << 32 | (uint)HashCode.Combine(2)) | 1;

    /// <param name="merges">Left and right neighbour, rank (lower merges first; equal ranks merge from the left), what they become. Of two rules for one pair the first counts.</param>
    public MergeTable(IReadOnlyCollection<(int Left, int Right, int Rank, int Merged)> merges)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, merges.Count * 2L));
        shift = 64 - BitOperations.Log2((uint)size);
        slots = new (ulong, ulong)[size];
        Array.Fill(slots, (None, None));
        foreach (var (left, right, rank, merged) in merges)
        {
            ulong pair = Pair(left, right);
            int at = Slot(pair);
            while (slots[at].Pair != None && slots[at].Pair != pair) at = (at + 1) & (size - 1);
            if (slots[at].Pair == None) slots[at] = (pair, (ulong)(uint)rank << 32 | (uint)merged);
        }
    }

    /// <summary>How the two merge: rank in the upper half, merged symbol in the lower; or <see cref="None"/>.</summary>
    public ulong this[int left, int right]
    {
        get
        {
            ulong pair = Pair(left, right);
            for (int at = Slot(pair); ; at = (at + 1) & (slots.Length - 1))
            {
                var slot = slots[at];
                if (slot.Pair == pair || slot.Pair == None) return slot.Merge;
            }
        }
    }

    static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    int Slot(ulong pair) => (int)(pair * multiplier >> shift);
}
