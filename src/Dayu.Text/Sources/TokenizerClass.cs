namespace Dayu.Text;

/// <summary>What a class of Transformers' tokenizers adds to vocabulary and merges.</summary>
/// <param name="Parts">Members of tokenizer.json.</param>
/// <param name="ControlTokens">Its control tokens, so far as the vocabulary has them.</param>
/// <param name="Config">The usual tokenizer_config.json, for where there is none.</param>
sealed record TokenizerClass(string Parts, string[] ControlTokens, string Config)
{
    const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";

    static readonly TokenizerClass gpt2 = new(
        $$$"""{"pre_tokenizer": {{{ByteLevel}}}, "decoder": {{{ByteLevel}}}, "post_processor": {{{ByteLevel}}}}""",
        ["<|endoftext|>"],
        """{"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}""");

    static readonly TokenizerClass roberta = new(
        $$$"""
        {"pre_tokenizer": {{{ByteLevel}}}, "decoder": {{{ByteLevel}}},
         "post_processor": {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2]}}
        """,
        ["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        """{"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}""");

    static readonly TokenizerClass qwen2 = new(
        $$$"""
        {"normalizer": {"type": "NFC"}, "decoder": {{{ByteLevel}}}, "post_processor": {{{ByteLevel}}},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
           {"type": "Split", "behavior": "Isolated", "invert": false,
            "pattern": {"Regex": "{{{Escaped(Llama3Splitter.Pattern(1))}}}"}},
           {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}}
        """,
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        """{"eos_token": "<|endoftext|>"}""");

    static string Escaped(string regex) => regex.Replace(@"\", @"\\", StringComparison.Ordinal);

    static readonly Dictionary<string, TokenizerClass> byName = new(StringComparer.Ordinal)
    {
        ["GPT2Tokenizer"] = gpt2,
        ["CodeGenTokenizer"] = gpt2,
        ["GPTNeoXTokenizer"] = gpt2,
        ["Qwen2Tokenizer"] = qwen2,
        ["RobertaTokenizer"] = roberta,
        ["BartTokenizer"] = roberta,
        ["LongformerTokenizer"] = roberta,
        ["LEDTokenizer"] = roberta,
    };

    /// <summary>The class of this name; without a name, the one that the vocabulary looks like.</summary>
    /// <param name="name">The class's name, without "Fast".</param>
    /// <param name="vocabulary">vocab.json.</param>
    /// <param name="config">tokenizer_config.json, for errors.</param>
    public static TokenizerClass Find(string? name, JsonAt vocabulary, JsonAt config)
    {
        if (name is null) return !vocabulary["<s>"].IsNull && !vocabulary["<mask>"].IsNull ? roberta : gpt2;
        return byName.TryGetValue(name, out var known) ? known : throw config["tokenizer_class"].Unsupported(
            $"'{name}' with vocab.json and merges.txt",
            $"OpenAIGPTTokenizer, {string.Join(", ", byName.Keys)}; a tokenizer.json says all by itself");
    }
}
