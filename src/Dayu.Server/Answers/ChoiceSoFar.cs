using System.Text;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>One of the choices, put together of its pieces.</summary>
/// <param name="tellsProbs">Whether the probabilities of its tokens are kept.</param>
sealed class ChoiceSoFar(bool tellsProbs)
{
    readonly StringBuilder content = new(), reasoning = new();
    readonly List<TokenLogProb>? logProbs = tellsProbs ? [] : null;

    /// <summary>What was said.</summary>
    public string Content => content.ToString();

    /// <summary>What was thought.</summary>
    public string Reasoning => reasoning.ToString();

    /// <summary>Of the tokens of what was said; null: not wanted.</summary>
    public IReadOnlyList<TokenLogProb>? LogProbs => logProbs;

    /// <summary>Why it ended, as OpenAI says it; null: it goes on.</summary>
    public string? Finish { get; private set; }

    /// <summary>Tokens of it.</summary>
    public int Tokens { get; private set; }

    /// <summary>Tokens of what was thought.</summary>
    public int ReasoningTokens { get; private set; }

    /// <summary>The sum of its tokens' log-probabilities.</summary>
    public double LogProb { get; private set; }

    /// <summary>Takes a piece, or the end.</summary>
    /// <returns>Of its tokens, those whose probabilities are told.</returns>
    public IReadOnlyList<TokenLogProb>? Add(ChoicePiece next)
    {
        if (next.Piece is not { } piece)
        {
            Finish = next.Answer.Reason == FinishReason.Length ? "length" : "stop";
            return null;
        }
        content.Append(piece.Text);
        reasoning.Append(piece.Reasoning);
        Tokens += piece.Ids.Length;
        if (piece.IsReasoning) ReasoningTokens += piece.Ids.Length;
        foreach (var p in piece.LogProbs) LogProb += p.LogProb;
        if (logProbs is null || piece.IsReasoning) return null;
        logProbs.AddRange(piece.LogProbs);
        return piece.LogProbs;
    }
}
