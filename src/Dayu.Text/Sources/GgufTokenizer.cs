using System.Text;

namespace Dayu.Text;

/// <summary>Tokenizers from GGUF metadata. A new kind is one more line in the table and its method.</summary>
static class GgufTokenizer
{
    static readonly Dictionary<string, Func<TokenizerData, Tokenizer>> readers = new(StringComparer.Ordinal) { ["gpt2"] = ByteLevel, ["llama"] = SentencePiece, ["bert"] = WordPiece, ["t5"] = Unigram };

    public static Tokenizer Read(TokenizerData data)
    {
        if (data.Tokens.Count == 0) throw new TokenizerException("GGUF key tokenizer.ggml.tokens: the vocabulary is empty. The file holds no tokenizer; take one that does.");
        SameLength("token_type", data.Types?.Length, data);
        SameLength("scores", data.Scores?.Length, data);
        CheckIds(data);
        return readers.TryGetValue(data.Model, out var read) ? read(data) : throw new TokenizerException(
            $"GGUF key tokenizer.ggml.model: '{data.Model}' is not known yet; known are {string.Join(", ", readers.Keys)}.");
    }

    static Tokenizer ByteLevel(TokenizerData data)
    {
        string pre = data.Pre ?? throw Missing("pre", "the name of the splitter, such as \"gpt-2\"; files converted before April 2024 lack it: convert the model again");
        var splitter = Splitter.Named(pre);
        var pairs = data.Merges ?? throw Missing("merges", "the ranked merges");
        bool llama3 = pre is "llama-bpe" or "llama3" or "llama-v3";

        var kinds = Kinds(data);
        var (bytes, ids, buffer) = (new ByteStrings(data.Tokens.Count), new TokenTable(data.Tokens.Count), Array.Empty<byte>());
        for (int id = 0; id < kinds.Length; id++)
        {
            var token = data.Tokens.Utf8(id);
            if (token.Length > buffer.Length) buffer = new byte[2 * token.Length];
            bool plain = kinds[id] == PieceKind.Normal;
            bytes.Add(plain ? ByteAlphabet.Decode(token, buffer) : token);
            if (plain) ids.TryAdd(token, id);
        }
        var merges = new RankedMerges(ids, pairs, "GGUF key tokenizer.ggml.merges").Table();
        return new ByteLevelBpe(new(bytes), merges, new(splitter), Special(data, kinds, addBos: llama3), wholePieces: llama3);
    }

    static Tokenizer SentencePiece(TokenizerData data)
    {
        var scores = data.Scores ?? throw Missing("scores", "a score for each token");
        var kinds = Kinds(data);
        data = data with { Bos = data.Bos ?? IfThere(1), Eos = data.Eos ?? IfThere(2), Unk = data.Unk ?? IfThere(0) };
        bool before = data.AddSpacePrefix ?? true;
        return new SentencePieceBpe(new(data.Tokens, scores, kinds), Special(data, kinds, addBos: true), new(' ', before: before), before ? PrependScheme.Always : PrependScheme.Never);

        int? IfThere(int id) => id < kinds.Length && kinds[id] is PieceKind.Control or PieceKind.Unknown ? id : null;
    }

    static Tokenizer Unigram(TokenizerData data)
    {
        var scores = data.Scores ?? throw Missing("scores", "a score for each token");
        var kinds = Kinds(data);
        bool before = data.AddSpacePrefix ?? true;
        var normalizer = new SentencePieceNormalizer(SentencePieces.Underline, data.CharsMap is { Length: > 0 } map ? new(map) : null, data.RemoveExtraWhitespaces ?? false, before);
        data = data with { AddEos = data.AddEos ?? true };
        return new UnigramTokenizer(data.Tokens, [.. scores.Select(score => (double)score)], kinds, Special(data, kinds, addBos: false), normalizer) { Spaces = (before ? PrependScheme.Always : PrependScheme.Never, false) };
    }

    /// <summary>Words begin with ▁ here, and what goes on a word has no mark; [CLS] and [SEP] stand around every text, whatever the file says of beginnings and ends.</summary>
    static Tokenizer WordPiece(TokenizerData data)
    {
        string[] tokens = [.. data.Tokens];
        data = data with { Bos = data.Cls ?? data.Bos ?? Named("[CLS]"), Eos = data.Sep ?? data.Eos ?? Named("[SEP]"), Unk = data.Unk ?? Named("[UNK]"), Pad = data.Pad ?? Named("[PAD]"), AddBos = true, AddEos = true };
        var kinds = Kinds(data);
        foreach (int? id in (ReadOnlySpan<int?>)[data.Bos, data.Eos, data.Unk, data.Pad, data.Mask]) if (id is { } known) kinds[known] = PieceKind.Control;
        bool lowercase = data.Lowercase ?? true;
        var normalizer = new BertNormalizer(stripAccents: data.StripAccents ?? lowercase, lowercase: lowercase);
        return new WordPieceTokenizer([.. tokens.Select(InBertsWay)], Special(data, kinds, addBos: true), normalizer, new BertPreTokenizer(), token => Encoding.UTF8.GetBytes(WordPieceTokenizer.Written(token)));

        int? Named(string token) => Array.IndexOf(tokens, token) is >= 0 and var id ? id : null;

        string InBertsWay(string token, int id) => token switch
        {
            [SentencePieces.Underline, _, ..] => token[1..],
            ['[', .., ']'] => token,       // [unused7]
            _ => kinds[id] == PieceKind.Normal ? WordPieceTokenizer.Continuation + token : token,
        };
    }

    /// <summary>What each token is. Tokens that end a text, and well-known ones that end a turn, are control tokens even where a file calls them normal, but not what merges make: to Qwen, &lt;/s&gt; is a word.</summary>
    static PieceKind[] Kinds(TokenizerData data)
    {
        var (kinds, known) = (new PieceKind[data.Tokens.Count], new Dictionary<string, bool>());
        for (int id = 0; id < kinds.Length; id++)
        {
            kinds[id] = data.Types is { } types && types[id] is >= (int)PieceKind.Normal and <= (int)PieceKind.Byte ? (PieceKind)types[id] : PieceKind.Normal;
            if (kinds[id] == PieceKind.Normal && (id == data.Bos || id == data.Eos || id == data.Eot || id == data.Eom || SpecialTokens.IsEnding(data.Tokens.Utf8(id)) && !IsMerged(id))) kinds[id] = PieceKind.Control;
        }
        return kinds;

        bool IsMerged(int id)
        {
            string token = data.Tokens[id];
            return known.TryGetValue(token, out bool merged) ? merged : known[token] = data.Merges?.Any(pair => pair.Length == token.Length + 1 && pair.Replace(" ", "", StringComparison.Ordinal) == token) ?? false;
        }
    }

    static SpecialTokens Special(TokenizerData data, PieceKind[] kinds, bool addBos)
    {
        var added = new List<AddedToken>();
        for (int id = 0; id < kinds.Length; id++)
            if (kinds[id] is PieceKind.Control or PieceKind.Unknown or PieceKind.UserDefined && data.Tokens[id].Length > 0)
                added.Add(new(id, data.Model is "llama" or "t5" ? data.Tokens[id].Replace(SentencePieces.Underline, ' ') : data.Tokens[id], Control: kinds[id] != PieceKind.UserDefined));
        return new(added, data.Bos, data.Eos, data.Unk, data.Pad, data.AddBos ?? addBos, data.AddEos ?? false, data.Eot, data.Eom);
    }

    static void CheckIds(TokenizerData data)
    {
        Check("bos", data.Bos);
        Check("eos", data.Eos);
        Check("eot", data.Eot);
        Check("eom", data.Eom);
        Check("unknown", data.Unk);
        Check("padding", data.Pad);
        Check("cls", data.Cls);
        Check("seperator", data.Sep);
        Check("mask", data.Mask);

        void Check(string name, int? id)
        {
            if (id is { } i && (uint)i >= (uint)data.Tokens.Count)
                throw new TokenizerException($"GGUF key tokenizer.ggml.{name}_token_id: {i} is no id; the vocabulary has 0 to {data.Tokens.Count - 1}. The file is damaged, or was edited wrongly.");
        }
    }

    static void SameLength(string key, int? length, TokenizerData data)
    {
        if (length is { } n && n != data.Tokens.Count)
            throw new TokenizerException($"GGUF key tokenizer.ggml.{key}: {n} entries for {data.Tokens.Count} tokens; one for each was expected. The file is damaged.");
    }

    static TokenizerException Missing(string key, string what) => new($"GGUF key tokenizer.ggml.{key} is missing: it holds {what}.");
}
