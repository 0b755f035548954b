using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A source of a corpus as token ids.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Tokens">Of training, with the signs between documents.</param>
/// <param name="Held">Of what is held out.</param>
/// <param name="Languages">All of them by language.</param>
/// <param name="IsNew">Whether it was made now.</param>
public sealed record TokenReport(string Source, long Tokens, long Held, IReadOnlyDictionary<string, long> Languages, bool IsNew)
{
    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["source"] = Source, ["tokens"] = Tokens, ["held_tokens"] = Held,
        ["languages"] = new JsonObject(Languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
    };

    /// <summary>From the record.</summary>
    internal static TokenReport Of(JsonNode json) => new((string)json["source"]!, (long)json["tokens"]!, (long)json["held_tokens"]!,
        json["languages"]!.AsObject().ToDictionary(l => l.Key, l => (long)l.Value!), IsNew: false);
}
