using System.Text;

namespace Dayu.Text;

/// <summary>Reads tokenizers from GGUF metadata. Another algorithm is a line in the table and a method.</summary>
static class GgufTokenizer
{
    static readonly Dictionary<string, Func<TokenizerData, Tokenizer>> readers = new(StringComparer.Ordinal)
    {
        ["gpt2"] = RankedBpe,
        ["gemma4"] = data => RankedBpe(data with { Pre = "gemma4" }),
        ["whitespace"] = RankedBpe,
        ["llama"] = SentencePieceBpe,
        ["bert"] = WordPiece,
        ["t5"] = Unigram,
    };

    public static Tokenizer Read(TokenizerData data)
    {
        data = GgufTokenizerChecks.Checked(data);
        return readers.TryGetValue(data.Model, out var read) ? read(data) : throw new TokenizerException(
            $"GGUF key tokenizer.ggml.model: '{data.Model}' is not known yet; known are {string.Join(", ", readers.Keys)}.");
    }

    /// <summary>Ranked merges of bytes, or of characters, as the pre-tokenizer's name says.</summary>
    static Tokenizer RankedBpe(TokenizerData data)
    {
        string pre = data.Pre ?? throw Missing("pre",
            "the pre-tokenizer's name, such as \"gpt-2\"; files converted before April 2024 lack it: convert the model again");
        var merges = data.Merges ?? throw Missing("merges", "the ranked merges");
        if (GgufCharacterBpe.Has(pre)) return GgufCharacterBpe.Read(data, pre, merges, (d, kinds) => Special(d, kinds, addBos: false));
        return ByteLevelBpe(data, GgufPreTokenizer.Named(pre), merges);
    }

    static ByteLevelBpe ByteLevelBpe(TokenizerData data, GgufPreTokenizer preTokenizer, Utf8Texts merges)
    {
        var kinds = GgufTokenKinds.Of(data);
        var (bytes, ids) = ByteLevelVocabulary(data.Tokens, kinds);
        var table = new RankedMerges(ids, merges, "GGUF key tokenizer.ggml.merges").Table();
        var parts = new ByteLevelBpeParts(new(bytes), table, preTokenizer.PreTokenization(), preTokenizer.IgnoreMerges);
        return new(parts, Special(data, kinds, addBos: preTokenizer.AddsBos));
    }

    /// <summary>
    /// The bytes of each id, and the ids of the tokens that merges may name, as the file writes them.
    /// </summary>
    static (ByteStrings Bytes, TokenTable Ids) ByteLevelVocabulary(Utf8Texts tokens, TokenKind[] kinds)
    {
        var (bytes, ids, buffer) = (new ByteStrings(tokens.Count), new TokenTable(tokens.Count), Array.Empty<byte>());
        for (int id = 0; id < kinds.Length; id++)
        {
            var token = tokens.Utf8(id);
            if (token.Length > buffer.Length) buffer = new byte[2 * token.Length];
            bool normal = kinds[id] == TokenKind.Normal;
            bytes.Add(normal ? ByteAlphabet.Decode(token, buffer) : token);
            if (normal) ids.TryAdd(token, id);
        }
        return (bytes, ids);
    }

    static Tokenizer SentencePieceBpe(TokenizerData data)
    {
        var scores = data.Scores ?? throw Missing("scores", "a score for each token");
        var kinds = GgufTokenKinds.Of(data);
        data = data with { Bos = data.Bos ?? IfSpecial(1), Eos = data.Eos ?? IfSpecial(2), Unk = data.Unk ?? IfSpecial(0) };
        bool prefixSpace = data.AddSpacePrefix ?? true;
        var vocabulary = new SentencePieceVocabulary(data.Tokens, scores, kinds);
        var special = Special(data, kinds, addBos: true);
        return new SentencePieceBpe(vocabulary, special, new(' ', prefixSpace: prefixSpace), Prepend(prefixSpace));

        int? IfSpecial(int id) => id < kinds.Length && kinds[id] is TokenKind.Control or TokenKind.Unknown ? id : null;
    }

    static Tokenizer Unigram(TokenizerData data)
    {
        var scores = data.Scores ?? throw Missing("scores", "a score for each token");
        var kinds = GgufTokenKinds.Of(data);
        var map = data.CharsMap is { Length: > 0 } blob ? new CharsMap(blob) : null;
        bool prefixSpace = data.AddSpacePrefix ?? true, removeExtra = data.RemoveExtraWhitespaces ?? false;
        var normalizer = new SentencePieceNormalizer(SentencePieceText.Space, map, removeExtra, prefixSpace);
        var special = Special(data with { AddEos = data.AddEos ?? true }, kinds, addBos: false);
        return new UnigramTokenizer(data.Tokens, [.. scores.Select(score => (double)score)], kinds, special, normalizer)
        {
            Spaces = (Prepend(prefixSpace), false),
        };
    }

    static PrependScheme Prepend(bool prefixSpace) => prefixSpace ? PrependScheme.Always : PrependScheme.Never;

    /// <summary>
    /// GGUF writes ▁ before tokens that begin a word and nothing before those that continue one; BERT's own way is the
    /// reverse. [CLS] and [SEP] are added to every text, whatever the file says of BOS and EOS.
    /// </summary>
    static Tokenizer WordPiece(TokenizerData data)
    {
        string[] tokens = [.. data.Tokens];
        data = data with
        {
            Bos = data.Cls ?? data.Bos ?? Named("[CLS]"),
            Eos = data.Sep ?? data.Eos ?? Named("[SEP]"),
            Unk = data.Unk ?? Named("[UNK]"),
            Pad = data.Pad ?? Named("[PAD]"),
            AddBos = true,
            AddEos = true,
        };
        var kinds = GgufTokenKinds.Of(data);
        foreach (int? id in (ReadOnlySpan<int?>)[data.Bos, data.Eos, data.Unk, data.Pad, data.Mask])
            if (id is { } control) kinds[control] = TokenKind.Control;
        var special = Special(data, kinds, addBos: true);
        bool lowercase = data.Lowercase ?? true;
        var normalizer = new BertNormalizer(stripAccents: data.StripAccents ?? lowercase, lowercase: lowercase);
        string[] texts = [.. tokens.Select(AsBertWritesIt)];
        return new WordPieceTokenizer(texts, special, normalizer, new BertPreTokenizer(), WordPieceTokenizer.BytesOfToken);

        int? Named(string token) => Array.IndexOf(tokens, token) is >= 0 and var id ? id : null;

        string AsBertWritesIt(string token, int id) => token switch
        {
            [SentencePieceText.Space, _, ..] => token[1..],
            ['[', .., ']'] => token,       // [unused7]
            _ => kinds[id] == TokenKind.Normal ? WordPieceTokenizer.Continuation + token : token,
        };
    }

    static SpecialTokens Special(TokenizerData data, TokenKind[] kinds, bool addBos)
    {
        bool spaces = data.Model is "llama" or "t5" || GgufCharacterBpe.Has(data.Pre);
        var added = SentencePieceText.AddedTokens(data.Tokens, kinds, spaces);
        bool bos = data.AddBos ?? addBos, eos = data.AddEos ?? false;
        return new(added, data.Bos, data.Eos, data.Unk, data.Pad, bos, eos, data.Eot, data.Eom) { Warnings = data.Warnings };
    }

    static TokenizerException Missing(string key, string what) =>
        new($"GGUF key tokenizer.ggml.{key} is missing: it holds {what}.");
}
