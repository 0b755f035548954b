using System.Text;

namespace Dayu.Text;

/// <summary>Writes tokenizers as GGUF metadata, for those kinds that GGUF can express.</summary>
static class GgufTokenizerWriter
{
    /// <summary>
    /// Byte-level BPE: GGUF must have a name for the pre-tokenizer, and readers must expect of that name what this
    /// tokenizer does.
    /// </summary>
    public static TokenizerData Write(ByteLevelBpe tokenizer, ByteLevelBpeParts parts)
    {
        string pre = PreTokenizerName(tokenizer, parts);
        var (tokens, types) = Tokens(parts.Vocabulary, tokenizer.Special);
        var merges = parts.Merges.InOrder()
            .Where(merge => merge.Left < tokens.Length && merge.Right < tokens.Length)
            .Select(merge => $"{tokens[merge.Left]} {tokens[merge.Right]}");
        return WithSpecial(new("gpt2", [.. tokens]) { Pre = pre, Types = types, Merges = [.. merges] }, tokenizer.Special);
    }

    static string PreTokenizerName(ByteLevelBpe tokenizer, ByteLevelBpeParts parts)
    {
        var (splitter, preTokenizer, normalizer) = parts.PreTokenization;
        string? pre = preTokenizer is null ? GgufPreTokenizer.NameOf(splitter, parts.IgnoreMerges) : null;
        if (pre is null)
        {
            string not = parts.IgnoreMerges ? "" : "not ";
            throw Cannot(tokenizer, $"its way to cut texts, with pre-tokens that are tokens {not}taken whole, has no name there");
        }
        bool isQwens = pre == "qwen2" && normalizer == NormalForm.C;       // Qwen's own GGUF files leave NFC out
        if (normalizer is not null && !isQwens) throw Cannot(tokenizer, "it normalizes texts first");
        return pre;
    }

    static (string[] Tokens, int[] Types) Tokens(Vocabulary vocabulary, SpecialTokens special)
    {
        var (tokens, types) = (new string[vocabulary.Count], new int[vocabulary.Count]);
        for (int id = 0; id < tokens.Length; id++)
        {
            (tokens[id], var kind) = Token(vocabulary[id], id, special);
            types[id] = (int)kind;
        }
        return (tokens, types);
    }

    static (string Text, TokenKind Kind) Token(ReadOnlySpan<byte> bytes, int id, SpecialTokens special)
    {
        if (special.IsControl(id)) return (Encoding.UTF8.GetString(bytes), TokenKind.Control);
        if (special.IsAdded(id)) return (Encoding.UTF8.GetString(bytes), TokenKind.UserDefined);
        return bytes.IsEmpty ? (UnusedText(id), TokenKind.Unused) : (ByteAlphabet.Encode(bytes), TokenKind.Normal);
    }

    /// <summary>SentencePiece's BPE, as it stands in its .model file.</summary>
    public static TokenizerData Write(SentencePieceModel model, SpecialTokens special)
    {
        bool expressible = model.ModelType == SentencePieceModel.Bpe && model.CharsMap.Length == 0 && !model.SpaceAsSuffix;
        if (!expressible)
            throw new TokenizerException("This SentencePiece model is not of the kind that GGUF's 'llama' is: "
                + "BPE, without a map of characters, spaces before words.");
        var data = new TokenizerData("llama", [.. model.Tokens])
        {
            Scores = [.. model.Scores],
            Types = [.. model.Kinds.Select(kind => (int)kind)],
            AddSpacePrefix = model.AddDummyPrefix,
        };
        return WithSpecial(data, special);
    }

    /// <summary>
    /// WordPiece: GGUF writes ▁ before tokens that begin a word, and nothing before those that continue one.
    /// </summary>
    public static TokenizerData Write(WordPieceTokenizer tokenizer, IReadOnlyList<string?> tokens, BertNormalizer? normalizer)
    {
        if (normalizer is null) throw Cannot(tokenizer, "its normalizer is not BERT's");
        var special = tokenizer.Special;
        var data = new TokenizerData("bert", [.. tokens.Select((token, id) => WordPieceText(token, id, special))])
        {
            Types = [.. tokens.Select((token, id) => (int)WordPieceKind(token, id, special))],
            Lowercase = normalizer.Lowercase,
            StripAccents = normalizer.StripAccents,
            Cls = special.Bos,
            Sep = special.Eos,
            Mask = special.IdOf("[MASK]"),
        };
        return WithSpecial(data, special);
    }

    static string WordPieceText(string? token, int id, SpecialTokens special)
    {
        const string continuation = WordPieceTokenizer.Continuation;
        if (token is null) return UnusedText(id);
        if (special.IsControl(id) || token is ['[', .., ']']) return token;
        bool continues = token.StartsWith(continuation, StringComparison.Ordinal) && token.Length > continuation.Length;
        return continues ? token[continuation.Length..] : SentencePieceText.Space + token;
    }

    static TokenKind WordPieceKind(string? token, int id, SpecialTokens special) =>
        token is null ? TokenKind.Unused : special.IsControl(id) ? TokenKind.Control : TokenKind.Normal;

    static TokenizerData WithSpecial(TokenizerData data, SpecialTokens special) => data with
    {
        Bos = special.Bos,
        Eos = special.Eos,
        Unk = special.Unk,
        Pad = special.Pad,
        AddBos = special.AddBos,
        AddEos = special.AddEos,
    };

    /// <summary>A text for an id that nothing uses; no two tokens may have the same.</summary>
    static string UnusedText(int id) => $"[PAD{id}]";

    public static TokenizerException Cannot(Tokenizer tokenizer, string why) =>
        new($"this {tokenizer.Kind} tokenizer cannot be written into a GGUF file: {why}. Those that can: "
            + "byte-level BPE (GPT-2, Llama 3, Qwen, SmolLM), SentencePiece BPE from its tokenizer.model (Llama 2), BERT's WordPiece.");
}
