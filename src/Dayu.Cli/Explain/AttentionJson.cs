using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>The answer to a question about attention for programs.</summary>
static class AttentionJson
{
    /// <summary>The object.</summary>
    /// <param name="answer">What was found.</param>
    /// <param name="all">With the score of every head.</param>
    public static JsonObject Of(AttentionAnswer answer, bool all)
    {
        var (reading, question) = (answer.Reading, answer.Question);
        return new()
        {
            ["v"] = 1,
            ["pieces"] = reading.Pieces.Select(Piece).ToJson(),
            ["causal"] = reading.IsCausal,
            ["heads"] = answer.Heads.Select(h => new JsonObject { ["layer"] = h.Layer, ["head"] = h.Head }).ToJson(),
            ["query"] = Word(question.Query),
            ["key"] = Word(question.Key),
            ["against"] = Word(question.Against),
            ["score"] = answer.Best is { } best ? Scored(best) : null,
            ["unseen"] = answer.Unseen.ToJson(),
            ["weights"] = answer.Map.ToJson(),
            ["ranked"] = all ? answer.Ranked.Select(Scored).ToJson() : null,
        };

        JsonObject Piece(TextSpan p) => new() { ["text"] = p.Text, ["ids"] = reading.Ids.Skip(p.First).Take(p.Count).ToJson() };

        JsonObject? Word(WordPlace? place) => place is null ? null
            : new() { ["text"] = reading.Said(place), ["first"] = place.First, ["count"] = place.Count };
    }

    static JsonObject Scored(HeadScore s) => new()
    {
        ["layer"] = s.Layer,
        ["head"] = s.Head,
        ["key"] = Math.Round(s.Key, 6),
        ["against"] = Math.Round(s.Against, 6),
        ["score"] = Math.Round(s.Score, 6),
    };
}
