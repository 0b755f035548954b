using System.Text;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// BPE from tokenizer.json. Where ByteLevel is the last step before merging, tokens are bytes and the tokenizer is a
/// <see cref="ByteLevelBpe"/>; otherwise it is a <see cref="CharacterBpe"/>.
/// </summary>
static class TokenizerJsonBpe
{
    /// <summary>What both kinds of tokenizer are made of. Steps are the pre-tokenizer's.</summary>
    sealed record Parts(
        TokenizerJson File,
        Dictionary<string, int> Ids,
        List<AddedToken> Added,
        SpecialTokens Special,
        CharacterBpeOptions Options,
        MergeTable Merges,
        Normalizer? Normalizer,
        List<JsonAt> Steps);

    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.AllowOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
            "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        if (!model["dropout"].IsNull && model["dropout"].Value.GetRawText() is not ("0" or "0.0") and var dropout)
            throw model["dropout"].Unsupported(dropout, "null");

        var (ids, added) = (file.Ids(), file.Added());
        int? unknown = Unknown(model["unk_token"], ids);
        var special = TokenizerJsonSpecial.Read(file, ids, added, unknownId: unknown);
        string prefix = model["continuing_subword_prefix"].StringOrNull() ?? "";
        string suffix = model["end_of_word_suffix"].StringOrNull() ?? "";
        var merges = Merges(ids, model["merges"], prefix);
        bool ignoreMerges = model["ignore_merges"].Bool(absent: false);
        var options = new CharacterBpeOptions(prefix, suffix, Unknown: unknown, IgnoreMerges: ignoreMerges);
        var normalizer = TokenizerJsonNormalizer.Read(file.Root["normalizer"]);
        var steps = TokenizerJsonPreTokenizer.Steps(file.Root["pre_tokenizer"]);
        var parts = new Parts(file, ids, added, special, options, merges, normalizer, steps);
        return EndsWithByteLevel(steps) && !options.MarksPlaces ? ByteLevelBpe(parts) : CharacterBpe(parts);
    }

    static int? Unknown(JsonAt token, Dictionary<string, int> ids)
    {
        if (token.StringOrNull() is not { } text) return null;
        return ids.TryGetValue(text, out int id) ? id : throw new TokenizerException(
            $"{token.Path}: '{text}' is not in the vocabulary. The file is damaged, or was edited wrongly.");
    }

    /// <summary>A merge is "a b", or since 2024 ["a", "b"].</summary>
    static MergeTable Merges(Dictionary<string, int> ids, JsonAt merges, string prefix)
    {
        var ranked = new RankedMerges(TokenTable.Of(ids), new(ids.Count), merges.Path, prefix);
        foreach (var merge in merges.Items())
            if (merge.Value.ValueKind == JsonValueKind.String) ranked.Add(Encoding.UTF8.GetBytes(merge.String()));
            else
            {
                JsonAt[] halves = [.. merge.Items().Take(3)];
                if (halves.Length != 2)
                    throw new TokenizerException($"{merge.Path}: a merge has two halves. The file is damaged.");
                ranked.Add(Encoding.UTF8.GetBytes(halves[0].String()), Encoding.UTF8.GetBytes(halves[1].String()));
            }
        return ranked.Table();
    }

    /// <summary>Whether ByteLevel is the last step, and no other.</summary>
    static bool EndsWithByteLevel(List<JsonAt> steps) =>
        steps.Count > 0 && IsType(steps[^1], "ByteLevel") && !steps[..^1].Exists(step => IsType(step, "ByteLevel"));

    static bool IsType(JsonAt step, string type) => step["type"].String() == type;

    static ByteLevelBpe ByteLevelBpe(Parts parts)
    {
        var decoder = parts.File.Root["decoder"];
        if (!decoder.IsNull && decoder["type"].String() is not "ByteLevel" and var type)
            throw decoder["type"].Unsupported($"'{type}', where tokens are bytes,", "ByteLevel");
        var (preTokenizer, splitter) = ByteLevelSteps(parts.Steps);
        var vocabulary = Vocabulary(parts, ByteAlphabet.Decode, normalizedIsDecoded: false);
        var options = parts.Options;
        var preTokenization = new PreTokenization(splitter, preTokenizer, parts.Normalizer);
        return new(new(vocabulary, parts.Merges, preTokenization, options.IgnoreMerges), parts.Special, options.Unknown);
    }

    /// <summary>
    /// Well-known chains have a hand-written splitter; any other is run step by step up to ByteLevel.
    /// </summary>
    public static (PreTokenizer?, Splitter) ByteLevelSteps(List<JsonAt> steps)
    {
        var (prefixSpace, splits) = TokenizerJsonPreTokenizer.ByteLevelOptions(steps[^1]);
        var before = TokenizerJsonPreTokenizer.Chain(steps[..^1]);       // also checks them
        if (!prefixSpace && KnownSplitter(steps[..^1], splits) is { } known) return (null, known);
        if (prefixSpace) before = before is null ? new SpaceBefore() : new PreTokenizerPair(before, new SpaceBefore());
        return (before, splits ? Splitter.Gpt2 : new WholeSplitter());
    }

    /// <summary>The splitter that does what these steps and a ByteLevel after them do; null if there is none.</summary>
    static Splitter? KnownSplitter(List<JsonAt> steps, bool byteLevelSplits)
    {
        if (steps is []) return byteLevelSplits ? Splitter.Gpt2 : null;
        var (step, after) = (steps[0], steps[1..]);
        if (IsolatedPattern(step) is { } regex && IsolatingSplitter.TryPattern(regex, out bool han, out int digits))
            return KnownSplitter(after, byteLevelSplits) is { } inner ? new IsolatingSplitter(inner, han, digits) : null;
        if (after is not []) return null;
        if (byteLevelSplits)
        {
            bool eachDigit = IsType(step, "Digits") && step["individual_digits"].Bool(absent: false);
            return eachDigit ? Splitter.SmolLm : null;
        }
        return IsolatedPattern(step) is { } pattern && Splitter.TryPattern(pattern, out var known) ? known : null;
    }

    /// <summary>The regular expression whose matches a step isolates; null if it does something else.</summary>
    static string? IsolatedPattern(JsonAt step)
    {
        bool isolates = IsType(step, "Split") && step["behavior"].String() == "Isolated" && !step["invert"].Bool(absent: false);
        return isolates ? step["pattern"]["Regex"].StringOrNull() : null;
    }

    static CharacterBpe CharacterBpe(Parts parts)
    {
        var (file, model) = (parts.File, parts.File.Root["model"]);
        var options = parts.Options with
        {
            ByteFallback = model["byte_fallback"].Bool(absent: false),
            FuseUnknown = model["fuse_unk"].Bool(absent: false),
        };
        if (options.ByteFallback && options.MarksPlaces)
            throw model["byte_fallback"].Unsupported("true together with a prefix or suffix", "false");
        var decoder = TokenizerJsonDecoder.Read(file.Root["decoder"]);
        Splitter splitter = CanSplitAtSpaces(parts) ? new SpaceSplitter(underlined: true) : new WholeSplitter();
        var preTokenization = new PreTokenization(splitter, TokenizerJsonPreTokenizer.Chain(parts.Steps), parts.Normalizer);
        var vocabulary = Vocabulary(parts, decoder.BytesOf, normalizedIsDecoded: true);
        return new(vocabulary, parts.Ids, parts.Merges, preTokenization, parts.Special, options)
        {
            Spaces = file.Spaces(decoder),
        };
    }

    /// <summary>Whether no token crosses the beginning of a word, so that splitting there changes no id.</summary>
    static bool CanSplitAtSpaces(Parts parts) =>
        !parts.Options.IgnoreMerges
        && !parts.Options.MarksPlaces
        && parts.Ids.ContainsKey("▁")
        && !parts.Ids.Keys.Any(JoinsWords);

    /// <summary>Whether ▁ stands behind another character.</summary>
    static bool JoinsWords(string token) => token.TrimStart(SentencePieceText.Space).Contains(SentencePieceText.Space);

    /// <param name="parts">The tokens.</param>
    /// <param name="bytesOf">The bytes of a token.</param>
    /// <param name="normalizedIsDecoded">Whether a normalized token is written as others are; else it is plain text.</param>
    static Vocabulary Vocabulary(Parts parts, Func<string, byte[]> bytesOf, bool normalizedIsDecoded)
    {
        string?[] texts = TokenizerJson.ById(parts.Ids, parts.Added, parts.Normalizer);
        var bytes = Array.ConvertAll(texts, token => token is null ? null : bytesOf(token));
        foreach (var token in parts.Added)
            if (!(token.Normalized && normalizedIsDecoded)) bytes[token.Id] = Encoding.UTF8.GetBytes(texts[token.Id]!);
        return new(bytes);
    }
}
