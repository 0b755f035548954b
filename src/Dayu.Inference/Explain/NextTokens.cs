using Dayu.Hub;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>What may come next after a text, and how likely each token is.</summary>
public sealed class NextTokens
{
    NextTokens((int Id, double Probability)[] all) => All = all;

    /// <summary>Lets a model read a text and predict.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The text, at most as many tokens as the model can read.</param>
    /// <exception cref="EmptyTextException">There are no tokens.</exception>
    /// <exception cref="TextTooLongException">There are too many.</exception>
    /// <exception cref="TokenOutOfModelException">One is none of the model's.</exception>
    /// <exception cref="NotSupportedException">The model does not go on with texts.</exception>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public static NextTokens After(Pretrained model, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0) throw new EmptyTextException();
        if (ids.Count > model.Context) throw new TextTooLongException(ids.Count, model.Context);
        model.Check(ids);
        using var arena = new Arena(model.On);
        var logits = model.CausalLm.Forward(new(arena, [.. ids])).ToArray();
        NonFiniteLogitsException.ThrowIf(logits);
        var lse = TokenLogProb.LogSumExp(logits);
        var all = logits.Select((x, id) => (Id: id, Probability: Math.Exp(x - lse)));
        return new([.. all.OrderByDescending(t => t.Probability).ThenBy(t => t.Id)]);
    }

    /// <summary>Every token with its probability, likeliest first.</summary>
    public IReadOnlyList<(int Id, double Probability)> All { get; }

    /// <summary>How open it is what comes next: the entropy of the probabilities, in bits.</summary>
    public double EntropyBits => -All.Sum(t => t.Probability > 0 ? t.Probability * Math.Log2(t.Probability) : 0);

    /// <summary>The probability of all tokens together that are not among the likeliest.</summary>
    /// <param name="count">How many these are.</param>
    public double Rest(int count) => Math.Max(0, 1 - All.Take(count).Sum(t => t.Probability));
}
