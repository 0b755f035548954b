using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// vocab.txt: a token on each line, whose id is the number of the line (BERT), or a token, a tab and its id (ERNIE).
/// How text is normalized stands in tokenizer_config.json. Without that file, a vocabulary in which words have capital
/// letters is taken for a case-preserving one; any other lowercases text and strips accents, as <c>BertTokenizer</c>
/// does by default.
/// </summary>
static class BertVocabulary
{
    public static Tokenizer Read(ReadOnlySpan<byte> file, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var json = config.IsEmpty ? null : PythonJson.Parse(config, "tokenizer_config.json");
            return Read(VocabTxt.Read(file), new(json?.RootElement ?? default, "tokenizer_config.json"));
        }
        catch (InvalidOperationException e)
        {
            throw JsonAt.Invalid("tokenizer_config.json", e);
        }
    }

    static WordPieceTokenizer Read(string?[] tokens, JsonAt config)
    {
        var special = Special(tokens, config);
        var normalizer = Normalizer(tokens, special, config);
        return new(tokens, special, normalizer, new BertPreTokenizer(), WordPieceTokenizer.BytesOfToken);
    }

    static SpecialTokens Special(string?[] tokens, JsonAt config)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
            if (tokens[id] is { } token) ids[token] = id;
        int? cls = Find("cls_token", "[CLS]"), sep = Find("sep_token", "[SEP]"), mask = Find("mask_token", "[MASK]");
        int? pad = Find("pad_token", "[PAD]"), unk = Find("unk_token", "[UNK]");

        var added = new List<AddedToken>();
        foreach (int? id in (ReadOnlySpan<int?>)[pad, unk, cls, sep, mask])
            if (id is { } known) added.Add(new(known, tokens[known]!, LStrip: id == mask));
        return new(added, cls, sep, unk, pad, addBos: cls is not null, addEos: sep is not null);

        int? Find(string key, string usual) => ids.TryGetValue(config.TokenText(key)?.String() ?? usual, out int id) ? id : null;
    }

    static BertNormalizer Normalizer(string?[] tokens, SpecialTokens special, JsonAt config)
    {
        bool cased = HasCapitalWords(tokens, special);
        if (config.IsNull) return new(stripAccents: !cased, lowercase: !cased);
        AllowOnly(config["word_tokenizer_type"], "basic");
        AllowOnly(config["subword_tokenizer_type"], "wordpiece");
        var basic = config["do_basic_tokenize"];
        if (!basic.Bool(absent: true)) throw basic.Unsupported("false", "true");
        bool lowercase = config["do_lower_case"].Bool(absent: !cased);
        bool spaceChinese = config["tokenize_chinese_chars"].Bool(absent: true);
        bool stripAccents = config["strip_accents"].Bool(absent: lowercase);
        return new(spaceChinese: spaceChinese, stripAccents: stripAccents, lowercase: lowercase);
    }

    static void AllowOnly(JsonAt setting, string known)
    {
        if (!setting.IsNull && setting.String() != known) throw setting.Unsupported($"'{setting.String()}'", known);
    }

    static bool HasCapitalWords(string?[] tokens, SpecialTokens special) => tokens.Index().Any(token =>
        token.Item is { } text
        && !special.IsControl(token.Index)
        && !IsBracketed(text)
        && text.AsSpan().ContainsAnyInRange('A', 'Z'));

    /// <summary>[CLS], [unused7], &lt;S>: tokens that are not text.</summary>
    static bool IsBracketed(string text) => text is ['[', .., ']'] or ['<', .., '>'];
}
