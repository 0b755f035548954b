namespace Dayu.Text;

/// <summary>
/// The heart of byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): as long as any two neighbours merge, merge
/// the two of lowest rank, the leftmost first.
/// <code>
/// rules:  h e → he (0)   l l → ll (1)   he ll → hell (2)
/// h e l l o   →   he l l o   →   he ll o   →   hell o
/// </code>
/// Few symbols are searched linearly. Many go through a heap and a linked list, in O(n log n), since a text of one
/// repeated letter must not take quadratic time. Holds working memory: one thread at a time.
/// </summary>
sealed class Merger(MergeTable table)
{
    /// <summary>
    /// The most symbols that are searched: those of a word, or a sentence of Chinese. The result does not depend on it.
    /// </summary>
    const int Few = 96;

    readonly PriorityQueue<int, ulong> heap = new();
    ulong[] merges = new ulong[Few];
    int[] previous = [], next = [];

    /// <summary>
    /// Merges in place and returns how many symbols are left, at the beginning of <paramref name="symbols"/>.
    /// </summary>
    public int Merge(Span<int> symbols) => symbols.Length <= Few ? MergeBySearch(symbols) : MergeByHeap(symbols);

    int MergeBySearch(Span<int> symbols)
    {
        int pairs = symbols.Length - 1;
        for (int i = 0; i < pairs; i++) merges[i] = table[symbols[i], symbols[i + 1]];
        while (pairs > 0)
        {
            int best = 0;
            for (int i = 1; i < pairs; i++)
                if (Rank(merges[i]) < Rank(merges[best])) best = i;
            if (merges[best] == MergeTable.None) break;

            symbols[best] = Merged(merges[best]);
            symbols[(best + 2)..(pairs + 1)].CopyTo(symbols[(best + 1)..]);
            Array.Copy(merges, best + 1, merges, best, pairs - best - 1);
            pairs--;
            if (best < pairs) merges[best] = table[symbols[best], symbols[best + 1]];
            if (best > 0) merges[best - 1] = table[symbols[best - 1], symbols[best]];
        }
        return pairs + 1;
    }

    int MergeByHeap(Span<int> symbols)
    {
        const int Gone = -1;
        int n = symbols.Length;
        if (next.Length < n) (merges, previous, next) = (new ulong[n], new int[n], new int[n]);
        for (int i = 0; i < n; i++) (previous[i], next[i]) = (i - 1, i + 1);
        heap.Clear();
        for (int i = 0; i < n; i++) Offer(symbols, i);

        while (heap.TryDequeue(out int left, out ulong priority))
        {
            ulong merge = merges[left];
            if (merge == MergeTable.None || Rank(merge) != Rank(priority)) continue;      // the pair changed since it was offered
            int right = next[left], after = next[right];
            symbols[left] = Merged(merge);
            symbols[right] = Gone;
            merges[right] = MergeTable.None;
            next[left] = after;
            if (after < n) previous[after] = left;
            Offer(symbols, left);
            if (previous[left] >= 0) Offer(symbols, previous[left]);
        }

        int kept = 0;
        foreach (int symbol in symbols)
            if (symbol != Gone) symbols[kept++] = symbol;
        return kept;
    }

    /// <summary>
    /// Looks up the pair that begins at <paramref name="left"/> and puts it in the queue: by rank, then by place.
    /// </summary>
    void Offer(Span<int> symbols, int left)
    {
        int right = next[left];
        merges[left] = right < symbols.Length ? table[symbols[left], symbols[right]] : MergeTable.None;
        if (merges[left] != MergeTable.None) heap.Enqueue(left, (ulong)Rank(merges[left]) << 32 | (uint)left);
    }

    static uint Rank(ulong merge) => (uint)(merge >> 32);

    static int Merged(ulong merge) => (int)(uint)merge;
}
