using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Tokens of an answer, how likely each was, and what else might have come.</summary>
static class LogProbTable
{
    public static Table Of(Tokenizer tokenizer, IEnumerable<TokenLogProb> tokens) =>
        new(["TOKEN", "ID>", "PROB>", "ALTERNATIVES"], [.. tokens.Select(t => Row(tokenizer, t))]);

    static string[] Row(Tokenizer tokenizer, TokenLogProb t)
    {
        var others = t.Top.Where(a => a.Id != t.Id).Select(a => $"{Shown(tokenizer, a.Id)} {Share(a.LogProb)}");
        return [Shown(tokenizer, t.Id), $"{t.Id}", Share(t.LogProb), string.Join("  ", others)];
    }

    public static JsonObject Json(Tokenizer tokenizer, TokenLogProb t)
    {
        var json = One(tokenizer, t.Id, t.LogProb);
        json["top"] = t.Top.Select(a => One(tokenizer, a.Id, a.LogProb)).ToJson();
        return json;
    }

    static JsonObject One(Tokenizer tokenizer, int id, float logProb) => new()
    {
        ["id"] = id,
        ["token"] = TextOf(tokenizer, id),
        ["logprob"] = float.IsFinite(logProb) ? MathF.Round(logProb, 5) : null,
    };

    static string Share(float logProb) => $"{100 * MathF.Exp(logProb):F1} %";

    /// <summary>A token on one line, between quotes so that its spaces are seen.</summary>
    public static string Shown(Tokenizer tokenizer, int id) => $"‘{Visible.OneLine(TextOf(tokenizer, id))}’";

    /// <summary>A token's text; where the model has a row for it and the tokenizer no token, what GGUF calls such rows.</summary>
    public static string TextOf(Tokenizer tokenizer, int id) =>
        id < tokenizer.VocabularySize ? tokenizer.TokenText(id) : $"[PAD{id}]";
}
