namespace Dayu.Text;

/// <summary>
/// Unigram from tokenizer.json: a list of pieces, each with its score. Byte tokens stand for bytes only, as in
/// SentencePiece. (The reference also gives them for the text <c>&lt;0x41></c> itself, which decoding then cannot
/// restore.)
/// </summary>
static class TokenizerJsonUnigram
{
    /// <summary>The model's <c>vocab</c>, by id.</summary>
    sealed class Pieces
    {
        public readonly List<string> Tokens = [];
        public readonly List<double> Scores = [];
        public readonly Dictionary<string, int> Ids = new(StringComparer.Ordinal);

        /// <summary>The unknown token's text; a null value if the model has none.</summary>
        public JsonAt Unknown;

        public void Add(JsonAt token, JsonAt score)
        {
            Ids.TryAdd(token.String(), Tokens.Count);
            Tokens.Add(token.String());
            Scores.Add(score.Number());
        }
    }

    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.AllowOnly("type", "unk_id", "vocab", "byte_fallback");
        bool byteFallback = model["byte_fallback"].Bool(absent: false);
        var pieces = ReadPieces(model);
        var (tokens, scores) = (pieces.Tokens, pieces.Scores);

        var added = file.Added();
        var special = TokenizerJsonSpecial.Read(file, pieces.Ids, added, pieces.Unknown);
        var normalizer = TokenizerJsonNormalizer.Read(file.Root["normalizer"]);
        foreach (string? text in TokenizerJson.ById(pieces.Ids, added, normalizer).Skip(tokens.Count))
        {
            tokens.Add(text ?? "");
            scores.Add(0);
        }
        TokenKind[] kinds = [.. tokens.Select(KindOf)];
        var preTokenizer = TokenizerJsonPreTokenizer.Read(file.Root["pre_tokenizer"]);
        var decoder = TokenizerJsonDecoder.Read(file.Root["decoder"]);
        return new UnigramTokenizer(tokens, scores, kinds, special, normalizer, preTokenizer, decoder.BytesOf)
        {
            Spaces = file.Spaces(decoder),
        };

        TokenKind KindOf(string token, int id)
        {
            if (special.IsAdded(id)) return TokenKind.Control;
            return byteFallback && SentencePieceText.TryByte(token, out _) ? TokenKind.Byte : TokenKind.Normal;
        }
    }

    static Pieces ReadPieces(JsonAt model)
    {
        var pieces = new Pieces();
        var unkId = model["unk_id"];
        foreach (var entry in model["vocab"].Items())
        {
            JsonAt[] pair = [.. entry.Items().Take(3)];
            if (pair.Length != 2) throw entry.Unsupported("an entry that is no pair", "a token and its score");
            if (!unkId.IsNull && pieces.Tokens.Count == unkId.Int()) pieces.Unknown = pair[0];
            pieces.Add(pair[0], pair[1]);
        }
        if (!unkId.IsNull && pieces.Unknown.IsNull)
            throw unkId.Unsupported($"{unkId.Int()}", $"an id of the vocabulary, 0 to {pieces.Tokens.Count - 1}");
        return pieces;
    }
}
