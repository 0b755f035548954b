using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>A stretch of a <see cref="UnigramText"/>.</summary>
readonly record struct Piece(int Start, int Length);

/// <summary>
/// What the unigram model may consist of at first: substrings of words that occur more than once, those that cover most
/// of the text first (frequency times length); of those that always have the same after them, be it a
/// character or the end of a word, only the longest, and none that reaches into the end.
/// All places of the text are sorted by what begins there, as in a suffix array; a substring is then a stretch of them.
/// </summary>
sealed class SeedPieces
{
    const int CharactersOfKey = 4;

    readonly ushort[] symbols;
    readonly int longest;
    readonly int[] places;
    readonly ulong[] keys;
    readonly long[] counts;
    readonly List<(long Cover, Piece Piece)> found = [];

    SeedPieces(UnigramText text, int longest)
    {
        (symbols, this.longest) = (text.Symbols, longest);
        int size = text.Words.Sum(w => w.Length), at = 0;
        (places, keys, counts) = (new int[size], new ulong[size], new long[symbols.Length]);
        foreach (var (start, length, count) in text.Words)
            for (int i = 0; i < length; i++) (places[at++], counts[start + i]) = (start + i, count);
    }

    /// <summary>The seeds of two characters or more.</summary>
    /// <param name="text">The words.</param>
    /// <param name="longest">Characters of the longest.</param>
    /// <param name="most">How many there may be.</param>
    /// <returns>Each with its frequency times its length.</returns>
    public static (long Cover, Piece Piece)[] Of(UnigramText text, int longest, int most)
    {
        var seeds = new SeedPieces(text, longest);
        seeds.Sort(0, seeds.places.Length, 0);
        seeds.Find();
        seeds.found.Sort((a, b) => (-a.Cover, a.Piece.Start, a.Piece.Length).CompareTo((-b.Cover, b.Piece.Start, b.Piece.Length)));
        return CollectionsMarshal.AsSpan(seeds.found)[..Math.Min(most, seeds.found.Count)].ToArray();
    }

    /// <summary>Sorts places by some characters at a time, those that agree by the next ones, and at last by place.</summary>
    void Sort(int from, int to, int depth)
    {
        if (to - from < 2) return;
        bool isEnd = depth > longest;
        for (int i = from; i < to; i++) keys[i] = isEnd ? 0 : Key(places[i] + depth);
        if (isEnd) Array.Sort(places, from, to - from);
        else Array.Sort(keys, places, from, to - from);
        for (int start = from, end; !isEnd && start < to; start = end)
        {
            end = start + 1;
            while (end < to && keys[end] == keys[start]) end++;
            bool isWordEnd = (ushort)keys[start] == UnigramText.Boundary;
            Sort(start, end, isWordEnd ? longest + 1 : depth + CharactersOfKey);
        }
    }

    /// <summary>The next characters, the first in the upper bits; 0 from the end of the word on.</summary>
    ulong Key(int place)
    {
        ulong key = 0;
        for (int i = 0, at = place; i < CharactersOfKey; i++)
        {
            ushort symbol = symbols[at];
            key = key << 16 | symbol;
            if (symbol != UnigramText.Boundary) at++;
        }
        return key;
    }

    /// <summary>How many characters two places have in common, with the end of the word as one.</summary>
    int Common(int a, int b)
    {
        int length = 0;
        while (length <= longest && symbols[a + length] == symbols[b + length])
            if (symbols[a + length++] == UnigramText.Boundary) break;
        return length;
    }

    /// <summary>
    /// Goes through the sorted places. A substring is open as long as the places have it in common, and was found when it
    /// is closed.
    /// </summary>
    void Find()
    {
        var open = new Stack<(int Length, long Before)>();
        long sum = 0;
        for (int i = 0; i < places.Length; i++)
        {
            long before = sum;
            int next = i + 1 < places.Length ? Common(places[i], places[i + 1]) : 0;
            sum += counts[places[i]];
            while (open.TryPeek(out var top) && top.Length > next)
            {
                open.Pop();
                bool isPiece = top.Length > 1 && top.Length <= longest && symbols[places[i] + top.Length - 1] != UnigramText.Boundary;
                if (isPiece) found.Add(((sum - top.Before) * top.Length, new(places[i], top.Length)));
                before = top.Before;
            }
            if (next > (open.TryPeek(out var left) ? left.Length : 0)) open.Push((next, before));
        }
    }
}
