namespace Dayu.Text;

/// <summary>WordPiece from tokenizer.json.</summary>
static class TokenizerJsonWordPiece
{
    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.AllowOnly("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        var (ids, added) = (file.Ids(), file.Added());
        var prefix = model["continuing_subword_prefix"];
        string continuation = prefix.StringOrNull() ?? WordPieceTokenizer.Continuation;
        if (continuation.Length == 0)
            throw prefix.Unsupported("an empty prefix", "one that tells tokens that continue a word, such as ##");
        var preTokenizer = file.Root["pre_tokenizer"];
        var words = TokenizerJsonPreTokenizer.Read(preTokenizer)
            ?? throw preTokenizer.Unsupported("none", "one that splits text into words, such as BertPreTokenizer");

        var special = TokenizerJsonSpecial.Read(file, ids, added, model["unk_token"]);
        var normalizer = TokenizerJsonNormalizer.Read(file.Root["normalizer"]);
        var tokens = TokenizerJson.ById(ids, added, normalizer);
        var decoder = TokenizerJsonDecoder.Read(file.Root["decoder"]);
        var longest = model["max_input_chars_per_word"];
        int longestWord = longest.IsNull ? WordPieceTokenizer.DefaultLongestWord : longest.Int();
        return new WordPieceTokenizer(tokens, special, normalizer, words, decoder.BytesOf, continuation, longestWord);
    }
}
