using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// vocab.txt: a token a line, whose id is the number of the line (BERT), or token, tab, id (ERNIE). What is done to text before stands in tokenizer_config.json, if anywhere.
/// Without it, a vocabulary in which words have capital letters is one of case-preserving text; of others letters are made small and accents taken off, as <c>BertTokenizer</c> does where nothing is said.
/// </summary>
static class BertVocabulary
{
    public static Tokenizer Read(ReadOnlySpan<byte> file, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var json = config.IsEmpty ? null : JsonDocument.Parse(config);
            return Read(Tokens(file), new(json?.RootElement ?? default, "tokenizer_config.json"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)       // the latter: a string with half a surrogate pair
        {
            throw new TokenizerException($"tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
        }
    }

    static WordPieceTokenizer Read(string?[] tokens, JsonAt config)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++) if (tokens[id] is { } token) ids[token] = id;
        int? cls = Find("cls_token", "[CLS]"), sep = Find("sep_token", "[SEP]"), pad = Find("pad_token", "[PAD]"), unk = Find("unk_token", "[UNK]"), mask = Find("mask_token", "[MASK]");

        var added = new List<AddedToken>();
        foreach (int? id in (ReadOnlySpan<int?>)[pad, unk, cls, sep, mask]) if (id is { } known) added.Add(new(known, tokens[known]!, LStrip: id == mask));
        var special = new SpecialTokens(added, cls, sep, unk, pad, addBos: cls is not null, addEos: sep is not null);
        return new(tokens, special, Normalizer(tokens, special, config), new BertPreTokenizer(), token => Encoding.UTF8.GetBytes(WordPieceTokenizer.Written(token)));

        int? Find(string key, string usual) => ids.TryGetValue(Name(config, key) ?? usual, out int id) ? id : null;
    }

    static BertNormalizer Normalizer(string?[] tokens, SpecialTokens special, JsonAt config)
    {
        bool cased = tokens.Index().Any(token => token.Item is { } text && !special.IsControl(token.Index) && !IsBracketed(text) && text.AsSpan().ContainsAnyInRange('A', 'Z'));
        if (config.IsNull) return new(stripAccents: !cased, lowercase: !cased);
        foreach (var (key, usual) in (ReadOnlySpan<(string, string)>)[("word_tokenizer_type", "basic"), ("subword_tokenizer_type", "wordpiece")])
            if (config[key] is { IsNull: false } kind && kind.String() != usual) throw kind.NotKnown($"'{kind.String()}'", usual);
        if (!config["do_basic_tokenize"].Bool(absent: true)) throw config["do_basic_tokenize"].NotKnown("false", "true");
        bool lowercase = config["do_lower_case"].Bool(absent: !cased);
        return new(spaceChinese: config["tokenize_chinese_chars"].Bool(absent: true), stripAccents: config["strip_accents"].Bool(absent: lowercase), lowercase: lowercase);
    }

    /// <summary>[CLS], [unused7], &lt;S>: not what a text was cut into.</summary>
    static bool IsBracketed(string text) => text is ['[', .., ']'] or ['<', .., '>'];

    static string? Name(JsonAt config, string key)
    {
        if (config.IsNull || config[key] is not { IsNull: false } named) return null;
        return (named.Value.ValueKind == JsonValueKind.Object ? named["content"] : named).String();
    }

    /// <summary>Texts by id.</summary>
    static string?[] Tokens(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        var lines = Encoding.UTF8.GetString(file).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        if (lines.Count == 0) throw new TokenizerException("vocab.txt is empty; a token a line was expected. Copy the file again.");
        bool numbered = lines[0].Contains('\t');
        int bound = numbered ? Math.Max(1 << 20, 2 * lines.Count) : lines.Count;
        var tokens = new List<string?>(lines.Count);
        for (int i = 0; i < lines.Count; i++)
        {
            int id = i, tab = numbered ? lines[i].LastIndexOf('\t') : lines[i].Length;
            if (tab < 0 || numbered && (!int.TryParse(lines[i].AsSpan(tab + 1), NumberStyles.None, null, out id) || id >= bound))
                throw Damaged(i, lines[i], $"token, tab and id (0 to {bound - 1}) were expected, as in line 1");
            if (tab > AddedToken.MaxLength) throw Damaged(i, lines[i], $"a token of at most {AddedToken.MaxLength} characters was expected");
            while (tokens.Count <= id) tokens.Add(null);
            if (tokens[id] is not null) throw Damaged(i, lines[i], $"another token has the id {id} already");
            tokens[id] = lines[i][..tab];
        }
        return [.. tokens];
    }

    static TokenizerException Damaged(int line, string found, string expected) =>
        new($"vocab.txt, line {line + 1}: '{(found.Length > 40 ? found[..40] + "…" : found)}' found; {expected}. The file is damaged, or is something else.");
}
