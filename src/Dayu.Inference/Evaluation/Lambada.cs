using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>How often a model knows the last word.</summary>
/// <param name="Passages">How many were tried.</param>
/// <param name="Right">How many were right.</param>
/// <param name="MeanLogProb">Mean over passages of the last word's log-probability, in nats.</param>
public sealed record LambadaResult(int Passages, int Right, double MeanLogProb)
{
    /// <summary>Share of passages whose last word was right.</summary>
    public double Accuracy => (double)Right / Passages;

    /// <summary>e to the mean negative log-probability of a last word.</summary>
    public double Perplexity => Math.Exp(-MeanLogProb);
}

/// <summary>A passage whose last word is to be known, as tokens.</summary>
/// <param name="Context">What precedes the word.</param>
/// <param name="Word">The word, its space included.</param>
public sealed record LambadaPassage(IReadOnlyList<int> Context, IReadOnlyList<int> Word)
{
    /// <summary>Whether it has a last word, and fits into a model's context and vocabulary.</summary>
    public bool IsReadBy(ICausalLm model) => Context.Count > 0 && Word.Count > 0 && Context.Count + Word.Count <= model.Context
        && Context.Concat(Word).All(id => id < model.Vocabulary);
}

/// <summary>
/// LAMBADA: the last word of a passage, which only the whole passage tells (Paperno et al. 2016, arXiv:1606.06031). The
/// word is what follows the last space; what precedes it and the word, its space included, are tokenised apart, without
/// special tokens; it is right when each of its tokens is the most likely one.
/// </summary>
public static class Lambada
{
    /// <summary>Tries passages.</summary>
    /// <param name="by">Who predicts; nothing is cached.</param>
    /// <param name="passages">Texts of at least two words, within the model's context.</param>
    /// <param name="report">Told of passages done, of how many.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">There is no passage, or one has a single word or is too long; says
    /// which.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public static LambadaResult Measure(
        Predictor by, IReadOnlyList<string> passages, Action<int, int>? report = null, CancellationToken cancel = default) =>
        Measure(by, passages.Count, i => Split(by.Tokenizer, passages[i], i), report, cancel);

    /// <summary>The same of passages that are tokens already: for those who measure again and again.</summary>
    /// <inheritdoc cref="Measure(Predictor, IReadOnlyList{string}, Action{int, int}?, CancellationToken)"/>
    public static LambadaResult MeasureEncoded(
        Predictor by, IReadOnlyList<LambadaPassage> passages, Action<int, int>? report = null, CancellationToken cancel = default) =>
        Measure(by, passages.Count, i => passages[i], report, cancel);

    static LambadaResult Measure(
        Predictor by, int count, Func<int, LambadaPassage> passage, Action<int, int>? report, CancellationToken cancel)
    {
        if (count == 0) throw new InvalidDataException("there are no passages; one a line was expected");
        var (model, tokenizer, right, sum) = (by.Model, by.Tokenizer, 0, 0.0);
        using var arena = new Arena(by.On);
        using var paused = arena.Tape.Pause();
        for (var i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            report?.Invoke(i, count);
            var (context, word) = passage(i);
            var length = context.Count + word.Count;
            if (length > model.Context)
                throw new InvalidDataException($"passage {i + 1} is {length} tokens; this model reads {model.Context}");
            TokenOutOfModelException.ThrowIfAny(tokenizer, [.. context, .. word], model.Vocabulary);
            var rows = Enumerable.Range(context.Count - 1, word.Count).ToArray();
            arena.Reset();
            var logits = model.Forward(new(arena, (int[])[.. context, .. word]) { SelectedRows = rows }).ToArray();
            var all = true;
            for (var r = 0; r < rows.Length; r++)
            {
                var (logProb, isBest) = Likelihood.Of(logits.AsSpan(r * model.Vocabulary, model.Vocabulary), word[r]);
                sum += logProb;
                all &= isBest;
            }
            if (all) right++;
        }
        return new(count, right, sum / count);
    }

    /// <summary>A passage as tokens; where it has no last word, a part of it is empty.</summary>
    public static LambadaPassage Encoded(Tokenizer tokenizer, string passage)
    {
        var space = passage.LastIndexOf(' ');
        return space <= 0 ? new([], []) : new(tokenizer.Encode(passage[..space], addSpecial: false, parseSpecial: false),
            tokenizer.Encode(passage[space..], addSpecial: false, parseSpecial: false));
    }

    static LambadaPassage Split(Tokenizer tokenizer, string passage, int index)
    {
        if (Encoded(tokenizer, passage) is { Context.Count: > 0, Word.Count: > 0 } parts) return parts;
        var shown = passage.Length > 60 ? passage[..60] + "…" : passage;
        throw new InvalidDataException($"passage {index + 1} has no last word after a space: {shown}");
    }
}
