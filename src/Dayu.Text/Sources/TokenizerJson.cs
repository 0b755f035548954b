using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Hugging Face's tokenizer.json. What all model types have in common is read here; another type is a line in the table
/// and a file of its own. Truncation and padding concern batches, and are ignored.
/// </summary>
/// <param name="Root">The file.</param>
/// <param name="Config">tokenizer_config.json, or a null value.</param>
sealed record TokenizerJson(JsonAt Root, JsonAt Config)
{
    static readonly Dictionary<string, Func<TokenizerJson, Tokenizer>> readers = new(StringComparer.Ordinal)
    {
        ["BPE"] = TokenizerJsonBpe.Read,
        ["WordPiece"] = TokenizerJsonWordPiece.Read,
        ["Unigram"] = TokenizerJsonUnigram.Read,
    };

    static string ReaderNames => string.Join(", ", readers.Keys);

    public static Tokenizer Read(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var root = PythonJson.Parse(json, "tokenizer.json");
            using var beside = config.IsEmpty ? null : PythonJson.Parse(config, "tokenizer_config.json");
            var configuration = new JsonAt(beside?.RootElement ?? default, "tokenizer_config.json");
            return new TokenizerJson(new(root.RootElement, "tokenizer.json"), configuration).Read();
        }
        catch (InvalidOperationException e)
        {
            throw JsonAt.Invalid("tokenizer.json or tokenizer_config.json", e);
        }
    }

    Tokenizer Read()
    {
        Root.AllowOnly("version", "truncation", "padding",
            "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        string type = ModelType();
        if (!readers.TryGetValue(type, out var read)) throw Root["model"]["type"].Unsupported($"'{type}'", ReaderNames);
        return read(this);
    }

    /// <summary>
    /// The model's type. Files from before 2021 (GPT-2's own, BERT's) leave it out; it shows from their other members.
    /// </summary>
    string ModelType()
    {
        var model = Root["model"];
        if (model["type"].StringOrNull() is { } type) return type;
        if (!model["merges"].IsNull) return "BPE";
        if (!model["unk_id"].IsNull) return "Unigram";
        if (!model["max_input_chars_per_word"].IsNull) return "WordPiece";
        throw model["type"].Unsupported("nothing", ReaderNames);
    }

    /// <summary>The model's vocabulary where it is an object: token → id.</summary>
    public Dictionary<string, int> Ids()
    {
        var vocabulary = Root["model"]["vocab"];
        int count = vocabulary.Value.ValueKind == JsonValueKind.Object ? vocabulary.Value.GetPropertyCount() : 0;
        var ids = new Dictionary<string, int>(count, StringComparer.Ordinal);
        foreach (var (token, id) in vocabulary.Members()) ids[token] = id.Int();
        return ids;
    }

    /// <summary>
    /// Texts by id, with those of added tokens; null is an id that nothing uses. Ids may leave gaps, but not so wide
    /// that a small file takes much memory. What is decoded of a normalized token is its normalized text, as in the
    /// reference: it has the space that a normalizer put before it.
    /// </summary>
    public static string?[] ById(Dictionary<string, int> ids, List<AddedToken> added, Normalizer? normalizer)
    {
        int bound = Math.Max(1 << 20, 2 * (ids.Count + added.Count)), size = 0;
        foreach (var (text, id) in ids) Measure(text, id);
        foreach (var token in added) Measure(token.Text, token.Id);
        if (size == 0) throw Damaged("the vocabulary is empty. The file holds no tokenizer; take one that does.");
        var tokens = new string?[size];
        foreach (var (text, id) in ids)
        {
            if (tokens[id] is not null) throw Damaged($"two tokens have id {id}, '{text}' is one. The file is damaged.");
            tokens[id] = text;
        }
        foreach (var token in added)
            tokens[token.Id] = token.Normalized && normalizer is not null ? normalizer.Normalize(token.Text).ToString() : token.Text;
        return tokens;

        void Measure(string text, int id)
        {
            if (id < 0 || id >= bound)
                throw new TokenizerException($"tokenizer.json: token '{text}' has id {id}; 0 to {bound - 1} were expected "
                    + $"of {ids.Count + added.Count} tokens. The file is damaged.");
            size = Math.Max(size, id + 1);
        }
    }

    static TokenizerException Damaged(string what) => new($"tokenizer.json.model.vocab: {what}");

    /// <summary>Added tokens, which are matched as a whole. One of no characters is left out, as in the reference.</summary>
    public List<AddedToken> Added()
    {
        var added = new List<AddedToken>();
        if (Root["added_tokens"] is not { IsNull: false } list) return added;
        foreach (var token in list.Items())
        {
            token.AllowOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var read = Added(token["id"].Int(), token, special: false);
            if (read.Text.Length > 0) added.Add(read);
        }
        return added;
    }

    /// <summary>An added token with its flags.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="token">The object that describes it.</param>
    /// <param name="special">Whether it is a control token where the object does not say.</param>
    public static AddedToken Added(int id, JsonAt token, bool special) =>
        new(id, token["content"].String(), token["special"].Bool(absent: special))
        {
            LStrip = token["lstrip"].Bool(absent: false),
            RStrip = token["rstrip"].Bool(absent: false),
            SingleWord = token["single_word"].Bool(absent: false),
            Normalized = token["normalized"].Bool(absent: false),
        };

    /// <summary>The space at either end of a text that the decoder removes.</summary>
    public (PrependScheme Prefix, bool Suffix) Spaces(TokenizerJsonDecoder decoder) =>
        (decoder.DropsFirstSpace ? PrefixSpace() : PrependScheme.Never, decoder.DropsLastSpace);

    /// <summary>Where the pre-tokenizer or the normalizer puts a space.</summary>
    PrependScheme PrefixSpace()
    {
        foreach (var step in TokenizerJsonPreTokenizer.Steps(Root["pre_tokenizer"]))
            if (IsType(step, "Metaspace"))
                return step["prepend_scheme"].StringOrNull() is null or "always" ? PrependScheme.Always : PrependScheme.First;
        return Prepends(Root["normalizer"]) ? PrependScheme.Always : PrependScheme.First;
    }

    static bool Prepends(JsonAt normalizer)
    {
        if (normalizer.IsNull) return false;
        if (IsType(normalizer, "Prepend")) return true;
        return !normalizer["normalizers"].IsNull && normalizer["normalizers"].Items().Any(step => IsType(step, "Prepend"));
    }

    static bool IsType(JsonAt step, string type) => step["type"].String() == type;
}
