using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>How well a model predicts a text.</summary>
/// <param name="Tokens">Tokens that were predicted.</param>
/// <param name="Nll">Mean negative log-likelihood of a token, in nats.</param>
/// <param name="BitsPerByte">Bits that a byte of the text takes: does not depend on the tokenizer.</param>
/// <param name="Window">Tokens seen at once.</param>
/// <param name="Stride">Tokens between the beginnings of two windows.</param>
public sealed record PerplexityResult(int Tokens, double Nll, double BitsPerByte, int Window, int Stride)
{
    /// <summary>e to the mean negative log-likelihood.</summary>
    public double Perplexity => Math.Exp(Nll);
}

/// <summary>
/// Perplexity over windows that overlap: each token is predicted once, from at least <c>window - stride</c> tokens before it (but for the beginning of the text).
/// A text that fits a window is one window.
/// </summary>
public static class Perplexity
{
    const int Chunk = 128;                                           // rows of logits at once: [128, V] is 25 MB for 50,000 tokens

    /// <summary>Measures a text.</summary>
    /// <param name="model">Who predicts.</param>
    /// <param name="on">Where it computes.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="text">What is to be predicted; texts of control tokens in it are plain text.</param>
    /// <param name="window">Tokens seen at once, at least 2, at most the model's context.</param>
    /// <param name="limit">Predicts at most so many tokens; null: all.</param>
    /// <param name="report">Told of tokens done, of how many.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="cache">Number format of keys and values; null: the one the backend likes.</param>
    /// <exception cref="InvalidDataException">The text has not two tokens.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PerplexityResult Measure(ICausalLm model, Backend on, Tokenizer tokenizer, string text, int window, int? limit = null, Action<int, int>? report = null, CancellationToken cancel = default, DType? cache = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, model.Context);
        var ids = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        if (tokenizer.Special is { AddBos: true, Bos: { } bos }) ids.Insert(0, bos);
        if (limit is { } most && ids.Count > most + 1) ids.RemoveRange(most + 1, ids.Count - most - 1);
        if (ids.Count < 2) throw new InvalidDataException($"the text is {ids.Count} tokens; at least 2 are needed, one to predict the other from");
        var (stride, nll, bytes) = (Math.Max(1, window / 2), 0.0, 0L);
        using var arena = new Arena(on);
        for (int begin = 0, scored = 1; scored < ids.Count; begin += stride)
        {
            var end = Math.Min(begin + window, ids.Count);
            using var kept = KvCache.ForOne(on, end - begin, cache);
            using var sequence = kept.Begin();
            for (var at = begin; at < end - 1; at += Chunk)         // the last token predicts nothing
            {
                cancel.ThrowIfCancellationRequested();
                report?.Invoke(scored - 1, ids.Count - 1);
                var part = ids.GetRange(at, Math.Min(Chunk, end - 1 - at)).ToArray();
                var rows = Enumerable.Range(0, part.Length).Where(r => at + r + 1 >= scored).ToArray();
                var logits = Logits(model, new(arena, kept, (sequence, part)) { Wanted = rows.Length > 0 ? rows : null });
                for (var r = 0; r < rows.Length; r++, scored++)
                {
                    var id = ids[at + rows[r] + 1];
                    nll -= Likelihood.Of(logits.AsSpan(r * model.Vocabulary, model.Vocabulary), id).LogProb;
                    bytes += tokenizer.BytesOf(id).Length;
                }
            }
        }
        var tokens = ids.Count - 1;
        return new(tokens, nll / tokens, nll / Math.Log(2) / Math.Max(1, bytes), Math.Min(window, ids.Count), stride);
    }

    static float[] Logits(ICausalLm model, Pass pass) => model.Forward(pass).ToArray();
}
