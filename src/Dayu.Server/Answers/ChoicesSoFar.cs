using System.Collections;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>All choices of a request, put together of their pieces.</summary>
/// <param name="prompt">Tokens of the prompt.</param>
/// <param name="count">Choices.</param>
/// <param name="tellsProbs">Whether the probabilities of tokens are kept.</param>
/// <param name="meter">Hears what comes.</param>
sealed class ChoicesSoFar(int prompt, int count, bool tellsProbs, RequestMeter meter) : IReadOnlyList<ChoiceSoFar>
{
    readonly ChoiceSoFar[] choices = [.. Enumerable.Range(0, count).Select(_ => new ChoiceSoFar(tellsProbs))];
    int cached;

    /// <inheritdoc/>
    public int Count => choices.Length;

    /// <inheritdoc/>
    public ChoiceSoFar this[int index] => choices[index];

    /// <summary>Tokens of it all; a prompt that several choices have counts once.</summary>
    public Usage Usage => new(prompt, cached, choices.Sum(c => c.Tokens), choices.Sum(c => c.ReasoningTokens));

    /// <summary>Takes a piece, or the end of a choice.</summary>
    /// <returns>Of its tokens, those whose probabilities are told.</returns>
    public IReadOnlyList<TokenLogProb>? Add(ChoicePiece next)
    {
        if (next.Choice == 0) cached = next.Answer.CachedTokens;
        if (next.Piece is { Ids.Length: > 0 } piece)
        {
            meter.Token();
            meter.Completion += piece.Ids.Length;
        }
        meter.Prompt = prompt;
        return choices[next.Choice].Add(next);
    }

    /// <inheritdoc/>
    public IEnumerator<ChoiceSoFar> GetEnumerator() => choices.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
