namespace Dayu.Text;

/// <summary>WordPiece from tokenizer.json.</summary>
static class TokenizerJsonWordPiece
{
    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.Only("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        var (ids, added) = (file.Ids(), file.Added());
        var prefix = model["continuing_subword_prefix"];
        string continuation = prefix.IsNull ? WordPieceTokenizer.Continuation : prefix.String();
        if (continuation.Length == 0) throw prefix.NotKnown("an empty prefix", "one that tells tokens that go on a word from those that begin one, such as ##");
        var longest = model["max_input_chars_per_word"];
        var words = TokenizerJsonPreTokenizer.Read(file.Root["pre_tokenizer"]) ?? throw file.Root["pre_tokenizer"].NotKnown("none", "one that cuts words, such as BertPreTokenizer");
        return new WordPieceTokenizer(TokenizerJson.ById(ids, added), file.Special(ids, added, model["unk_token"]), TokenizerJsonNormalizer.Read(file.Root["normalizer"]), words,
            TokenizerJsonDecoder.Read(file.Root["decoder"]).BytesOf, continuation, longest.IsNull ? WordPieceTokenizer.DefaultLongestWord : longest.Int());
    }
}
