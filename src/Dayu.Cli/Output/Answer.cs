using System.Text;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// An answer as it comes, in the wanted form: text at once; an object at the end (json); an object for each piece and one at the
/// end (jsonl).
/// </summary>
/// <param name="call">Who asked.</param>
/// <param name="loaded">Who answers.</param>
/// <param name="prompt">The prompt's ids.</param>
sealed class Answer(CommandContext call, Loaded loaded, List<int> prompt)
{
    readonly StringBuilder text = new();
    readonly List<int> ids = [];
    readonly List<TokenLogProb> logProbs = [];

    public void Add(Piece piece)
    {
        text.Append(piece.Text);
        ids.AddRange(piece.Ids);
        logProbs.AddRange(piece.LogProbs);
        if (call.Out.IsText) call.Out.Text(piece.Text);
        else if (call.Out.Format == Format.Jsonl) call.Out.Json(Event(piece));
    }

    static JsonObject Event(Piece piece) => new()
    {
        ["v"] = 1,
        ["event"] = "piece",
        ["text"] = piece.Text,
        ["token_ids"] = piece.Ids.ToJson(),
    };

    /// <summary>What is told when it has ended.</summary>
    public void End(Outcome outcome, GenerationSettings settings, bool stats)
    {
        if (call.Out.IsText)
        {
            if (text.Length == 0 || text[^1] != '\n') call.Out.Text("\n");
            if (settings.LogProbs is not null) call.Out.Note(LogProbTable.Of(loaded.Model.Tokenizer, logProbs).Render(Format.Table));
        }
        else call.Out.Json(Whole(outcome, settings));
        if (stats) call.Out.Warn(Stats(outcome, settings));
    }

    JsonObject Whole(Outcome o, GenerationSettings settings)
    {
        var whole = new JsonObject { ["v"] = 1 };
        if (call.Out.Format == Format.Jsonl) whole["event"] = "done";
        whole["text"] = text.ToString();
        whole["prompt_ids"] = prompt.ToJson();
        whole["token_ids"] = ids.ToJson();
        whole["finish_reason"] = o.Reason.ToString().ToLowerInvariant();
        if (settings.LogProbs is not null) whole["logprobs"] = logProbs.Select(LogProb).ToJson();
        whole["usage"] = new JsonObject { ["prompt_tokens"] = o.PromptTokens, ["completion_tokens"] = o.Tokens };
        whole["timing"] = new JsonObject
        {
            ["load_s"] = Rounded(loaded.Time.TotalSeconds),
            ["first_token_s"] = Rounded(o.FirstToken.TotalSeconds),
            ["prefill_tok_s"] = Rounded(o.PrefillRate),
            ["decode_tok_s"] = Rounded(o.DecodeRate),
        };
        return whole;
    }

    JsonObject LogProb(TokenLogProb token) => LogProbTable.Json(loaded.Model.Tokenizer, token);

    string Stats(Outcome o, GenerationSettings settings)
    {
        var (prefill, decode) = ($"{o.PrefillRate:F1}", $"{o.DecodeRate:F1}");
        var (first, load) = ($"{o.FirstToken.TotalSeconds:F2}", $"{loaded.Time.TotalSeconds:F2}");
        return call.Say.Text("stats", o.PromptTokens, prefill, o.Tokens, decode, first, load, settings.Sampler.Seed);
    }

    static double Rounded(double x) => Math.Round(x, 4);
}
