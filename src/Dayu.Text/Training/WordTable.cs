using System.Numerics;

namespace Dayu.Text;

/// <summary>
/// How often each pre-token of a text occurs: a table from bytes to counts with open addressing. All bytes lie in one
/// array, so that millions of words are four objects to the garbage collector.
/// </summary>
sealed class WordTable
{
    const int First = 1 << 12;

    /// <summary>Random in each process, so that no text can be made to collide. No result depends on it.</summary>
    readonly ulong seed = (ulong)(uint)HashCode.Combine(6) << 32 | (uint)HashCode.Combine(7);

    readonly ByteStrings words = new(First);
    long bytes;
    long[] counts = new long[First];

    /// <summary>Low half: a word's number, from 1; 0 is an empty slot. High half: a part of its hash.</summary>
    ulong[] slots = new ulong[2 * First];

    /// <summary>How many different words there are.</summary>
    public int Count => words.Count;

    /// <summary>A word's bytes. Words are numbered in the order of their first occurrence.</summary>
    public ReadOnlySpan<byte> this[int word] => words[word];

    /// <summary>How often it occurs.</summary>
    public long CountOf(int word) => counts[word];

    /// <summary>Counts a word.</summary>
    public void Add(ReadOnlySpan<byte> word, long times = 1)
    {
        ulong hash = ByteHash.Of(word, seed);
        ulong upper = hash >> 32 << 32;
        for (int at = (int)hash & slots.Length - 1; ; at = at + 1 & slots.Length - 1)
        {
            ulong slot = slots[at];
            if (slot == 0)
            {
                Insert(at, upper, word, times);
                return;
            }
            int known = (int)(uint)slot - 1;
            if (slot - (uint)slot != upper || !words[known].SequenceEqual(word)) continue;
            counts[known] += times;
            return;
        }
    }

    /// <summary>Adds all words of another table.</summary>
    public void Add(WordTable other)
    {
        for (int word = 0; word < other.Count; word++) Add(other[word], other.CountOf(word));
    }

    /// <summary>The numbers of the words in the order of their bytes, which no thread and no file order changes.</summary>
    public int[] InOrder()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, (a, b) => words[a].SequenceCompareTo(words[b]));
        return order;
    }

    void Insert(int slot, ulong upper, ReadOnlySpan<byte> word, long times)
    {
        bytes += word.Length;
        if (bytes > Array.MaxLength)
            throw new TokenizerException($"The different words of the text have more than {Array.MaxLength:N0} bytes together. "
                + "Learn from less text, or cut Chinese into single characters.");
        if (Count == counts.Length) Array.Resize(ref counts, 2 * Count);
        counts[Count] = times;
        words.Add(word);
        slots[slot] = upper | (uint)Count;
        if (4L * Count > 3L * slots.Length) Grow();
    }

    void Grow()
    {
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)slots.Length + 1)];
        for (int word = 0; word < Count; word++)
        {
            ulong hash = ByteHash.Of(words[word], seed);
            int at = (int)hash & slots.Length - 1;
            while (slots[at] != 0) at = at + 1 & slots.Length - 1;
            slots[at] = hash >> 32 << 32 | (uint)(word + 1);
        }
    }
}
