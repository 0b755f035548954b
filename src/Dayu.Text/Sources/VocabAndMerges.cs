using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>
/// A BPE tokenizer as two files, <c>vocab.json</c> and <c>merges.txt</c> (OpenAI: <c>encoder.json</c>,
/// <c>vocab.bpe</c>). They leave out the pre-tokenizer, which follows from the class that tokenizer_config.json names,
/// or else from the vocabulary. The files are rewritten as an equivalent tokenizer.json and read as such; only GPT-1's
/// has none.
/// </summary>
static class VocabAndMerges
{
    public static Tokenizer Read(ReadOnlyMemory<byte> vocab, ReadOnlySpan<byte> merges, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var vocabulary = PythonJson.Parse(vocab, "vocab.json");
            using var settings = PythonJson.Parse(config.IsEmpty ? "{}"u8.ToArray() : config, "tokenizer_config.json");
            var tokens = new JsonAt(vocabulary.RootElement, "vocab.json");
            var stated = new JsonAt(settings.RootElement, "tokenizer_config.json");
            string[] lines = Lines(merges);
            string? type = stated["tokenizer_class"].StringOrNull()?.Replace("Fast", "", StringComparison.Ordinal);
            if (type == "OpenAIGPTTokenizer" || type is null && IsGpt1(tokens)) return Gpt1Tokenizer.Read(tokens, lines);
            var tokenizerClass = TokenizerClass.Find(type, tokens, stated);
            byte[] json = AsTokenizerJson(tokenizerClass, tokens, lines, stated);
            return TokenizerJson.Read(json, config.IsEmpty ? DefaultConfig(tokenizerClass, tokens) : config);
        }
        catch (InvalidOperationException e)
        {
            throw JsonAt.Invalid("vocab.json or tokenizer_config.json", e);
        }
    }

    /// <summary>The class's usual tokenizer_config.json, if the vocabulary has all tokens that it names.</summary>
    static ReadOnlyMemory<byte> DefaultConfig(TokenizerClass tokenizerClass, JsonAt vocabulary)
    {
        var named = JsonNode.Parse(tokenizerClass.Config)!.AsObject();
        bool hasAll = named.All(token => !vocabulary[(string)token.Value!].IsNull);
        return hasAll ? Encoding.UTF8.GetBytes(tokenizerClass.Config) : default;
    }

    /// <summary>In GPT-1's vocabulary words end with a mark, and bytes are not written as characters.</summary>
    static bool IsGpt1(JsonAt vocabulary) =>
        !vocabulary["e</w>"].IsNull && !vocabulary.Members().Any(token => token.Name.StartsWith('Ġ'));

    static string[] Lines(ReadOnlySpan<byte> merges)
    {
        var lines = Encoding.UTF8.GetString(merges).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[0].StartsWith("#version", StringComparison.Ordinal)) lines.RemoveAt(0);
        return [.. lines.Where(line => line.Length > 0)];
    }

    static byte[] AsTokenizerJson(TokenizerClass tokenizerClass, JsonAt vocabulary, string[] merges, JsonAt config)
    {
        var parts = JsonNode.Parse(tokenizerClass.Parts)!.AsObject();
        var preTokenizer = parts["pre_tokenizer"]!;
        bool prefixSpace = config["add_prefix_space"].Bool(absent: false);
        if (prefixSpace && preTokenizer["add_prefix_space"] is not null) preTokenizer["add_prefix_space"] = true;
        parts["added_tokens"] = AddedTokens(tokenizerClass, vocabulary, config);
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, part) in parts)
            {
                json.WritePropertyName(name);
                part!.WriteTo(json);
            }
            json.WriteStartObject("model");
            json.WriteString("type", "BPE");
            json.WritePropertyName("vocab");
            vocabulary.Value.WriteTo(json);
            json.WriteStartArray("merges");
            foreach (string merge in merges) json.WriteStringValue(merge);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>The class's control tokens, unless tokenizer_config.json has a list of its own.</summary>
    static JsonArray AddedTokens(TokenizerClass tokenizerClass, JsonAt vocabulary, JsonAt config)
    {
        var added = new JsonArray();
        if (!config["added_tokens_decoder"].IsNull) return added;
        foreach (string token in tokenizerClass.ControlTokens)
            if (vocabulary[token] is { IsNull: false } id) added.Add((JsonNode)Control(token, id.Int()));
        return added;
    }

    static JsonObject Control(string text, int id) =>
        new() { ["id"] = id, ["content"] = text, ["special"] = true, ["lstrip"] = text == "<mask>" };
}
