using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>
/// A BPE tokenizer as two files, <c>vocab.json</c> and <c>merges.txt</c> (OpenAI: <c>encoder.json</c>, <c>vocab.bpe</c>). They leave out how text is cut, which is known for each class that
/// tokenizer_config.json may name; without that the vocabulary tells. What they say is written as the tokenizer.json that says the same, and read as such; GPT-1's is not one of those.
/// </summary>
static class VocabAndMerges
{
    /// <summary>What a class adds to vocabulary and merges.</summary>
    /// <param name="Parts">Members of tokenizer.json.</param> <param name="Special">Its control tokens, where the vocabulary has them.</param> <param name="Config">tokenizer_config.json, where there is none.</param>
    sealed record Kind(string Parts, string[] Special, string Config);

    const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";

    static readonly Kind gpt2 = new($$$"""{"pre_tokenizer": {{{ByteLevel}}}, "decoder": {{{ByteLevel}}}, "post_processor": {{{ByteLevel}}}}""",
        ["<|endoftext|>"], """{"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}""");

    static readonly Kind roberta = new($$$"""{"pre_tokenizer": {{{ByteLevel}}}, "decoder": {{{ByteLevel}}}, "post_processor": {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2]}}""",
        ["<s>", "<pad>", "</s>", "<unk>", "<mask>"], """{"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}""");

    static readonly Kind qwen2 = new($$$"""
        {"normalizer": {"type": "NFC"}, "decoder": {{{ByteLevel}}}, "post_processor": {{{ByteLevel}}}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "{{{Llama3Splitter.Pattern(1).Replace(@"\", @"\\", StringComparison.Ordinal)}}}"}, "behavior": "Isolated", "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}}
        """, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], """{"eos_token": "<|endoftext|>"}""");

    static readonly Dictionary<string, Kind> byClass = new(StringComparer.Ordinal)
    {
        ["GPT2Tokenizer"] = gpt2, ["CodeGenTokenizer"] = gpt2, ["GPTNeoXTokenizer"] = gpt2, ["Qwen2Tokenizer"] = qwen2,
        ["RobertaTokenizer"] = roberta, ["BartTokenizer"] = roberta, ["LongformerTokenizer"] = roberta, ["LEDTokenizer"] = roberta,
    };

    public static Tokenizer Read(ReadOnlyMemory<byte> vocab, ReadOnlySpan<byte> merges, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var vocabulary = JsonDocument.Parse(vocab);
            using var settings = JsonDocument.Parse(config.IsEmpty ? "{}"u8.ToArray() : config);
            var (tokens, said) = (new JsonAt(vocabulary.RootElement, "vocab.json"), new JsonAt(settings.RootElement, "tokenizer_config.json"));
            string[] lines = Lines(merges);
            string? type = said["tokenizer_class"].IsNull ? null : said["tokenizer_class"].String().Replace("Fast", "", StringComparison.Ordinal);
            if (type == "OpenAIGPTTokenizer" || type is null && IsGpt1(tokens)) return Gpt1Tokenizer.Read(tokens, lines);
            var kind = type is null ? !tokens["<s>"].IsNull && !tokens["<mask>"].IsNull ? roberta : gpt2
                : byClass.TryGetValue(type, out var known) ? known
                : throw said["tokenizer_class"].NotKnown($"'{type}' with vocab.json and merges.txt", $"OpenAIGPTTokenizer, {string.Join(", ", byClass.Keys)}; a tokenizer.json says all by itself");
            bool ends = JsonNode.Parse(kind.Config)!.AsObject().All(token => !tokens[(string)token.Value!].IsNull);
            return TokenizerJson.Read(Described(kind, tokens, lines, said), !config.IsEmpty ? config : ends ? Encoding.UTF8.GetBytes(kind.Config) : default);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)       // the latter: a string with half a surrogate pair
        {
            throw new TokenizerException($"vocab.json or tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
        }
    }

    /// <summary>Words end with a mark, and bytes do not stand for themselves.</summary>
    static bool IsGpt1(JsonAt vocabulary) => !vocabulary["e</w>"].IsNull && !vocabulary.Members().Any(token => token.Name.StartsWith('Ġ'));

    static string[] Lines(ReadOnlySpan<byte> merges) =>
        [.. Encoding.UTF8.GetString(merges).Split('\n').Select(line => line.TrimEnd('\r')).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))];

    static byte[] Described(Kind kind, JsonAt vocabulary, string[] merges, JsonAt config)
    {
        var parts = JsonNode.Parse(kind.Parts)!.AsObject();
        if (config["add_prefix_space"].Bool(absent: false) && parts["pre_tokenizer"]!["add_prefix_space"] is not null) parts["pre_tokenizer"]!["add_prefix_space"] = true;
        parts["added_tokens"] = Added(kind, vocabulary, config);
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

    /// <summary>What tokenizer_config.json lists; else the class's own.</summary>
    static JsonArray Added(Kind kind, JsonAt vocabulary, JsonAt config)
    {
        var added = new JsonArray();
        if (config["added_tokens_decoder"] is { IsNull: false } listed)
            foreach (var (id, token) in listed.Members())
            {
                var copy = token.Value.ValueKind == JsonValueKind.Object ? JsonObject.Create(token.Value)! : throw token.NotKnown("anything else", "an object");
                copy["id"] = int.TryParse(id, out int number) ? number : throw token.NotKnown($"'{id}'", "an id");
                added.Add((JsonNode)copy);
            }
        else
            foreach (string token in kind.Special)
                if (vocabulary[token] is { IsNull: false } id) added.Add((JsonNode)new JsonObject { ["id"] = id.Int(), ["content"] = token, ["special"] = true, ["lstrip"] = token == "<mask>" });
        return added;
    }
}
