using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// Hugging Face's tokenizer.json. What every model type has in common is read here; a model type is one more line in the table and a file of its own.
/// Truncation and padding are the batch's business, and passed over.
/// </summary>
/// <param name="Root">The file.</param> <param name="Config">tokenizer_config.json, or a null value.</param>
sealed record TokenizerJson(JsonAt Root, JsonAt Config)
{
    static readonly Dictionary<string, Func<TokenizerJson, Tokenizer>> readers = new(StringComparer.Ordinal) { ["BPE"] = TokenizerJsonBpe.Read };

    public static Tokenizer Read(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> config)
    {
        try
        {
            using var root = JsonDocument.Parse(json);
            using var beside = config.IsEmpty ? null : JsonDocument.Parse(config);
            var file = new TokenizerJson(new(root.RootElement, "tokenizer.json"), new(beside?.RootElement ?? default, "tokenizer_config.json"));
            file.Root.Only("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
            var type = file.Root["model"]["type"];
            return readers.TryGetValue(type.String(), out var read) ? read(file) : throw type.NotKnown($"'{type.String()}'", string.Join(", ", readers.Keys));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)       // the latter: a string with half a surrogate pair
        {
            throw new TokenizerException($"tokenizer.json or tokenizer_config.json is no JSON that can be read: {e.Message} Copy the file again.", e);
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
                if (token["normalized"].Bool(absent: false) && !Root["normalizer"].IsNull) throw token["normalized"].NotKnown("true, together with a normalizer,", "false");
                added.Add(new(token["id"].Int(), token["content"].String(), token["special"].Bool(absent: false),
                    token["lstrip"].Bool(absent: false), token["rstrip"].Bool(absent: false), token["single_word"].Bool(absent: false)));
            }
        return added;
    }

    /// <summary>
    /// Which ids are special. tokenizer.json itself says only what its post-processor adds; which token begins and ends a text otherwise stands in tokenizer_config.json.
    /// </summary>
    /// <param name="ids">The vocabulary.</param> <param name="added">What <see cref="Added"/> gave; special tokens that it lacks are appended.</param>
    public SpecialTokens Special(Dictionary<string, int> ids, List<AddedToken> added)
    {
        var (first, last) = Template(Root["post_processor"]);
        int? bos = Find(first) ?? Find(Named("bos_token")), eos = Find(last) ?? Find(Named("eos_token"));
        bool addBos = first is not null, addEos = last is not null;
        if (!Config.IsNull) (addBos, addEos) = (Config["add_bos_token"].Bool(absent: addBos), Config["add_eos_token"].Bool(absent: addEos));
        int? unk = Find(Named("unk_token"), optional: true), pad = Find(Named("pad_token"), optional: true);
        return new(added, bos, eos, unk, pad, addBos, addEos);

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

    /// <summary>A special token's name: a string, or an object with <c>content</c>.</summary>
    JsonAt? Named(string key)
    {
        if (Config.IsNull || Config[key] is not { IsNull: false } named) return null;
        return named.Value.ValueKind == JsonValueKind.Object ? named["content"] : named;
    }

    /// <summary>The tokens that the post-processor puts before and after a text.</summary>
    static (JsonAt? First, JsonAt? Last) Template(JsonAt processor)
    {
        if (processor.IsNull) return default;
        switch (processor["type"].String())
        {
            case "ByteLevel":       // trims offsets only
                return default;
            case "Sequence":
                var found = default((JsonAt? First, JsonAt? Last));
                foreach (var step in processor["processors"].Items())
                {
                    var (first, last) = step["type"].String() == "Sequence" ? throw step.NotKnown("a Sequence in a Sequence", "ByteLevel, TemplateProcessing") : Template(step);
                    found = (found.First ?? first, found.Last ?? last);
                }
                return found;
            case "TemplateProcessing":
                JsonAt? before = null, after = null;
                bool text = false;
                foreach (var part in processor["single"].Items())
                    if (!part["Sequence"].IsNull) text = true;
                    else if ((text ? after : before) is not null) throw part.NotKnown("a second special token on one side of the text", "one before, one after");
                    else if (text) after = part["SpecialToken"]["id"];
                    else before = part["SpecialToken"]["id"];
                return (before, after);
            case var type:
                throw processor["type"].NotKnown($"'{type}'", "ByteLevel, TemplateProcessing, Sequence");
        }
    }
}
