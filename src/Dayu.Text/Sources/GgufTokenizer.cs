namespace Dayu.Text;

/// <summary>Tokenizers from GGUF metadata. A new kind is one more line in the table and its method.</summary>
static class GgufTokenizer
{
    static readonly Dictionary<string, Func<TokenizerData, Tokenizer>> readers = new(StringComparer.Ordinal) { ["gpt2"] = ByteLevel, ["llama"] = SentencePiece };

    public static Tokenizer Read(TokenizerData data)
    {
        if (data.Tokens.Length == 0) throw new TokenizerException("GGUF key tokenizer.ggml.tokens: the vocabulary is empty. The file holds no tokenizer; take one that does.");
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
        var ids = new Dictionary<string, int>(data.Tokens.Length, StringComparer.Ordinal);
        var bytes = new byte[data.Tokens.Length][];
        for (int id = 0; id < bytes.Length; id++)
        {
            bool plain = kinds[id] == PieceKind.Normal;
            bytes[id] = plain ? ByteAlphabet.Decode(data.Tokens[id]) : System.Text.Encoding.UTF8.GetBytes(data.Tokens[id]);
            if (plain) ids.TryAdd(data.Tokens[id], id);
        }
        var merges = RankedMerges.Read(ids, pairs.Select((pair, i) => RankedMerges.Halves(pair, $"GGUF key tokenizer.ggml.merges[{i}]")), "GGUF key tokenizer.ggml.merges");
        return new ByteLevelBpe(new(bytes), merges, new(splitter), Special(data, kinds, addBos: llama3), wholePieces: llama3);
    }

    static Tokenizer SentencePiece(TokenizerData data)
    {
        var scores = data.Scores ?? throw Missing("scores", "a score for each token");
        var kinds = Kinds(data);
        data = data with { Bos = data.Bos ?? IfThere(1), Eos = data.Eos ?? IfThere(2), Unk = data.Unk ?? IfThere(0) };
        return new SentencePieceBpe(new(data.Tokens, scores, kinds), Special(data, kinds, addBos: true), data.AddSpacePrefix ?? true);

        int? IfThere(int id) => id < kinds.Length && kinds[id] is PieceKind.Control or PieceKind.Unknown ? id : null;
    }

    /// <summary>What each token is. Tokens that end a text, and well-known ones that end a turn, are control tokens even where a file calls them normal.</summary>
    static PieceKind[] Kinds(TokenizerData data)
    {
        var kinds = new PieceKind[data.Tokens.Length];
        for (int id = 0; id < kinds.Length; id++)
        {
            kinds[id] = data.Types is { } types && Enum.IsDefined((PieceKind)types[id]) ? (PieceKind)types[id] : PieceKind.Normal;
            if (kinds[id] == PieceKind.Normal && (id == data.Bos || id == data.Eos || id == data.Eot || id == data.Eom || SpecialTokens.IsEnding(data.Tokens[id]))) kinds[id] = PieceKind.Control;
        }
        return kinds;
    }

    static SpecialTokens Special(TokenizerData data, PieceKind[] kinds, bool addBos)
    {
        var added = new List<AddedToken>();
        for (int id = 0; id < kinds.Length; id++)
            if (kinds[id] is PieceKind.Control or PieceKind.Unknown or PieceKind.UserDefined && data.Tokens[id].Length > 0)
                added.Add(new(id, data.Model == "llama" ? data.Tokens[id].Replace(SentencePieces.Underline, ' ') : data.Tokens[id], Control: kinds[id] != PieceKind.UserDefined));
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

        void Check(string name, int? id)
        {
            if (id is { } i && (uint)i >= (uint)data.Tokens.Length)
                throw new TokenizerException($"GGUF key tokenizer.ggml.{name}_token_id: {i} is no id; the vocabulary has 0 to {data.Tokens.Length - 1}. The file is damaged, or was edited wrongly.");
        }
    }

    static void SameLength(string key, int? length, TokenizerData data)
    {
        if (length is { } n && n != data.Tokens.Length)
            throw new TokenizerException($"GGUF key tokenizer.ggml.{key}: {n} entries for {data.Tokens.Length} tokens; one for each was expected. The file is damaged.");
    }

    static TokenizerException Missing(string key, string what) => new($"GGUF key tokenizer.ggml.{key} is missing: it holds {what}.");
}
