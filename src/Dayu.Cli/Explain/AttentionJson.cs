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
            ["contrast"] = answer.InContrast is { } other ? Contrast(question.Contrast!, other) : null,
            ["unseen"] = answer.Unseen.ToJson(),
            ["weights"] = answer.Map.ToJson(),
            ["ranked"] = all ? answer.Ranked.Select(Scored).ToJson() : null,
        };

        JsonObject Piece(TextSpan p) => AttentionJson.Piece(reading, p);

        JsonObject? Word(WordPlace? place) => place is null ? null : AttentionJson.Word(reading, place);
    }

    /// <summary>The other sentence, in the same heads.</summary>
    static JsonObject Contrast(AttentionContrast other, AttentionAnswer answer) => new()
    {
        ["pieces"] = other.Reading.Pieces.Select(p => Piece(other.Reading, p)).ToJson(),
        ["query"] = Word(other.Reading, other.Query),
        ["key"] = Word(other.Reading, other.Key),
        ["weights"] = answer.Map.ToJson(),
    };

    static JsonObject Piece(AttentionReading reading, TextSpan p) =>
        new() { ["text"] = p.Text, ["ids"] = reading.Ids.Skip(p.First).Take(p.Count).ToJson() };

    static JsonObject Word(AttentionReading reading, WordPlace place) =>
        new() { ["text"] = reading.Said(place), ["first"] = place.First, ["count"] = place.Count };

    static JsonObject Scored(HeadScore s) => new()
    {
        ["layer"] = s.Layer,
        ["head"] = s.Head,
        ["key"] = Math.Round(s.Key, 6),
        ["others"] = Math.Round(s.Others, 6),
        ["against"] = s.Against is { } against ? Math.Round(against, 6) : null,
        ["contrast"] = s.Contrast is { } contrast ? Math.Round(contrast, 6) : null,
        ["score"] = Math.Round(s.Score, 6),
    };
}
