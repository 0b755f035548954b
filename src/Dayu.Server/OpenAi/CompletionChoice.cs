using System.Text;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Server;

/// <summary>One answer to <c>/v1/completions</c>, put together of its pieces.</summary>
/// <param name="tokenizer">Says how long tokens are.</param>
/// <param name="prompt">What it goes on from.</param>
/// <param name="request">What is asked.</param>
sealed class CompletionChoice(Tokenizer tokenizer, RawPrompt prompt, CompletionRequest request)
{
    readonly StringBuilder text = new();
    readonly LegacyLogProbs all = new();
    readonly StreamingDecoder decoder = new(tokenizer, after: request.Echoes ? null : prompt.Ids[^1]);
    bool isFirst = true;
    int offset;                                                      // characters before the next token
    double logProb;

    /// <summary>All of it.</summary>
    public string Text => text.ToString();

    /// <summary>Why it ended; null: it goes on.</summary>
    public string? Finish { get; private set; }

    /// <summary>Tokens that were written.</summary>
    public int Tokens { get; private set; }

    /// <summary>Tokens of the prompt that need not be computed.</summary>
    public int Cached { get; private set; }

    /// <summary>How likely a token of it was, on the average.</summary>
    public double MeanLogProb => Tokens == 0 ? 0 : logProb / Tokens;

    /// <summary>Of all its tokens; null: not wanted.</summary>
    public JsonNode? LogProbs => request.TellsProbs ? all.ToJson() : null;

    /// <summary>Takes a piece.</summary>
    /// <returns>What is told of its tokens; null: nothing.</returns>
    public JsonNode? Add(CompletionPiece piece)
    {
        text.Append(piece.Text);
        Tokens += piece.Written;
        Cached = Math.Max(Cached, piece.Cached);
        Finish = piece.Finish ?? Finish;
        if (!piece.IsPrompt) foreach (var (_, score) in piece.Tokens.Take(piece.Written)) logProb += score?.LogProb ?? 0;
        if (!request.TellsProbs) return null;
        var own = new LegacyLogProbs();
        foreach (var (id, score) in piece.Tokens)
        {
            own.Add(tokenizer, id, score, offset);
            all.Add(tokenizer, id, score, offset);
            if (!IsAddedBeginning(id, piece)) offset += Characters(id);
            isFirst = false;
        }
        return own.Count > 0 ? own.ToJson() : null;
    }

    /// <summary>A token that the tokenizer put before a text is none of its characters.</summary>
    bool IsAddedBeginning(int id, CompletionPiece piece) =>
        isFirst && piece.IsPrompt && prompt.IsText && id == tokenizer.Special.Bos
        && !prompt.Text.StartsWith(TokenWords.Text(tokenizer, id), StringComparison.Ordinal);

    int Characters(int id) => id < tokenizer.VocabularySize ? decoder.Push(id).EnumerateRunes().Count() : 0;
}

/// <summary>Log-probabilities as <c>/v1/completions</c> writes them: four lists. Places are counted in characters (code points).</summary>
sealed class LegacyLogProbs
{
    readonly JsonArray tokens = [], scores = [], tops = [], offsets = [];

    /// <summary>Tokens.</summary>
    public int Count => tokens.Count;

    /// <summary>Adds a token; null: nothing was before it.</summary>
    public void Add(Tokenizer tokenizer, int id, TokenLogProb? score, int offset)
    {
        tokens.Add((JsonNode)TokenWords.Text(tokenizer, id));
        offsets.Add((JsonNode)offset);
        scores.Add(score is null ? null : (JsonNode)TokenWords.Finite(score.LogProb));
        if (score is null)
        {
            tops.Add((JsonNode?)null);
            return;
        }
        var top = new JsonObject();                                  // the likelier of two that are written alike
        foreach (var (other, logProb) in score.Top) top.TryAdd(TokenWords.Text(tokenizer, other), TokenWords.Finite(logProb));
        top.TryAdd(TokenWords.Text(tokenizer, id), TokenWords.Finite(score.LogProb));
        tops.Add((JsonNode)top);
    }

    /// <summary>All four.</summary>
    public JsonObject ToJson() => new()
    {
        ["tokens"] = tokens.DeepClone(), ["token_logprobs"] = scores.DeepClone(), ["top_logprobs"] = tops.DeepClone(),
        ["text_offset"] = offsets.DeepClone(),
    };
}
