using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A tokenizer that has cut a text, for people and programs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Trial">What it did.</param>
sealed record TokenizerReport(string Name, TokenizerTrial Trial)
{
    /// <summary>Names of <see cref="Row"/>'s cells.</summary>
    public static string[] Columns(string[] scripts) =>
    [
        "TOKENIZER", "VOCABULARY>", "TOKENS>", "BYTES/TOKEN>", "CHARS/TOKEN>",
        .. scripts.Select(s => $"{s.ToUpperInvariant()}>"), "ROUND TRIP", "MB/S>",
    ];

    /// <summary>For people.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="scripts">Kinds of characters that the text has.</param>
    public string[] Row(CommandContext call, string[] scripts) =>
    [
        Name,
        $"{Trial.Tokenizer.VocabularySize:N0}",
        $"{Trial.Ids.Count:N0}",
        $"{Trial.BytesPerToken:F2}",
        $"{Trial.CharactersPerToken:F2}",
        .. scripts.Select(s => $"{Trial.ByScript[s]:F2}"),
        call.Say[Trial.RoundTrips ? "affirmed" : "denied"],
        $"{Trial.MegabytesPerSecond:F1}",
    ];

    /// <summary>For programs.</summary>
    public JsonObject Json(string[] scripts) => new()
    {
        ["name"] = Name,
        ["vocabulary"] = Trial.Tokenizer.VocabularySize,
        ["tokens"] = Trial.Ids.Count,
        ["bytes"] = Trial.Bytes,
        ["characters"] = Trial.Characters,
        ["bytes_per_token"] = Math.Round(Trial.BytesPerToken, 4),
        ["chars_per_token"] = Math.Round(Trial.CharactersPerToken, 4),
        ["chars_per_token_by_script"] = new JsonObject(scripts.Select(ByScript)),
        ["round_trip"] = Trial.RoundTrips,
        ["seconds"] = Math.Round(Trial.Time.TotalSeconds, 6),
        ["ids"] = Trial.Ids.ToJson(),
    };

    KeyValuePair<string, JsonNode?> ByScript(string script) => new(script, Math.Round(Trial.ByScript[script], 4));

    /// <summary>The text with a stroke at every cut; a character of several tokens says how many.</summary>
    public string Cuts(int nameWidth)
    {
        var cut = new TextSpans(Trial.Tokenizer, Trial.Ids).All.Select(p => Visible.OneLine(p.Text).Replace(' ', '·') + Parts(p));
        return $"{CellWidth.Pad(Name, nameWidth)}  {string.Join('│', cut)}";

        static string Parts(TextSpan p) => p.Count > 1 ? $"({p.Count})" : "";
    }
}
