using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>
/// Learns a unigram model (Kudo 2018, arXiv:1804.10959, 3.2): begins with far too many pieces, lets their probabilities
/// settle by expectation maximisation, drops those whose loss costs least, and again, until they are as many as asked for.
/// The constants are SentencePiece's.
/// </summary>
sealed class UnigramTrainer
{
    const int LongestPiece = 16, MostSeeds = 1_000_000, RoundsOfEm = 2;
    const double Kept = 0.75, LeastExpected = 0.5, Spare = 1.1;

    /// <summary>What a character that is hardly expected counts as: it stays, but nothing is made of it by choice.</summary>
    const double Unexpected = 0.1;

    /// <summary>Parts of the text that are added up in order, so that the sum is the same on any number of threads.</summary>
    const int Parts = 8;

    readonly UnigramText text;
    readonly int threads;
    readonly CancellationToken cancel;
    Piece[] pieces;                                                   // single characters first: they always stay
    double[] scores;

    UnigramTrainer(UnigramText text, int threads, CancellationToken cancel)
    {
        (this.text, this.threads, this.cancel) = (text, threads, cancel);
        var (singles, counts) = (new Piece[text.Alphabet], new double[text.Alphabet]);
        foreach (var (start, length, count) in text.Words)
            for (int at = start; at < start + length; at++)
                (singles[text.Symbols[at] - 1], counts[text.Symbols[at] - 1]) = (new(at, 1), counts[text.Symbols[at] - 1] + count);
        var seeds = SeedPieces.Of(text, LongestPiece, MostSeeds);
        pieces = [.. singles, .. seeds.Select(s => s.Piece)];
        scores = Logarithms([.. counts, .. seeds.Select(s => (double)s.Cover)]);
    }

    /// <summary>The model of tokenizer.json.</summary>
    public static LearnedModel Learn(WordTable words, TokenizerTraining options, Action<int>? learned, CancellationToken cancel)
    {
        var text = UnigramText.Of(words, options.Coverage);
        string[] control = TokenizerFrame.Control(options);
        VocabularyTooSmallException.Check(options.VocabularySize, control.Length, text.Alphabet);
        var trainer = new UnigramTrainer(text, TokenizerTrainer.ThreadsOf(options), cancel);
        int size = options.VocabularySize - control.Length, seeds = trainer.pieces.Length;
        trainer.Train(size, n =>
        {
            double done = seeds <= size ? 1 : Math.Log((double)seeds / n) / Math.Log((double)seeds / size);
            learned?.Invoke((int)(Math.Clamp(done, 0, 1) * options.VocabularySize));
        });
        if (Array.Find(control, c => c.EnumerateRunes().Count() == 1) is { } single)
            throw new TokenizerException($"The control token '{single}' is a single character, which texts have, too. "
                + "Give it a longer name.");
        var tokens = control.Select(c => (c, 0.0)).Concat(trainer.Best(size, new(control, StringComparer.Ordinal)));
        return new(Merges: 0, new()
        {
            ["type"] = "Unigram",
            ["unk_id"] = Array.IndexOf(control, TokenizerFrame.Unknown(options.Kind)),
            ["vocab"] = new JsonArray([.. tokens.Select(t => new JsonArray(t.Item1, t.Item2))]),
            ["byte_fallback"] = false,
        });
    }

    void Train(int size, Action<int> left)
    {
        for (int wanted = Math.Max(text.Alphabet, (int)(Spare * size)); ; Prune(wanted))
        {
            for (int round = 0; round < RoundsOfEm; round++) Maximise(Expected());
            left(pieces.Length);
            if (pieces.Length <= wanted) return;
        }
    }

    /// <summary>How often each piece is expected in the text.</summary>
    double[] Expected() => Sum((lattice, symbols, count, expected) => lattice.Expect(symbols, count, expected));

    delegate void Visit(UnigramLattice lattice, ReadOnlySpan<ushort> word, long count, double[] sums);

    /// <summary>Goes through all words on several threads; the sums of the parts are added in their order.</summary>
    double[] Sum(Visit visit)
    {
        var trie = new PieceTrie(text.Symbols, pieces);
        var lattices = new ConcurrentBag<UnigramLattice>();
        var sums = new double[Parts][];
        Batch.For(Parts, threads, part =>
        {
            if (!lattices.TryTake(out var lattice)) lattice = new(trie, scores);
            sums[part] = new double[pieces.Length];
            for (int word = part; word < text.Words.Count; word += Parts)
            {
                if (word % 1024 == part) cancel.ThrowIfCancellationRequested();
                var (start, length, count) = text.Words[word];
                visit(lattice, text.Symbols.AsSpan(start, length), count, sums[part]);
            }
            lattices.Add(lattice);
        });
        foreach (var other in sums.AsSpan(1))
            for (int id = 0; id < pieces.Length; id++) sums[0][id] += other[id];
        return sums[0];
    }

    /// <summary>Probabilities from expectations; pieces that are hardly expected are dropped.</summary>
    void Maximise(double[] expected)
    {
        int[] kept = [.. Enumerable.Range(0, pieces.Length).Where(id => id < text.Alphabet || expected[id] >= LeastExpected)];
        pieces = [.. kept.Select(id => pieces[id])];
        scores = Logarithms([.. kept.Select(id => Math.Max(expected[id], Unexpected))]);
    }

    /// <summary>
    /// Logarithms of probabilities under a Dirichlet prior that favours few pieces: ψ(n) − ψ(Σn). (Liang et al. 2007,
    /// "The Infinite PCFG using Hierarchical Dirichlet Processes".)
    /// </summary>
    static double[] Logarithms(double[] counts)
    {
        double all = Digamma(counts.Sum());
        return [.. counts.Select(c => Digamma(Math.Max(c, Unexpected)) - all)];
    }

    /// <summary>ψ(x), x &gt; 0: the recurrence up to 7, then the asymptotic series. (Abramowitz and Stegun, 6.3.5, 6.3.18.)</summary>
    internal static double Digamma(double x)
    {
        double sum = 0;
        for (; x < 7; x++) sum -= 1 / x;
        double square = 1 / (x * x);
        return sum + Math.Log(x) - 0.5 / x - square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
    }

    /// <summary>
    /// Keeps the pieces without which the text would be least probable: how often a piece is in the best segmentation,
    /// times what it would cost to write it in the next best way.
    /// </summary>
    void Prune(int wanted)
    {
        var used = Sum((lattice, word, count, sums) =>
        {
            var path = new List<int>();
            lattice.Best(word, without: PieceTrie.None, path);
            foreach (int id in path) sums[id] += count;
        });
        double sum = used.Sum();
        var trie = new PieceTrie(text.Symbols, pieces);
        var losses = new double[pieces.Length];
        Batch.For((pieces.Length + 4095) / 4096, threads, part =>
        {
            var (lattice, path) = (new UnigramLattice(trie, scores), new List<int>());
            for (int id = Math.Max(part * 4096, text.Alphabet); id < Math.Min(pieces.Length, (part + 1) * 4096); id++)
            {
                lattice.Best(text.Symbols.AsSpan(pieces[id].Start, pieces[id].Length), without: id, path);
                losses[id] = used[id] == 0 ? double.NegativeInfinity : Loss(id, path);
            }
        });
        int most = Math.Max(wanted, (int)(Kept * pieces.Length));
        int[] kept =
        [
            .. Enumerable.Range(text.Alphabet, pieces.Length - text.Alphabet).Where(id => double.IsFinite(losses[id]))
                .OrderByDescending(id => losses[id]).ThenBy(id => id).Take(most - text.Alphabet).Order(),
        ];
        pieces = [.. pieces.AsSpan(0, text.Alphabet), .. kept.Select(id => pieces[id])];
        scores = [.. scores.AsSpan(0, text.Alphabet), .. kept.Select(id => scores[id])];

        double Loss(int id, List<int> instead)
        {
            double without = Math.Log(sum + used[id] * (instead.Count - 1)), alternative = 0;
            foreach (int other in instead) alternative += Math.Log(used[other] + used[id]) - without;
            return used[id] / sum * (Math.Log(used[id]) - Math.Log(sum) - alternative);
        }
    }

    /// <summary>All characters, and the most probable other pieces; the most probable first.</summary>
    IEnumerable<(string Text, double Score)> Best(int size, HashSet<string> reserved)
    {
        var all = Enumerable.Range(0, pieces.Length)
            .Select(id => (Text: text.TextOf(text.Symbols.AsSpan(pieces[id].Start, pieces[id].Length)), Score: scores[id], Id: id))
            .Where(p => p.Id < text.Alphabet || !reserved.Contains(p.Text)).ToList();
        var others = all.Where(p => p.Id >= text.Alphabet).OrderByDescending(p => p.Score).ThenBy(p => p.Text, StringComparer.Ordinal)
            .Take(size - text.Alphabet).ToList();
        double least = others.Count > 0 ? others[^1].Score : double.NegativeInfinity;
        return all.Where(p => p.Id < text.Alphabet).Select(p => (p.Text, Math.Max(p.Score, least)))
            .Concat(others.Select(p => (p.Text, p.Score))).OrderByDescending(p => p.Item2).ThenBy(p => p.Text, StringComparer.Ordinal);
    }
}
