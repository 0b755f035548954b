namespace Dayu.Text;

/// <summary>
/// Which ids are special. tokenizer.json itself says only what its post-processor adds; which tokens begin and end a
/// text otherwise stands in tokenizer_config.json.
/// </summary>
static class TokenizerJsonSpecial
{
    /// <param name="file">The file.</param>
    /// <param name="ids">Its vocabulary.</param>
    /// <param name="added">Its added tokens; special tokens that are not among them are appended.</param>
    /// <param name="unknown">The unknown token's text, where the model states it.</param>
    /// <param name="unknownId">
    /// Its id, where only the model makes it: its text means nothing but itself unless it is among the added tokens.
    /// </param>
    public static SpecialTokens Read(
        TokenizerJson file, Dictionary<string, int> ids, List<AddedToken> added, JsonAt unknown = default, int? unknownId = null)
    {
        var (config, warnings) = (file.Config, new List<string>());
        new TokenizerConfigTokens(config, ids, added, warnings).Add();
        var template = TokenizerJsonTemplate.Read(file.Root["post_processor"]);
        int[] before = FindAll(template.Before), after = FindAll(template.After);
        int? bos = before.Length == 1 ? before[0] : Optional(config.TokenText("bos_token"));
        int? eos = after.Length == 1 ? after[0] : Optional(config.TokenText("eos_token"));
        int? unk = Optional(unknown.IsNull ? config.TokenText("unk_token") : unknown);
        int? pad = Optional(config.TokenText("pad_token"));
        bool addBos = before.Length > 0, addEos = after.Length > 0;
        if (!config.IsNull)
        {
            addBos = config["add_bos_token"].Bool(absent: addBos);
            addEos = config["add_eos_token"].Bool(absent: addEos);
        }
        return new(added, bos, eos, unknownId ?? unk, pad, addBos, addEos)
        {
            Warnings = warnings,
            Before = addBos && before.Length > 1 ? before : null,
            After = addEos && after.Length > 1 ? after : null,
            Between = template.Between is { } between ? FindAll(between) : null,
            SecondType = template.SecondType,
        };

        int[] FindAll(List<JsonAt> names) => [.. names.Select(Find)];

        int Find(JsonAt name) => Lookup(name.String()) ?? throw new TokenizerException(
            $"{name.Path}: '{name.String()}' is neither an added token nor in the vocabulary. "
            + "tokenizer.json and tokenizer_config.json are not of one model.");

        int? Optional(JsonAt? name)
        {
            if (name is not { } given || given.String() is not { Length: > 0 } text) return null;
            if (Lookup(text) is { } id) return id;
            warnings.Add(TokenizerConfigTokens.Missing(given, text));
            return null;
        }

        int? Lookup(string text)
        {
            if (added.Find(token => token.Text == text) is { } known) return known.Id;
            if (!ids.TryGetValue(text, out int id)) return null;
            added.Add(new(id, text));
            return id;
        }
    }
}
