using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Hugging Face's tokenizer.json. What every model type has in common is read here; a model type is one more line in the table and a file of its own.
/// Truncation and padding are the batch's business, and passed over.
/// </summary>
/// <param name="Root">The file.</param> <param name="Config">tokenizer_config.json, or a null value.</param>
sealed record TokenizerJson(JsonAt Root, JsonAt Config)
{
    static readonly Dictionary<string, Func<TokenizerJson, Tokenizer>> readers = new(StringComparer.Ordinal) { ["BPE"] = TokenizerJsonBpe.Read, ["WordPiece"] = TokenizerJsonWordPiece.Read, ["Unigram"] = TokenizerJsonUnigram.Read };

    public static Tokenizer Read(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var root = JsonDocument.Parse(json);
            using var beside = config.IsEmpty ? null : JsonDocument.Parse(config);
            var file = new TokenizerJson(new(root.RootElement, "tokenizer.json"), new(beside?.RootElement ?? default, "tokenizer_config.json"));
            file.Root.Only("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
            string type = file.ModelType();
            return readers.TryGetValue(type, out var read) ? read(file) : throw file.Root["model"]["type"].NotKnown($"'{type}'", string.Join(", ", readers.Keys));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)       // the latter: a string with half a surrogate pair
        {
            throw new TokenizerException($"tokenizer.json or tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
        }
    }

    /// <summary>The model's type. Files from before 2021 (GPT-2's own, BERT's) leave it out, and their members tell.</summary>
    string ModelType()
    {
        var model = Root["model"];
        if (!model["type"].IsNull) return model["type"].String();
        return !model["merges"].IsNull ? "BPE" : !model["unk_id"].IsNull ? "Unigram" : !model["max_input_chars_per_word"].IsNull ? "WordPiece" : throw model["type"].NotKnown("nothing", string.Join(", ", readers.Keys));
    }

    /// <summary>The model's vocabulary where it is an object: token → id.</summary>
    public Dictionary<string, int> Ids()
    {
        var vocabulary = Root["model"]["vocab"];
        var ids = new Dictionary<string, int>(vocabulary.Value.ValueKind == JsonValueKind.Object ? vocabulary.Value.GetPropertyCount() : 0, StringComparer.Ordinal);
        foreach (var (token, id) in vocabulary.Members())
            if (!ids.TryAdd(token, id.Int())) throw new TokenizerException($"{id.Path}: the token stands in the vocabulary twice. The file is damaged.");
        return ids;
    }

    /// <summary>Texts by id, those of added tokens too; null is an id that nothing uses. Ids may leave gaps, but not so wide that a small file would ask for much memory.</summary>
    public static string?[] ById(Dictionary<string, int> ids, List<AddedToken> added)
    {
        int bound = Math.Max(1 << 20, 2 * (ids.Count + added.Count)), size = 0;
        foreach (var (text, id) in ids) Measure(text, id);
        foreach (var token in added) Measure(token.Text, token.Id);
        if (size == 0) throw new TokenizerException("tokenizer.json.model.vocab: the vocabulary is empty. The file holds no tokenizer; take one that does.");
        var tokens = new string?[size];
        foreach (var (text, id) in ids)
            tokens[id] = tokens[id] is null ? text : throw new TokenizerException($"tokenizer.json.model.vocab: two tokens have id {id}, '{text}' is one. The file is damaged.");
        foreach (var token in added) tokens[token.Id] = token.Text;
        return tokens;

        void Measure(string text, int id)
        {
            if (id < 0 || id >= bound) throw new TokenizerException($"tokenizer.json: token '{text}' has id {id}; 0 to {bound - 1} were expected of {ids.Count + added.Count} tokens. The file is damaged.");
            size = Math.Max(size, id + 1);
        }
    }

    /// <summary>Tokens found as a whole, with their flags.</summary>
    public List<AddedToken> Added()
    {
        var added = new List<AddedToken>();
        if (Root["added_tokens"] is { IsNull: false } list)
            foreach (var token in list.Items())
            {
                token.Only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
                added.Add(new(token["id"].Int(), token["content"].String(), token["special"].Bool(absent: false),
                    token["lstrip"].Bool(absent: false), token["rstrip"].Bool(absent: false), token["single_word"].Bool(absent: false), token["normalized"].Bool(absent: false)));
            }
        return added;
    }

    /// <summary>
    /// Which ids are special. tokenizer.json itself says only what its post-processor adds; which token begins and ends a text otherwise stands in tokenizer_config.json.
    /// </summary>
    /// <param name="ids">The vocabulary.</param> <param name="added">What <see cref="Added"/> gave; special tokens that it lacks are appended.</param>
    /// <param name="unknown">The name of the unknown token where the model says it.</param>
    public SpecialTokens Special(Dictionary<string, int> ids, List<AddedToken> added, JsonAt unknown = default)
    {
        var template = TokenizerJsonTemplate.Read(Root["post_processor"]);
        int[] before = [.. template.Before.Select(at => Find(at)!.Value)], after = [.. template.After.Select(at => Find(at)!.Value)];
        int? bos = before.Length == 1 ? before[0] : Find(Named("bos_token")), eos = after.Length == 1 ? after[0] : Find(Named("eos_token"));
        bool addBos = before.Length > 0, addEos = after.Length > 0;
        if (!Config.IsNull) (addBos, addEos) = (Config["add_bos_token"].Bool(absent: addBos), Config["add_eos_token"].Bool(absent: addEos));
        int? unk = Find(unknown.IsNull ? Named("unk_token") : unknown, optional: true), pad = Find(Named("pad_token"), optional: true);
        return new(added, bos, eos, unk, pad, addBos, addEos)
        {
            Before = addBos && before.Length > 1 ? before : null, After = addEos && after.Length > 1 ? after : null,
            Between = template.Between is { } between ? [.. between.Select(at => Find(at)!.Value)] : null, SecondType = template.SecondType,
        };

        int? Find(JsonAt? named, bool optional = false)
        {
            if (named is not { } at) return null;
            string text = at.String();
            if (added.Find(token => token.Text == text) is { } known) return known.Id;
            if (ids.TryGetValue(text, out int id)) added.Add(new(id, text));
            else return optional ? null : throw new TokenizerException($"{at.Path}: '{text}' is neither an added token nor in the vocabulary. tokenizer.json and tokenizer_config.json are not of one model.");
            return id;
        }
    }

    /// <summary>Where the file's normalizer or pre-tokenizer puts a space that its decoder takes away.</summary>
    public PrependScheme PrefixSpace()
    {
        foreach (var step in TokenizerJsonPreTokenizer.Steps(Root["pre_tokenizer"]))
            if (step["type"].String() == "Metaspace") return step["prepend_scheme"].IsNull || step["prepend_scheme"].String() == "always" ? PrependScheme.Always : PrependScheme.First;
        var normalizer = Root["normalizer"];
        bool prepends = !normalizer.IsNull && (normalizer["type"].String() == "Prepend" || !normalizer["normalizers"].IsNull && normalizer["normalizers"].Items().Any(step => step["type"].String() == "Prepend"));
        return prepends ? PrependScheme.Always : PrependScheme.First;
    }

    /// <summary>A special token's name: a string, or an object with <c>content</c>.</summary>
    JsonAt? Named(string key)
    {
        if (Config.IsNull || Config[key] is not { IsNull: false } named) return null;
        return named.Value.ValueKind == JsonValueKind.Object ? named["content"] : named;
    }
}
