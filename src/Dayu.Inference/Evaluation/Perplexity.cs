using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

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
/// Perplexity over windows that overlap: each token is predicted once, from at least <c>window - stride</c> tokens
/// before it (but for the beginning of the text). A text that fits a window is one window.
/// </summary>
public static class Perplexity
{
    /// <summary>Measures a text.</summary>
    /// <param name="by">Who predicts.</param>
    /// <param name="text">What is to be predicted; texts of control tokens in it are plain text.</param>
    /// <param name="window">Tokens seen at once, at least 2, at most the model's context.</param>
    /// <param name="limit">Predicts at most so many tokens; null: all.</param>
    /// <param name="report">Told of tokens done, of how many.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The text has not two tokens.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public static PerplexityResult Measure(
        Predictor by, string text, int window, int? limit = null, Action<int, int>? report = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 2);
        var (model, tokenizer) = (by.Model, by.Tokenizer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, model.Context);
        var ids = TextWindows.Ids(by, text, limit);
        var (tokens, done, nll, bytes) = (ids.Length - 1, 0, 0.0, 0L);
        using var reader = new WindowReader(by);
        foreach (var part in TextWindows.Of(ids.Length, window))
        {
            cancel.ThrowIfCancellationRequested();
            report?.Invoke(done, tokens);
            var logits = reader.Read(ids, part);
            for (var r = part.Skip; r < part.Count; r++, done++)
            {
                var id = ids[part.At + r + 1];
                nll -= Likelihood.Of(logits.AsSpan((r - part.Skip) * model.Vocabulary, model.Vocabulary), id).LogProb;
                bytes += tokenizer.BytesOf(id).Length;
            }
        }
        return new(tokens, nll / tokens, nll / Math.Log(2) / Math.Max(1, bytes), Math.Min(window, ids.Length), TextWindows.Stride(window));
    }
}
