using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>A corpus as token ids.</summary>
/// <param name="Folder">Where the sets lie.</param>
/// <param name="Vocabulary">Tokens that the tokenizer has.</param>
/// <param name="Sets">Each source.</param>
sealed record ShardReport(string Folder, int Vocabulary, IReadOnlyList<TokenReport> Sets)
{
    /// <summary>Of a source; null: it has no documents.</summary>
    public TokenReport? Of(string source) => Sets.FirstOrDefault(s => s.Source == source);

    /// <summary>Tokens of a language.</summary>
    public long OfLanguage(string language) => Sets.Sum(s => s.Languages.GetValueOrDefault(language));

    public JsonObject Json => new()
    {
        ["folder"] = Folder, ["vocabulary"] = Vocabulary, ["tokens"] = Sets.Sum(s => s.Tokens), ["held_tokens"] = Sets.Sum(s => s.Held),
        ["sets"] = Sets.Select(s => (JsonNode)s.ToJson()).ToJson(),
    };
}
