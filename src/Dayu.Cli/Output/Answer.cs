using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// An answer as it comes, in the wanted form: text at once; an object at the end (json); an object for each piece and one at the
/// end (jsonl).
/// </summary>
/// <param name="call">Who asked.</param>
/// <param name="loaded">Who answers.</param>
/// <param name="request">What was asked.</param>
sealed class Answer(CommandContext call, Loaded loaded, AnswerRequest request)
{
    readonly AnswerSoFar answer = new();

    public void Add(Piece piece)
    {
        answer.Add(piece);
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
    public void End(Outcome outcome, bool stats)
    {
        if (call.Out.IsText)
        {
            if (!answer.EndsLine) call.Out.Text("\n");
            if (request.Settings.LogProbs is not null)
                call.Out.Note(LogProbTable.Of(loaded.Model.Tokenizer, answer.LogProbs).Render(Format.Table));
        }
        else call.Out.Json(Whole(outcome));
        if (stats) call.Out.Warn(Stats(outcome));
    }

    JsonObject Whole(Outcome o)
    {
        var whole = new JsonObject { ["v"] = 1 };
        if (call.Out.Format == Format.Jsonl) whole["event"] = "done";
        answer.Write(whole, loaded.Model.Tokenizer, request, o.Reason);
        whole["timing"] = new JsonObject
        {
            ["load_s"] = Rounded(loaded.Time.TotalSeconds),
            ["first_token_s"] = Rounded(o.FirstToken.TotalSeconds),
            ["prefill_tok_s"] = Rounded(o.PrefillRate),
            ["decode_tok_s"] = Rounded(o.DecodeRate),
        };
        return whole;
    }

    string Stats(Outcome o)
    {
        var (prefill, decode) = ($"{o.PrefillRate:F1}", $"{o.DecodeRate:F1}");
        var (first, load) = ($"{o.FirstToken.TotalSeconds:F2}", $"{loaded.Time.TotalSeconds:F2}");
        return call.Say.Text("stats", o.PromptTokens, prefill, o.Tokens, decode, first, load, request.Settings.Sampler.Seed);
    }

    static double Rounded(double x) => Math.Round(x, 4);
}
