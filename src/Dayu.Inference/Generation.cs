using Dayu.Hub;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>
/// One answer as it comes about, whoever runs the model: logits in, a piece of text out. It chooses tokens, decodes them, finds
/// stop strings and knows why it ended; the caller feeds <see cref="Last"/> to the model as long as
/// <see cref="Reason"/> is null.
/// </summary>
public sealed class Generation
{
    readonly GenerationSettings settings;
    readonly TextParts text;
    readonly Sampler sampler;
    readonly StreamingDecoder decoder;
    readonly StopMatcher stops;
    readonly int limit;
    readonly Candidates? ranks;
    readonly ReasoningSplitter? reasoning;
    readonly List<int> heldIds = [];                                 // until it is clear whether the model thinks or speaks
    readonly List<TokenLogProb> heldProbs = [];

    /// <summary>Begins an answer.</summary>
    /// <param name="text">The model's tokenizer and ends.</param>
    /// <param name="prompt">What is answered, at least one token.</param>
    /// <param name="settings">What is wanted.</param>
    /// <param name="room">Tokens that fit behind the prompt.</param>
    public Generation(TextParts text, IReadOnlyList<int> prompt, GenerationSettings settings, int room)
    {
        (this.text, this.settings, limit) = (text, settings, Math.Min(settings.MaxTokens ?? int.MaxValue, room));
        (sampler, stops, decoder) = (new(settings.Sampler), new(settings.Stop), new(text.Tokenizer, after: prompt[^1]));
        if (settings.LogProbs is not null) ranks = new();
        reasoning = settings.Reasoning?.Invoke();
        sampler.Saw([.. prompt]);
        if (limit <= 0) Reason = FinishReason.Length;
    }

    /// <summary>Why it has ended; null: it goes on.</summary>
    public FinishReason? Reason { get; private set; }

    /// <summary>Tokens so far; the one that ended the answer is none of them.</summary>
    public int Tokens { get; private set; }

    /// <summary>The last token: what the model is to read next.</summary>
    public int Last { get; private set; }

    /// <summary>How likely the token was that ended it, where that is wanted; null: none did.</summary>
    public TokenLogProb? EndLogProb { get; private set; }

    /// <summary>Which tokens may come next; null: any. A grammar sets it before each token.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">[V]</param>
    /// <returns>The token and the text that may be shown; null: the model has ended its answer.</returns>
    /// <exception cref="NonFiniteLogitsException">A logit is not a number.</exception>
    public Piece? Next(ReadOnlySpan<float> logits)
    {
        NonFiniteLogitsException.ThrowIf(logits);
        Last = sampler.Next(logits, Mask);
        if (text.IsEnd(Last))
        {
            Reason = FinishReason.Stop;
            if (ranks is not null) EndLogProb = TokenLogProb.Of(logits, Last, settings.LogProbs!.Value, ranks);
            return null;
        }
        Tokens++;
        heldIds.Add(Last);
        if (ranks is not null) heldProbs.Add(TokenLogProb.Of(logits, Last, settings.LogProbs!.Value, ranks));
        var made = Last < text.Tokenizer.VocabularySize ? decoder.Push(Last) : "";           // a row that only fills the table up
        var (thought, said) = reasoning?.Push(made) ?? ("", made);
        var shown = stops.Push(said);
        if (stops.Stopped) Reason = FinishReason.Stop;
        else if (Tokens >= limit) Reason = FinishReason.Length;
        return reasoning is { IsUndecided: true } ? new([], "", []) : Held(shown, thought);
    }

    /// <summary>Ends it where it stands, if it has not ended.</summary>
    public void Cancel() => Reason ??= FinishReason.Cancelled;

    /// <summary>What was held back until it was clear that no stop string and no further byte follows; null: nothing.</summary>
    public Piece? Rest()
    {
        var last = decoder.Flush();
        var (thought, said) = reasoning?.Push(last) ?? ("", last);
        var (thoughtRest, saidRest) = reasoning?.Flush() ?? ("", "");
        var rest = stops.Push(said + saidRest) + stops.Flush();
        return rest.Length + thought.Length + thoughtRest.Length + heldIds.Count > 0 ? Held(rest, thought + thoughtRest) : null;
    }

    Piece Held(string shown, string thought)
    {
        var piece = new Piece([.. heldIds], shown, [.. heldProbs]) { Reasoning = thought, IsReasoning = reasoning?.IsReasoning ?? false };
        heldIds.Clear();
        heldProbs.Clear();
        return piece;
    }
}
