using System.Text;

namespace Dayu.Text;

/// <summary>
/// The unigram language model (Kudo 2018, arXiv:1804.10959): of all segmentations of a text into tokens the one with
/// the highest sum of log-probabilities, found by Viterbi's algorithm: for each place in the text, from left to right,
/// the best path to it. Of two equally good ones the one whose last token is the longer wins. A character that is no
/// token scores 10 less than the least probable token (SentencePiece's <c>kUnkPenalty</c>).
/// </summary>
sealed class Unigram
{
    const double UnknownPenalty = 10;

    /// <summary>
    /// The end of the best path to a place: its score, where its last token begins, and which token that is.
    /// </summary>
    public record struct Step(double Score, int From, int Id);

    readonly ByteTrie trie = new();
    readonly double[] scores;
    readonly double unknownScore;
    readonly bool singlePrecision;

    /// <param name="tokens">Tokens that a text may consist of, with their ids.</param>
    /// <param name="scores">Natural logarithms of probabilities by id.</param>
    /// <param name="singlePrecision">
    /// Keeps sums in single precision, as SentencePiece does, so that the same one is chosen of segmentations that are
    /// equal but for rounding.
    /// </param>
    public Unigram(IEnumerable<(int Id, string Text)> tokens, IReadOnlyList<double> scores, bool singlePrecision)
    {
        (this.scores, this.singlePrecision) = ([.. scores], singlePrecision);
        double least = double.PositiveInfinity;
        foreach (var (id, text) in tokens)
        {
            if (!double.IsFinite(scores[id]))
                throw new TokenizerException($"Token {id} has the score {scores[id]}, which is no logarithm of a probability. "
                    + "The tokenizer file is damaged.");
            least = Math.Min(least, scores[id]);
            if (text.Length > 0) trie.Add(Encoding.UTF8.GetBytes(text), id);
        }
        unknownScore = Rounded((double.IsFinite(least) ? least : 0) - UnknownPenalty);
    }

    /// <summary>
    /// The tokens of a text in order: where each begins and ends, and its id; <see cref="ByteTrie.None"/> for a
    /// character that is no token.
    /// </summary>
    public List<(int Start, int End, int Id)> Segment(ReadOnlySpan<byte> utf8)
    {
        var (best, path) = (new Step[utf8.Length + 1], new List<(int, int, int)>());
        SegmentBackwards(utf8, ref best, path);
        path.Reverse();
        return path;
    }

    /// <summary>The same from the last token to the first, which is how they are found.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="best">Working memory, which grows as needed.</param>
    /// <param name="path">Receives the tokens.</param>
    public void SegmentBackwards(ReadOnlySpan<byte> utf8, ref Step[] best, List<(int Start, int End, int Id)> path)
    {
        if (best.Length <= utf8.Length) best = new Step[Math.Max(utf8.Length + 1, 2 * best.Length)];
        best.AsSpan(1, utf8.Length).Fill(new(double.NegativeInfinity, -1, 0));
        best[0] = default;
        for (int from = 0, next; from < utf8.Length; from = next)
        {
            CharacterTable.Decode(utf8, from, out next);
            bool known = false;
            double score = best[from].Score;
            int node = ByteTrie.Root;
            for (int at = from; at < utf8.Length && (node = trie.Step(node, utf8[at])) != ByteTrie.None;)
            {
                at++;
                if (trie.ValueAt(node) is not (var id and not ByteTrie.None)) continue;
                known |= at == next;
                Offer(ref best[at], score + scores[id], from, id);
            }
            if (!known) Offer(ref best[next], Rounded(score + unknownScore), from, ByteTrie.None);
        }
        for (int end = utf8.Length; end > 0; end = best[end].From) path.Add((best[end].From, end, best[end].Id));
    }

    void Offer(ref Step best, double score, int from, int id)
    {
        if (best.From < 0 || score > best.Score) best = new(Rounded(score), from, id);
    }

    double Rounded(double score) => singlePrecision ? (float)score : score;
}
