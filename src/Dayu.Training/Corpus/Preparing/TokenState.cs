using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>How far the shards of a source are.</summary>
sealed class TokenState
{
    readonly SortedDictionary<string, long> languages = new(StringComparer.Ordinal);

    /// <summary>Documents that are done; the number of the next.</summary>
    public long Documents { get; private set; }

    /// <summary>Their UTF-8 bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Tokens of training, and of what is held out.</summary>
    public long Tokens { get; private set; }

    /// <summary>See <see cref="Tokens"/>.</summary>
    public long Held { get; private set; }

    /// <summary>Both.</summary>
    public long All => Tokens + Held;

    /// <summary>Both, by language.</summary>
    public IReadOnlyDictionary<string, long> Languages => languages;

    /// <summary>The state of the shards' writer; null: nothing was saved.</summary>
    public JsonObject? Writer { get; set; }

    /// <summary>A document is done.</summary>
    public void Count(CleanedDocument document, int tokens)
    {
        Documents++;
        Bytes += Encoding.UTF8.GetByteCount(document.Text);
        if (document.IsHeld) Held += tokens;
        else Tokens += tokens;
        languages[document.Language] = languages.GetValueOrDefault(document.Language) + tokens;
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path, string corpus, string tokenizer) => WholeFile.Write(path, Encoding.UTF8.GetBytes(new JsonObject
    {
        ["corpus"] = corpus, ["tokenizer"] = tokenizer, ["documents"] = Documents, ["bytes"] = Bytes, ["tokens"] = Tokens, ["held"] = Held,
        ["languages"] = new JsonObject(languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        ["writer"] = Writer?.DeepClone(),
    }.ToJsonString()));

    /// <summary>Reads it; null: there is none of this corpus and tokenizer.</summary>
    public static TokenState? Read(string path, string corpus, string tokenizer)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))!;
            if ((string?)json["corpus"] != corpus || (string?)json["tokenizer"] != tokenizer) return null;
            var state = new TokenState
            {
                Documents = (long)json["documents"]!, Bytes = (long)json["bytes"]!, Tokens = (long)json["tokens"]!,
                Held = (long)json["held"]!, Writer = json["writer"]!.AsObject(),
            };
            foreach (var (language, tokens) in json["languages"]!.AsObject()) state.languages[language] = (long)tokens!;
            return state;
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            return null;                                             // what cannot be gone on with is begun anew
        }
    }
}
