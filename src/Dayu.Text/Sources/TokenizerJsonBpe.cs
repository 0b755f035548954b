using System.Text;

namespace Dayu.Text;

/// <summary>Byte-level BPE from tokenizer.json.</summary>
static class TokenizerJsonBpe
{
    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.Only("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        foreach (string key in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (model[key] is { IsNull: false } affix && affix.String().Length > 0) throw affix.NotKnown($"'{affix.String()}'", "null or an empty string");
        if (model["byte_fallback"].Bool(absent: false)) throw model["byte_fallback"].NotKnown("true (SentencePiece in tokenizer.json)", "false");
        if (!model["dropout"].IsNull && model["dropout"].Value.GetRawText() is not ("0" or "0.0") and var dropout) throw model["dropout"].NotKnown(dropout, "null");

        var normalizer = TokenizerJsonNormalizer.Read(file.Root["normalizer"]);
        var splitter = PreTokenizer(file.Root["pre_tokenizer"]);
        Decoder(file.Root["decoder"]);

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in model["vocab"].Members())
            if (!ids.TryAdd(token, id.Int())) throw new TokenizerException($"{id.Path}: the token stands in the vocabulary twice. The file is damaged.");
        var added = file.Added();
        var special = file.Special(ids, added);
        var vocabulary = Bytes(ids, added);
        var merges = RankedMerges.Read(ids, model["merges"].Items().Select(Halves), "tokenizer.json.model.merges");
        return new ByteLevelBpe(vocabulary, merges, splitter, special, wholePieces: model["ignore_merges"].Bool(absent: false), normalizer);
    }

    /// <summary>A merge is "a b", or since 2024 ["a", "b"].</summary>
    static (string, string) Halves(JsonAt merge)
    {
        if (merge.Value.ValueKind == System.Text.Json.JsonValueKind.String) return RankedMerges.Halves(merge.String(), merge.Path);
        JsonAt[] halves = [.. merge.Items().Take(3)];
        return halves.Length == 2 ? (halves[0].String(), halves[1].String()) : throw new TokenizerException($"{merge.Path}: a merge has two halves. The file is damaged.");
    }

    /// <summary>Ids may leave gaps, but not so wide that a small file would ask for much memory.</summary>
    static Vocabulary Bytes(Dictionary<string, int> ids, List<AddedToken> added)
    {
        int bound = Math.Max(1 << 20, 2 * (ids.Count + added.Count)), size = 0;
        foreach (var (text, id) in ids.Select(token => (token.Key, token.Value)).Concat(added.Select(token => (token.Text, token.Id))))
        {
            if (id < 0 || id >= bound) throw new TokenizerException($"tokenizer.json: token '{text}' has id {id}; 0 to {bound - 1} were expected of {ids.Count + added.Count} tokens. The file is damaged.");
            size = Math.Max(size, id + 1);
        }
        if (size == 0) throw new TokenizerException("tokenizer.json.model.vocab: the vocabulary is empty. The file holds no tokenizer; take one that does.");

        var bytes = new byte[size][];
        foreach (var (text, id) in ids)
            bytes[id] = bytes[id] is null ? ByteAlphabet.Decode(text) : throw new TokenizerException($"tokenizer.json.model.vocab: two tokens have id {id}, '{text}' is one. The file is damaged.");
        foreach (var token in added) bytes[token.Id] = Encoding.UTF8.GetBytes(token.Text);
        return new(bytes);
    }

    /// <summary>ByteLevel alone is GPT-2's splitter; after Split it only turns text into bytes; after Digits it is SmolLM's.</summary>
    static Splitter PreTokenizer(JsonAt pre)
    {
        JsonAt[] steps = pre["type"].String() == "Sequence" ? [.. pre["pretokenizers"].Items().Take(9)] : [pre];
        if (steps.Length == 0 || steps[^1]["type"].String() != "ByteLevel") throw Unknown(pre);
        bool splits = ByteLevelSplits(steps[^1]);
        return steps.Length switch
        {
            1 when splits => Splitter.Gpt2,
            2 when !splits && steps[0]["type"].String() == "Split" => Split(steps[0]),
            2 when splits && steps[0]["type"].String() == "Digits" && steps[0]["individual_digits"].Bool(absent: false) => Splitter.SmolLm,
            _ => throw Unknown(pre),
        };

        static TokenizerException Unknown(JsonAt pre)
        {
            string raw = pre.Value.GetRawText();
            return pre.NotKnown(raw.Length > 300 ? raw[..300] + "…" : raw, "ByteLevel; Split then ByteLevel without its regex; Digits (individual_digits) then ByteLevel");
        }
    }

    static bool ByteLevelSplits(JsonAt step)
    {
        step.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
        return step["add_prefix_space"].Bool(absent: true) ? throw step["add_prefix_space"].NotKnown("true", "false") : step["use_regex"].Bool(absent: true);
    }

    static Splitter Split(JsonAt step)
    {
        step.Only("type", "pattern", "behavior", "invert");
        if (step["behavior"].String() is not "Isolated" and var behavior) throw step["behavior"].NotKnown($"'{behavior}'", "Isolated");
        if (step["invert"].Bool(absent: false)) throw step["invert"].NotKnown("true", "false");
        var regex = step["pattern"]["Regex"];
        return Splitter.TryPattern(regex.String(), out var splitter) ? splitter : throw regex.NotKnown($"the regular expression {regex.String()}", "those of GPT-2, Llama 3 and Qwen 2");
    }

    static void Decoder(JsonAt decoder)
    {
        if (!decoder.IsNull && decoder["type"].String() is not "ByteLevel" and var type) throw decoder["type"].NotKnown($"'{type}'", "ByteLevel");
    }
}
