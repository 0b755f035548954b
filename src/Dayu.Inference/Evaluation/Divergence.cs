using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>How far a model's predictions are from another's.</summary>
/// <param name="Tokens">Tokens that both predicted.</param>
/// <param name="MeanKl">Mean over positions of the Kullback–Leibler divergence of the model from the other, in nats.</param>
/// <param name="Kl99">What 99 % of the positions do not exceed, in nats.</param>
/// <param name="SameTop">Share of positions at which both hold the same token for the likeliest.</param>
/// <param name="Nll">The model's mean negative log-likelihood of a token, in nats.</param>
/// <param name="AgainstNll">The other's.</param>
/// <param name="Window">Tokens seen at once.</param>
/// <param name="Stride">Tokens between the beginnings of two windows.</param>
public sealed record DivergenceResult(
    int Tokens, double MeanKl, double Kl99, double SameTop, double Nll, double AgainstNll, int Window, int Stride)
{
    /// <summary>The model's perplexity.</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <summary>The other's perplexity.</summary>
    public double AgainstPerplexity => Math.Exp(AgainstNll);
}

/// <summary>
/// The Kullback–Leibler divergence KL(other ‖ model) = Σ p·(ln p − ln q) over the whole vocabulary, p the other's
/// probabilities and q the model's, at every position of a text (Kullback &amp; Leibler 1951): what is lost by taking
/// the model for the other. Windows are those of <see cref="Perplexity"/>.
/// </summary>
public static class Divergence
{
    /// <summary>Measures how far a model is from another.</summary>
    /// <param name="model">The one in question.</param>
    /// <param name="against">The one that is held to be right.</param>
    /// <param name="text">What both read; texts of control tokens in it are plain text.</param>
    /// <param name="window">Tokens seen at once, at least 2, at most either model's context.</param>
    /// <param name="limit">Compares at most so many predictions; null: all.</param>
    /// <param name="report">Told of tokens done, of how many.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The vocabularies differ, or the text has not two tokens.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="NonFiniteLogitsException">A model computed no numbers.</exception>
    public static DivergenceResult Measure(
        Predictor model, Predictor against, string text, int window, int? limit = null, Action<int, int>? report = null,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, Math.Min(model.Model.Context, against.Model.Context));
        CheckVocabularies(model, against);
        var (ids, vocabulary) = (TextWindows.Ids(model, text, limit), model.Model.Vocabulary);
        var (divergences, same, nll, againstNll) = (new List<double>(ids.Length), 0, 0.0, 0.0);
        using WindowReader reader = new(model), other = new(against);
        foreach (var part in TextWindows.Of(ids.Length, window))
        {
            cancel.ThrowIfCancellationRequested();
            report?.Invoke(divergences.Count, ids.Length - 1);
            float[] q = reader.Read(ids, part), p = other.Read(ids, part);
            for (var r = part.Skip; r < part.Count; r++)
            {
                var (from, id) = ((r - part.Skip) * vocabulary, ids[part.At + r + 1]);
                Distribution mine = new(q.AsSpan(from, vocabulary)), theirs = new(p.AsSpan(from, vocabulary));
                divergences.Add(mine.From(theirs));
                if (mine.Best == theirs.Best) same++;
                nll -= mine.LogProb(id);
                againstNll -= theirs.LogProb(id);
            }
        }
        var tokens = divergences.Count;
        divergences.Sort();
        var kl99 = divergences[(int)Math.Ceiling(0.99 * tokens) - 1];
        return new(
            tokens, divergences.Average(), kl99, (double)same / tokens, nll / tokens, againstNll / tokens,
            Math.Min(window, ids.Length), TextWindows.Stride(window));
    }

    static void CheckVocabularies(Predictor model, Predictor against)
    {
        if (model.Model.Vocabulary != against.Model.Vocabulary)
            throw Differ($"the model knows {model.Model.Vocabulary} tokens, the other {against.Model.Vocabulary}");
        Tokenizer a = model.Tokenizer, b = against.Tokenizer;
        var named = Math.Min(a.VocabularySize, b.VocabularySize);    // a model may have rows for which its tokenizer has no tokens
        for (var id = 0; id < named; id++)
            if (!a.BytesOf(id).SequenceEqual(b.BytesOf(id)))
                throw Differ($"token {id} is '{a.Decode([id])}' in the model's vocabulary and '{b.Decode([id])}' in the other's");

        static InvalidDataException Differ(string how) => new($"{how}: only models of one vocabulary can be compared");
    }

    /// <summary>A row of logits [V] as probabilities.</summary>
    readonly ref struct Distribution
    {
        readonly ReadOnlySpan<float> logits;
        readonly double logSum;

        public Distribution(ReadOnlySpan<float> logits)
        {
            NonFiniteLogitsException.ThrowIf(logits);
            this.logits = logits;
            for (var i = 1; i < logits.Length; i++) if (logits[i] > logits[Best]) Best = i;
            var sum = 0.0;
            foreach (var v in logits) sum += Math.Exp((double)v - logits[Best]);
            logSum = logits[Best] + Math.Log(sum);
        }

        /// <summary>The likeliest token; of equal ones the lowest.</summary>
        public int Best { get; }

        public double LogProb(int id) => logits[id] - logSum;

        /// <summary>KL(other ‖ this). Rounding may leave a trace below 0 where both are the same.</summary>
        public double From(Distribution other)
        {
            var sum = 0.0;
            for (var i = 0; i < logits.Length; i++)
            {
                var log = other.LogProb(i);
                var p = Math.Exp(log);
                if (p > 0) sum += p * (log - LogProb(i));
            }
            return Math.Max(0, sum);
        }
    }
}
