namespace Dayu.Text;

/// <summary>
/// Checks GGUF metadata before a tokenizer is made of it: one type and one score for each token. Special ids that are no
/// token are left out with a warning, as converters write such ids for tokens that a model does not have.
/// </summary>
static class GgufTokenizerChecks
{
    /// <summary>The same without what was wrong and could be left out.</summary>
    /// <exception cref="TokenizerException">Something else is wrong.</exception>
    public static TokenizerData Checked(TokenizerData data)
    {
        int tokens = data.Tokens.Count;
        if (tokens == 0) throw Wrong("tokens", "the vocabulary is empty. The file holds no tokenizer; take one that does.");
        CheckLength("token_type", data.Types?.Length, tokens);
        CheckLength("scores", data.Scores?.Length, tokens);
        var warnings = new List<string>();
        return data with
        {
            Bos = Id("bos", data.Bos),
            Eos = Id("eos", data.Eos),
            Eot = Id("eot", data.Eot),
            Eom = Id("eom", data.Eom),
            Unk = Id("unknown", data.Unk),
            Pad = Id("padding", data.Pad),
            Cls = Id("cls", data.Cls),
            Sep = Id("seperator", data.Sep),       // GGUF's spelling
            Mask = Id("mask", data.Mask),
            Warnings = warnings,
        };

        int? Id(string name, int? id)
        {
            if (id is not { } given || (uint)given < (uint)tokens) return id;
            warnings.Add($"GGUF key tokenizer.ggml.{name}_token_id: no token has the id {(uint)given}; left out. "
                + $"The vocabulary has 0 to {tokens - 1}.");
            return null;
        }
    }

    static void CheckLength(string key, int? length, int tokens)
    {
        if (length is { } n && n != tokens)
            throw Wrong(key, $"{n} entries for {tokens} tokens; one for each was expected. The file is damaged.");
    }

    static TokenizerException Wrong(string key, string what) => new($"GGUF key tokenizer.ggml.{key}: {what}");
}
