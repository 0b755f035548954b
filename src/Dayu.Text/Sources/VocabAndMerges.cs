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
            var vocabulary = JsonNode.Parse(vocab.Span) as JsonObject ?? throw new TokenizerException("vocab.json: an object of tokens and their ids was expected. The file is damaged, or is something else.");
            var settings = config.IsEmpty ? null : JsonNode.Parse(config.Span) as JsonObject ?? throw new TokenizerException("tokenizer_config.json: an object was expected. The file is damaged.");
            string? type = settings?["tokenizer_class"] is JsonValue named && named.TryGetValue(out string? name) ? name.Replace("Fast", "", StringComparison.Ordinal) : null;
            string[] lines = Lines(merges);
            if (type == "OpenAIGPTTokenizer" || type is null && IsGpt1(vocabulary)) return Gpt1Tokenizer.Read(vocabulary, lines);
            var kind = type is null ? vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("<mask>") ? roberta : gpt2
                : byClass.TryGetValue(type, out var known) ? known
                : throw new TokenizerException($"tokenizer_config.json.tokenizer_class: '{type}' is not known yet for vocab.json and merges.txt; known are OpenAIGPTTokenizer, {string.Join(", ", byClass.Keys)}. A tokenizer.json says all by itself: take one.");
            var json = Described(kind, vocabulary, lines, settings);
            bool ends = JsonNode.Parse(kind.Config)!.AsObject().All(token => vocabulary.ContainsKey((string)token.Value!));
            return TokenizerJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), !config.IsEmpty ? config : ends ? Encoding.UTF8.GetBytes(kind.Config) : default);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new TokenizerException($"vocab.json or tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
        }
    }

    /// <summary>Words end with a mark, and bytes do not stand for themselves.</summary>
    static bool IsGpt1(JsonObject vocabulary) => vocabulary.ContainsKey("e</w>") && !vocabulary.Any(token => token.Key.StartsWith('Ġ'));

    static string[] Lines(ReadOnlySpan<byte> merges) =>
        [.. Encoding.UTF8.GetString(merges).Split('\n').Select(line => line.TrimEnd('\r')).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))];

    static JsonObject Described(Kind kind, JsonObject vocabulary, string[] merges, JsonObject? settings)
    {
        var json = JsonNode.Parse(kind.Parts)!.AsObject();
        if (settings?["add_prefix_space"] is JsonValue prefix && prefix.TryGetValue(out bool adds) && adds && json["pre_tokenizer"]!["pretokenizers"] is null) json["pre_tokenizer"]!["add_prefix_space"] = true;
        json["added_tokens"] = Added(kind, vocabulary, settings);
        json["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary.DeepClone(), ["merges"] = new JsonArray([.. merges]) };
        return json;
    }

    /// <summary>What tokenizer_config.json lists; else the class's own.</summary>
    static JsonArray Added(Kind kind, JsonObject vocabulary, JsonObject? settings)
    {
        var added = new JsonArray();
        if (settings?["added_tokens_decoder"] is JsonObject listed)
            foreach (var (id, token) in listed)
            {
                var copy = token!.DeepClone().AsObject();
                copy["id"] = int.TryParse(id, out int number) ? number : throw new TokenizerException($"tokenizer_config.json.added_tokens_decoder: '{id}' is no id. The file is damaged.");
                added.Add((JsonNode)copy);
            }
        else
            foreach (string token in kind.Special)
                if (vocabulary[token] is { } id) added.Add((JsonNode)new JsonObject { ["id"] = id.DeepClone(), ["content"] = token, ["special"] = true, ["lstrip"] = token == "<mask>" });
        return added;
    }
}
