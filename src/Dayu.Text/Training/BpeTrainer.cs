namespace Dayu.Text;

/// <summary>
/// Learns merges (Sennrich et al. 2016, arXiv:1508.07909): the most frequent pair of neighbouring symbols becomes one
/// symbol, again and again; of equally frequent pairs the one with the lower ids, the left first. Every different word is
/// there once, with its count. A pair knows where it occurs, so that a merge touches only its own places; a queue has the
/// pairs by their count, which may have fallen since, and is then put right when its turn comes.
/// <para>
/// A token is written over the symbols it was made of: its id stands at the first and at the last, so that both
/// neighbours of a place are found from the lengths of tokens. What lies between, and a place that is not the beginning
/// of a token any more, never has the symbol that an old list of places expects there.
/// </para>
/// </summary>
sealed class BpeTrainer
{
    const int Gone = -2;

    readonly int[] symbols, words;
    readonly long[] counts;
    readonly string prefix;
    readonly long minFrequency;
    readonly HashSet<string> reserved;
    readonly List<string> tokens;
    readonly List<int> lengths;
    readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    readonly List<(int Left, int Right)> merges = [];
    readonly PairTable pairs = new();
    readonly PriorityQueue<int, UInt128> queue = new();
    readonly Neighbours before = new(), after = new();

    /// <param name="text">The words, in symbols.</param>
    /// <param name="alphabet">What the symbols are called, in the order of their ids.</param>
    /// <param name="reserved">Texts that no token may have: those of control tokens.</param>
    /// <param name="prefix">What the name of a symbol within a word begins with (<c>##</c>).</param>
    /// <param name="minFrequency">How often a pair must occur to be merged.</param>
    public BpeTrainer(
        SymbolText text, IReadOnlyList<string> alphabet, IEnumerable<string> reserved, string prefix = "", long minFrequency = 1)
    {
        (symbols, words, counts) = (text.Symbols, text.Words, text.Counts);
        (this.prefix, this.minFrequency, this.reserved) = (prefix, Math.Max(1, minFrequency), new(reserved, StringComparer.Ordinal));
        tokens = [.. alphabet];
        lengths = [.. alphabet.Select(_ => 1)];
        for (int id = 0; id < tokens.Count; id++) ids[tokens[id]] = id;
    }

    /// <summary>The tokens: the alphabet, then what was merged, in order.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>The pairs that were merged, in order.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => merges;

    /// <summary>Merges until there are so many tokens, or no pair is frequent enough.</summary>
    /// <param name="size">How many tokens there are to be.</param>
    /// <param name="learned">Told how many tokens there are.</param>
    /// <param name="cancel">Stops it.</param>
    public void Train(int size, Action<int>? learned = null, CancellationToken cancel = default)
    {
        if (tokens.Count < size) CountPairs();
        while (tokens.Count < size && queue.TryDequeue(out int number, out var priority))
        {
            ref var pair = ref pairs[number];
            if (Priority(pair) != priority)
            {
                Offer(number);
                continue;
            }
            if (TokenOf(pair, out int merged)) Merge(number, merged);
            pairs.Clear(number);
            if (merges.Count % 64 != 0) continue;
            cancel.ThrowIfCancellationRequested();
            learned?.Invoke(tokens.Count);
        }
    }

    void CountPairs()
    {
        var numbers = new int[symbols.Length];
        for (int at = 1; at + 1 < symbols.Length; at++)
        {
            if (symbols[at] == SymbolText.Boundary || symbols[at + 1] == SymbolText.Boundary) continue;
            int number = pairs.FindOrAdd(PairEntry.Key(symbols[at], symbols[at + 1]));
            pairs[number].Count += counts[words[at]];
            numbers[at] = number + 1;
        }
        var places = new int[pairs.Count];
        foreach (int number in numbers)
            if (number > 0) places[number - 1]++;
        for (int number = 0; number < places.Length; number++)
        {
            pairs.Reserve(number, places[number]);
            Offer(number);
        }
        Array.Clear(places);
        for (int at = 1; at < numbers.Length; at++)
            if (numbers[at] - 1 is >= 0 and var number) pairs.Places(pairs[number])[places[number]++] = at;
    }

    /// <summary>The token that a pair becomes, new or known; false: it may not be.</summary>
    bool TokenOf(in PairEntry pair, out int id)
    {
        var (left, right) = (pair.Left, pair.Right);
        string text = tokens[left] + tokens[right][prefix.Length..];
        id = -1;
        if (reserved.Contains(text)) return false;
        int length = lengths[left] + lengths[right];
        if (ids.TryGetValue(text, out id)) return lengths[id] == length;        // not "##" and "##a", which is another's name
        ids[text] = id = tokens.Count;
        tokens.Add(text);
        lengths.Add(length);
        return true;
    }

    void Merge(int number, int merged)
    {
        ref var pair = ref pairs[number];
        var (left, right) = (pair.Left, pair.Right);
        if (!pair.Merged) merges.Add((left, right));
        pair.Merged = true;
        long chained = Rewrite(pair, merged);
        foreach (int id in before.Ids)
        {
            ulong old = PairEntry.Key(id, left);
            long lost = before.CountOf(id) - (id == merged ? chained : 0);
            if (lost > 0 && id != SelfOf(left, right)) pairs[pairs.Find(old)].Count -= lost;
            Put(PairEntry.Key(id, merged), before, id, before.CountOf(id));
        }
        foreach (int id in after.Ids)
        {
            if (id != SelfOf(left, right)) pairs[pairs.Find(PairEntry.Key(right, id))].Count -= after.CountOf(id);
            Put(PairEntry.Key(merged, id), after, id, after.CountOf(id) - (id == left ? chained : 0));
        }
        before.Clear();
        after.Clear();
    }

    /// <summary>The symbol whose pair with itself is being merged, and counts for nothing; -1: none.</summary>
    static int SelfOf(int left, int right) => left == right ? left : -1;

    /// <summary>
    /// Writes the token over every place of the pair, from left to right, and notes its neighbours.
    /// </summary>
    /// <returns>
    /// How often one follows right after another: there the pair with the symbol that followed the first is gone again.
    /// </returns>
    long Rewrite(in PairEntry pair, int merged)
    {
        var (left, right) = (pair.Left, pair.Right);
        int leftLength = lengths[left], rightLength = lengths[right], last = -1;
        long chained = 0;
        foreach (int at in pairs.Places(pair))
        {
            int middle = at + leftLength;
            if (symbols[at] != left || symbols[middle] != right) continue;
            int end = middle + rightLength;
            long count = counts[words[at]];
            int previous = symbols[at - 1], next = symbols[end];
            symbols[middle] = Gone;
            symbols[at] = symbols[end - 1] = merged;
            if (previous != SymbolText.Boundary)
            {
                int from = at - lengths[previous];
                if (from == last) chained += count;
                before.Add(previous, from, count);
            }
            if (next != SymbolText.Boundary) after.Add(next, at, count);
            last = at;
        }
        return chained;
    }

    /// <summary>A pair with the new token: its count, and where it is.</summary>
    void Put(ulong key, Neighbours of, int id, long count)
    {
        int number = pairs.FindOrAdd(key);
        of.PlacesOf(id, pairs.Reserve(number, of.NumberOf(id)));
        ref var pair = ref pairs[number];
        if (pair.Length > of.NumberOf(id)) pairs.Places(pair).Sort();            // it was there: of two ways to one token
        pair.Count += count;
        Offer(number);
    }

    void Offer(int number)
    {
        ref var pair = ref pairs[number];
        if (pair.Count >= minFrequency) queue.Enqueue(number, Priority(pair));
    }

    /// <summary>The lower, the sooner: by count, then by ids.</summary>
    static UInt128 Priority(in PairEntry pair) => new(ulong.MaxValue - (ulong)pair.Count, pair.Pair);
}
