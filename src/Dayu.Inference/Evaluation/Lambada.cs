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
        Predictor by, IReadOnlyList<string> passages, Action<int, int>? report = null, CancellationToken cancel = default)
    {
        if (passages.Count == 0) throw new InvalidDataException("there are no passages; one a line was expected");
        var (model, tokenizer, right, sum) = (by.Model, by.Tokenizer, 0, 0.0);
        using var arena = new Arena(by.On);
        using var paused = arena.Tape.Pause();
        for (var i = 0; i < passages.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            report?.Invoke(i, passages.Count);
            var (context, word) = Split(tokenizer, passages[i], i);
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
        return new(passages.Count, right, sum / passages.Count);
    }

    /// <summary>Whether a passage has a last word, and fits into the model's context and vocabulary.</summary>
    public static bool CanRead(Predictor by, string passage)
    {
        var (context, word) = Parts(by.Tokenizer, passage);
        return context.Count > 0 && word.Count > 0 && context.Count + word.Count <= by.Model.Context
            && context.Concat(word).All(id => id < by.Model.Vocabulary);
    }

    static (List<int> Context, List<int> Word) Split(Tokenizer tokenizer, string passage, int index)
    {
        var (context, word) = Parts(tokenizer, passage);
        if (context.Count > 0 && word.Count > 0) return (context, word);
        var shown = passage.Length > 60 ? passage[..60] + "…" : passage;
        throw new InvalidDataException($"passage {index + 1} has no last word after a space: {shown}");
    }

    static (List<int> Context, List<int> Word) Parts(Tokenizer tokenizer, string passage)
    {
        var space = passage.LastIndexOf(' ');
        return space <= 0 ? ([], []) : (tokenizer.Encode(passage[..space], addSpecial: false, parseSpecial: false),
            tokenizer.Encode(passage[space..], addSpecial: false, parseSpecial: false));
    }
}
