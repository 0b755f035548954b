using System.Text;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>What has come of an answer.</summary>
sealed class AnswerSoFar
{
    readonly StringBuilder text = new();
    readonly List<int> ids = [];
    readonly List<TokenLogProb> logProbs = [];

    /// <summary>Its text.</summary>
    public string Text => text.ToString();

    /// <summary>Whether its text ends with a line end.</summary>
    public bool EndsLine => text.Length > 0 && text[^1] == '\n';

    /// <summary>Its tokens.</summary>
    public int Tokens => ids.Count;

    /// <summary>Log-probabilities, where they are wanted.</summary>
    public IReadOnlyList<TokenLogProb> LogProbs => logProbs;

    public void Add(Piece piece)
    {
        text.Append(piece.Text);
        ids.AddRange(piece.Ids);
        logProbs.AddRange(piece.LogProbs);
    }

    /// <summary>Adds the answer to an object.</summary>
    /// <param name="to">The object.</param>
    /// <param name="tokenizer">Knows the tokens' texts.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="reason">Why it ended.</param>
    public void Write(JsonObject to, Tokenizer tokenizer, AnswerRequest request, FinishReason reason)
    {
        to["text"] = Text;
        to["prompt_ids"] = request.Prompt.ToJson();
        to["token_ids"] = ids.ToJson();
        to["finish_reason"] = reason.ToString().ToLowerInvariant();
        if (request.Settings.LogProbs is not null) to["logprobs"] = logProbs.Select(t => LogProbTable.Json(tokenizer, t)).ToJson();
        to["usage"] = new JsonObject { ["prompt_tokens"] = request.Prompt.Count, ["completion_tokens"] = Tokens };
    }
}
