namespace Dayu.Tests;

/// <summary>
/// BPE's training as its paper has it, slow and obvious: all pairs are counted anew for every merge. The oracle of the
/// fast one.
/// </summary>
static class SlowBpe
{
    /// <summary>The merges.</summary>
    /// <param name="words">Words and how often they occur.</param>
    /// <param name="alphabet">All characters, in the order of their ids.</param>
    /// <param name="merges">The most merges that add a token.</param>
    /// <param name="minFrequency">How often a pair must occur.</param>
    public static List<(string Left, string Right)> Train(
        IReadOnlyDictionary<string, long> words, IReadOnlyList<string> alphabet, int merges, long minFrequency)
    {
        List<string> tokens = [.. alphabet];
        var spelled = words.Select(w => (Symbols: w.Key.Select(c => $"{c}").ToList(), Count: w.Value)).ToList();
        var learned = new List<(string, string)>();
        while (tokens.Count < alphabet.Count + merges)
        {
            var counts = new Dictionary<(string, string), long>();
            foreach (var (symbols, count) in spelled)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    counts[(symbols[i], symbols[i + 1])] = counts.GetValueOrDefault((symbols[i], symbols[i + 1])) + count;
            var best = counts.Where(p => p.Value >= minFrequency).OrderByDescending(p => p.Value)
                .ThenBy(p => tokens.IndexOf(p.Key.Item1)).ThenBy(p => tokens.IndexOf(p.Key.Item2)).Select(p => p.Key).FirstOrDefault();
            if (best == default) break;
            var (left, right) = best;
            if (!learned.Contains(best)) learned.Add(best);
            if (!tokens.Contains(left + right)) tokens.Add(left + right);
            foreach (var (symbols, _) in spelled)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    if (symbols[i] == left && symbols[i + 1] == right)
                    {
                        symbols[i] = left + right;
                        symbols.RemoveAt(i + 1);
                    }
        }
        return learned;
    }
}
