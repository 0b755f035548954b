using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Unigram from tokenizer.json: a list of pieces, each with its score. Byte tokens stand for bytes only, as in SentencePiece: the reference takes the text <c>&lt;0x41></c> for one, which decoding could not give back.
/// </summary>
static class TokenizerJsonUnigram
{
    public static Tokenizer Read(TokenizerJson file)
    {
        var model = file.Root["model"];
        model.Only("type", "unk_id", "vocab", "byte_fallback");
        bool bytes = model["byte_fallback"].Bool(absent: false);
        var (tokens, scores, ids) = (new List<string>(), new List<double>(), new Dictionary<string, int>(StringComparer.Ordinal));
        JsonAt unknown = default;
        foreach (var entry in model["vocab"].Items())
        {
            JsonAt[] pair = [.. entry.Items().Take(3)];
            if (pair.Length != 2) throw entry.NotKnown("an entry that is no pair", "a token and its score");
            if (!model["unk_id"].IsNull && tokens.Count == model["unk_id"].Int()) unknown = pair[0];
            ids.TryAdd(pair[0].String(), tokens.Count);
            tokens.Add(pair[0].String());
            scores.Add(pair[1].Number());
        }
        if (!model["unk_id"].IsNull && unknown.IsNull) throw model["unk_id"].NotKnown($"{model["unk_id"].Int()}", $"an id of the vocabulary, 0 to {tokens.Count - 1}");

        var added = file.Added();
        var special = file.Special(ids, added, unknown);
        foreach (var (text, id) in TokenizerJson.ById(ids, added).Select((text, id) => (text, id)).Skip(tokens.Count))
        {
            tokens.Add(text ?? "");
            scores.Add(0);
        }
        var kinds = tokens.Select((token, id) => special.IsAdded(id) ? PieceKind.Control : bytes && TokenizerJsonDecoder.TryByte(token, out _) ? PieceKind.Byte : PieceKind.Normal).ToArray();
        var decoder = TokenizerJsonDecoder.Read(file.Root["decoder"]);
        return new UnigramTokenizer(tokens, scores, kinds, special, TokenizerJsonNormalizer.Read(file.Root["normalizer"]), TokenizerJsonPreTokenizer.Read(file.Root["pre_tokenizer"]), decoder.BytesOf)
        {
            Spaces = (decoder.DropsFirstSpace ? file.PrefixSpace() : PrependScheme.Never, decoder.DropsLastSpace),
        };
    }
}
