using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>
/// A tokenizer.json without its model: control tokens, what is done to text first, and how ids become text again. What
/// training counts is cut by the very steps that are written here.
/// </summary>
static class TokenizerFrame
{
    /// <summary>No piece of the unigram model joins two lines, as SentencePiece learns line by line.</summary>
    const string LineEnds = @"[\r\n]+";

    /// <summary>BERT's, in its order.</summary>
    static readonly string[] bert = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>The token for what has no token; null: there is none.</summary>
    public static string? Unknown(TokenizerKind kind) => kind switch
    {
        TokenizerKind.WordPiece => "[UNK]",
        TokenizerKind.Unigram => "<unk>",
        _ => null,
    };

    /// <summary>The control tokens by id: those that the kind itself needs, then those that are asked for.</summary>
    public static string[] Control(TokenizerTraining options)
    {
        string[] own = options.Kind switch
        {
            TokenizerKind.WordPiece => bert,
            TokenizerKind.Unigram => ["<unk>"],
            _ => [],
        };
        return [.. own.Concat(options.Control).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The file; its model is still to come.</summary>
    public static JsonObject Of(TokenizerTraining options) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. Control(options).Select(Added)]),
        ["normalizer"] = Normalizer(options),
        ["pre_tokenizer"] = Sequence("pretokenizers", Cuts(options)),
        ["post_processor"] = null,
        ["decoder"] = Decoder(options.Kind),
    };

    /// <summary>What such a file does to a text before it is encoded.</summary>
    public static PreTokenization PreTokenization(JsonObject frame, TokenizerKind kind)
    {
        using var parsed = JsonDocument.Parse(frame.ToJsonString());
        var root = new JsonAt(parsed.RootElement, "tokenizer.json");
        var normalizer = TokenizerJsonNormalizer.Read(root["normalizer"]);
        if (kind != TokenizerKind.Bpe)
            return new(new WholeSplitter(), TokenizerJsonPreTokenizer.Read(root["pre_tokenizer"]), normalizer);
        var (before, splitter) = TokenizerJsonBpe.ByteLevelSteps(TokenizerJsonPreTokenizer.Steps(root["pre_tokenizer"]));
        return new(splitter, before, normalizer);
    }

    static JsonObject Added(string text, int id) => new()
    {
        ["id"] = id, ["content"] = text, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
        ["normalized"] = false, ["special"] = true,
    };

    static JsonObject? Normalizer(TokenizerTraining options)
    {
        var steps = new List<JsonObject>();
        var form = options.Form ?? (options.Kind == TokenizerKind.Unigram ? UnicodeForm.Nfkc : UnicodeForm.None);
        if (form != UnicodeForm.None) steps.Add(Step(form == UnicodeForm.Nfc ? "NFC" : "NFKC"));
        if (options.Kind == TokenizerKind.WordPiece)
            steps.Add(Step("BertNormalizer",
                ("clean_text", true), ("handle_chinese_chars", true), ("strip_accents", null), ("lowercase", true)));
        return Sequence("normalizers", steps);
    }

    static List<JsonObject> Cuts(TokenizerTraining options)
    {
        var (digits, han) = (options.Digits, options.HanAlone);
        List<JsonObject> alone = han ? [Split(IsolatingSplitter.Han)] : [];
        switch (options.Kind)
        {
            case TokenizerKind.WordPiece: return [Step("BertPreTokenizer"), .. alone, .. DigitCuts(digits)];
            case TokenizerKind.Unigram:
                var spaces = Step("Metaspace", ("replacement", "▁"), ("prepend_scheme", "always"), ("split", true));
                return [spaces, Split(LineEnds), .. alone, .. DigitCuts(digits)];
        }
        if (options.Pattern == SplitPattern.Gpt2) return [.. alone, .. DigitCuts(digits), ByteLevel(splits: true)];
        int most = digits == DigitGroups.Each ? 1 : 3;
        string pattern = options.Pattern == SplitPattern.O200k
            ? O200kSplitter.Pattern(most, contractions: true) : Llama3Splitter.Pattern(most);
        return [.. alone, Split(pattern), ByteLevel(splits: false)];
    }

    static JsonObject[] DigitCuts(DigitGroups digits) => digits switch
    {
        DigitGroups.Each => [Step("Digits", ("individual_digits", true))],
        DigitGroups.Three => [Split(IsolatingSplitter.ThreeDigits)],
        _ => [],
    };

    static JsonObject Decoder(TokenizerKind kind) => kind switch
    {
        TokenizerKind.WordPiece => Step("WordPiece", ("prefix", WordPieceTokenizer.Continuation), ("cleanup", true)),
        TokenizerKind.Unigram => Step("Metaspace", ("replacement", "▁"), ("prepend_scheme", "always"), ("split", true)),
        _ => ByteLevel(splits: true),
    };

    static JsonObject ByteLevel(bool splits) =>
        Step("ByteLevel", ("add_prefix_space", false), ("trim_offsets", true), ("use_regex", splits));

    static JsonObject Split(string regex) =>
        Step("Split", ("pattern", new JsonObject { ["Regex"] = regex }), ("behavior", "Isolated"), ("invert", false));

    static JsonObject Step(string type, params ReadOnlySpan<(string Key, JsonNode? Value)> options)
    {
        var step = new JsonObject { ["type"] = type };
        foreach (var (key, value) in options) step[key] = value;
        return step;
    }

    /// <summary>One step as it is, several as a sequence; null for none.</summary>
    static JsonObject? Sequence(string name, List<JsonObject> steps) => steps.Count switch
    {
        0 => null,
        1 => steps[0],
        _ => new() { ["type"] = "Sequence", [name] = new JsonArray([.. steps]) },
    };
}
