using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Inference;

/// <summary>What is wanted of one answer.</summary>
public sealed record GenerationSettings
{
    /// <summary>How tokens are chosen.</summary>
    public SamplerSettings Sampler { get; init; } = new();

    /// <summary>Ends after so many tokens; null: when the model ends, or the context is full.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Ends before any of these; they are not part of the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many of the likeliest tokens are told for each position; null: no log-probabilities at all.</summary>
    public int? LogProbs { get; init; }

    /// <summary>Tells what the model thinks from what it says; stop strings are looked for in what it says. One for each answer; null:
    /// all of it is said.</summary>
    public Func<ReasoningSplitter>? Reasoning { get; init; }
}

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop string came.</summary>
    Stop,

    /// <summary>So many tokens were wanted, or the context is full.</summary>
    Length,

    /// <summary>The caller ended it.</summary>
    Cancelled,
}

/// <summary>A piece of an answer.</summary>
/// <param name="Ids">The tokens since the last piece; none, where only held-back text is handed out.</param>
/// <param name="Text">Whole characters that may be shown.</param>
/// <param name="LogProbs">For each token, where wanted.</param>
public sealed record Piece(int[] Ids, string Text, TokenLogProb[] LogProbs)
{
    /// <summary>Whole characters of what the model thinks, where that is told from what it says.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Whether its tokens belong to what the model thinks.</summary>
    public bool IsReasoning { get; init; }
}

/// <summary>How an answer came about.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="PromptTokens">Length of the prompt.</param>
/// <param name="CachedTokens">How many of these an earlier answer had computed already.</param>
/// <param name="Tokens">Length of the answer, its end token not counted.</param>
/// <param name="FirstToken">From the start to the first token.</param>
/// <param name="Prefill">Reading the prompt.</param>
/// <param name="Decode">All tokens after the first.</param>
public sealed record Outcome(
    FinishReason Reason, int PromptTokens, int CachedTokens, int Tokens, TimeSpan FirstToken, TimeSpan Prefill, TimeSpan Decode)
{
    /// <summary>Prompt tokens computed a second.</summary>
    public double PrefillRate => Rate(PromptTokens - CachedTokens, Prefill);

    /// <summary>Tokens a second, the first not counted.</summary>
    public double DecodeRate => Rate(Tokens - 1, Decode);

    static double Rate(int count, TimeSpan time) => count > 0 && time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}

/// <summary>A prompt that does not fit. Nothing is cut silently.</summary>
/// <param name="prompt">Its tokens.</param>
/// <param name="context">What fits, room for one token of an answer included.</param>
public sealed class ContextOverflowException(int prompt, int context)
    : Exception($"the prompt is {prompt} tokens; this context holds {context}, one of them for the answer")
{
    /// <summary>Tokens of the prompt.</summary>
    public int Prompt => prompt;

    /// <summary>Tokens that fit.</summary>
    public int Context => context;
}
