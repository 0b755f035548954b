namespace Dayu.Text;

/// <summary>
/// All segmentations of a word into pieces. Holds working memory: one thread at a time. Every character must be a piece.
/// </summary>
/// <param name="trie">The pieces.</param>
/// <param name="scores">Natural logarithms of their probabilities.</param>
sealed class UnigramLattice(PieceTrie trie, double[] scores)
{
    readonly List<(int From, int Id, double Weight)> edges = [];     // those that end at a place lie together
    int[] firstEdge = new int[64];
    double[] sums = new double[64], shares = new double[64];
    (int From, int Id)[] best = new (int, int)[64];

    /// <summary>
    /// Adds to each piece how often it is expected in the word, over all segmentations by their probability; the forward
    /// sums in logarithms, backward the share of each edge. (Kudo 2018, arXiv:1804.10959, 3.2.)
    /// </summary>
    public void Expect(ReadOnlySpan<ushort> word, long count, double[] expected)
    {
        Prepare(word.Length);
        sums[0] = 0;
        for (int end = 1; end <= word.Length; end++)
        {
            firstEdge[end] = edges.Count;
            double highest = double.NegativeInfinity;
            for (int from = end - 1, node = 0; from >= 0 && (node = trie.Step(node, word[from])) != PieceTrie.None; from--)
            {
                if (trie.ValueAt(node) is not (var id and not PieceTrie.None)) continue;
                double score = sums[from] + scores[id];
                highest = Math.Max(highest, score);
                edges.Add((from, id, score));
            }
            double sum = 0;
            for (int i = firstEdge[end]; i < edges.Count; i++)
            {
                double weight = Math.Exp(edges[i].Weight - highest);
                edges[i] = edges[i] with { Weight = weight };
                sum += weight;
            }
            (sums[end], shares[end]) = (highest + Math.Log(sum), 0);
            for (int i = firstEdge[end]; i < edges.Count; i++) edges[i] = edges[i] with { Weight = edges[i].Weight / sum };
        }
        shares[word.Length] = count;
        for (int end = word.Length, last = edges.Count; end > 0; last = firstEdge[end--])
            for (int i = firstEdge[end]; i < last; i++)
            {
                double share = shares[end] * edges[i].Weight;
                expected[edges[i].Id] += share;
                shares[edges[i].From] += share;
            }
        edges.Clear();
    }

    /// <summary>The pieces of the most probable segmentation, from the last to the first.</summary>
    /// <param name="word">The word.</param>
    /// <param name="without">A piece that is not to be used.</param>
    /// <param name="path">Receives the pieces; none: there is no segmentation.</param>
    public void Best(ReadOnlySpan<ushort> word, int without, List<int> path)
    {
        Prepare(word.Length);
        path.Clear();
        sums[0] = 0;
        for (int end = 1; end <= word.Length; end++)
        {
            (sums[end], best[end]) = (double.NegativeInfinity, (-1, PieceTrie.None));
            for (int from = end - 1, node = 0; from >= 0 && (node = trie.Step(node, word[from])) != PieceTrie.None; from--)
            {
                int id = trie.ValueAt(node);
                if (id == PieceTrie.None || id == without || sums[from] + scores[id] <= sums[end]) continue;
                (sums[end], best[end]) = (sums[from] + scores[id], (from, id));
            }
        }
        if (best[word.Length].From < 0) return;
        for (int end = word.Length; end > 0; end = best[end].From) path.Add(best[end].Id);
    }

    void Prepare(int length)
    {
        if (firstEdge.Length > length) return;
        int size = Math.Max(length + 1, 2 * firstEdge.Length);
        (firstEdge, sums, shares, best) = (new int[size], new double[size], new double[size], new (int, int)[size]);
    }
}
