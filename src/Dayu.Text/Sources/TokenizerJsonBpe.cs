using System.Text;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// BPE from tokenizer.json. Where ByteLevel is the last thing before merging, tokens are bytes and a <see cref="ByteLevelBpe"/> reads them; everything else is a <see cref="CharacterBpe"/>.
/// </summary>
static class TokenizerJsonBpe
{
    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.Only("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        if (!model["dropout"].IsNull && model["dropout"].Value.GetRawText() is not ("0" or "0.0") and var dropout) throw model["dropout"].NotKnown(dropout, "null");

        var (ids, added) = (file.Ids(), file.Added());
        var special = file.Special(ids, added);
        string prefix = Text(model["continuing_subword_prefix"]) ?? "", suffix = Text(model["end_of_word_suffix"]) ?? "";
        var merges = Merges(ids, model["merges"], prefix);
        bool whole = model["ignore_merges"].Bool(absent: false);
        int? unknown = Text(model["unk_token"]) is not { } unk ? null : ids.TryGetValue(unk, out int unkId) ? unkId : throw new TokenizerException(
            $"{model["unk_token"].Path}: '{unk}' is not in the vocabulary. The file is damaged, or was edited wrongly.");

        var normalizer = TokenizerJsonNormalizer.Read(file.Root["normalizer"]);
        var steps = TokenizerJsonPreTokenizer.Steps(file.Root["pre_tokenizer"]);
        bool bytes = steps.Count > 0 && steps[^1]["type"].String() == "ByteLevel" && !steps[..^1].Exists(step => step["type"].String() == "ByteLevel") && prefix + suffix == "";
        if (bytes)
        {
            CheckByteLevel(file.Root["decoder"]);
            var (pre, splitter) = ByteLevelCutting(steps);
            return new ByteLevelBpe(Bytes(ids, added, ByteAlphabet.Decode), merges, new(splitter, pre, normalizer), special, whole, unknown);
        }

        var options = new CharacterBpeOptions(prefix, suffix, model["byte_fallback"].Bool(absent: false), unknown, model["fuse_unk"].Bool(absent: false), whole);
        if (options.ByteFallback && prefix + suffix != "") throw model["byte_fallback"].NotKnown("true together with a prefix or suffix", "false");
        var decoder = TokenizerJsonDecoder.Read(file.Root["decoder"]);
        bool cut = !whole && prefix + suffix == "" && ids.ContainsKey("▁") && !ids.Keys.Any(JoinsWords);
        var preTokenization = new PreTokenization(cut ? new SpaceSplitter(underlined: true) : new WholeSplitter(), TokenizerJsonPreTokenizer.Chain(steps), normalizer);
        return new CharacterBpe(Bytes(ids, added, decoder.BytesOf), ids, merges, preTokenization, special, options) { Spaces = (decoder.DropsFirstSpace ? file.PrefixSpace() : PrependScheme.Never, decoder.DropsLastSpace) };
    }

    static string? Text(JsonAt at) => at.IsNull ? null : at.String();

    /// <summary>Whether ▁ stands behind another character.</summary>
    static bool JoinsWords(string token) => token.TrimStart(SentencePieces.Underline).Contains(SentencePieces.Underline);

    /// <summary>A merge is "a b", or since 2024 ["a", "b"].</summary>
    static MergeTable Merges(Dictionary<string, int> ids, JsonAt merges, string prefix)
    {
        var ranked = new RankedMerges(TokenTable.Of(ids), new(ids.Count), merges.Path, prefix);
        foreach (var merge in merges.Items())
            if (merge.Value.ValueKind == JsonValueKind.String) ranked.Add(Encoding.UTF8.GetBytes(merge.String()));
            else
            {
                JsonAt[] halves = [.. merge.Items().Take(3)];
                if (halves.Length != 2) throw new TokenizerException($"{merge.Path}: a merge has two halves. The file is damaged.");
                ranked.Add(Encoding.UTF8.GetBytes(halves[0].String()), Encoding.UTF8.GetBytes(halves[1].String()));
            }
        return ranked.Table();
    }

    static Vocabulary Bytes(Dictionary<string, int> ids, List<AddedToken> added, Func<string, byte[]> bytesOf)
    {
        var bytes = Array.ConvertAll(TokenizerJson.ById(ids, added), token => token is null ? null : bytesOf(token));
        foreach (var token in added) bytes[token.Id] = Encoding.UTF8.GetBytes(token.Text);
        return new(bytes);
    }

    /// <summary>Known chains have a splitter written by hand; what precedes ByteLevel otherwise is run as it stands.</summary>
    static (PreTokenizer?, Splitter) ByteLevelCutting(List<JsonAt> steps)
    {
        var (prefixSpace, cuts) = TokenizerJsonPreTokenizer.ByteLevelOptions(steps[^1]);
        var before = TokenizerJsonPreTokenizer.Chain(steps[..^1]);      // also checks them
        if (!prefixSpace && steps.Count == 2)
        {
            var step = steps[0];
            if (!cuts && step["type"].String() == "Split" && step["behavior"].String() == "Isolated" && !step["invert"].Bool(absent: false)
                && !step["pattern"]["Regex"].IsNull && Splitter.TryPattern(step["pattern"]["Regex"].String(), out var known)) return (null, known);
            if (cuts && step["type"].String() == "Digits" && step["individual_digits"].Bool(absent: false)) return (null, Splitter.SmolLm);
        }
        if (prefixSpace) before = before is null ? new SpaceBefore() : new PreTokenizerPair(before, new SpaceBefore());
        return (before, cuts ? Splitter.Gpt2 : new WholeSplitter());
    }

    static void CheckByteLevel(JsonAt decoder)
    {
        if (!decoder.IsNull && decoder["type"].String() is not "ByteLevel" and var type) throw decoder["type"].NotKnown($"'{type}', where tokens are bytes,", "ByteLevel");
    }
}
