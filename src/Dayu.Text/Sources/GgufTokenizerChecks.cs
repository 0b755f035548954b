namespace Dayu.Text;

/// <summary>
/// Checks GGUF metadata before a tokenizer is made of it: one type and one score for each token, ids within the
/// vocabulary.
/// </summary>
static class GgufTokenizerChecks
{
    public static void Check(TokenizerData data)
    {
        if (data.Tokens.Count == 0)
            throw Wrong("tokens", "the vocabulary is empty. The file holds no tokenizer; take one that does.");
        CheckLength("token_type", data.Types?.Length, data.Tokens.Count);
        CheckLength("scores", data.Scores?.Length, data.Tokens.Count);
        CheckId("bos", data.Bos, data.Tokens.Count);
        CheckId("eos", data.Eos, data.Tokens.Count);
        CheckId("eot", data.Eot, data.Tokens.Count);
        CheckId("eom", data.Eom, data.Tokens.Count);
        CheckId("unknown", data.Unk, data.Tokens.Count);
        CheckId("padding", data.Pad, data.Tokens.Count);
        CheckId("cls", data.Cls, data.Tokens.Count);
        CheckId("seperator", data.Sep, data.Tokens.Count);       // GGUF's spelling
        CheckId("mask", data.Mask, data.Tokens.Count);
    }

    static void CheckLength(string key, int? length, int tokens)
    {
        if (length is { } n && n != tokens)
            throw Wrong(key, $"{n} entries for {tokens} tokens; one for each was expected. The file is damaged.");
    }

    static void CheckId(string name, int? id, int tokens)
    {
        if (id is { } i && (uint)i >= (uint)tokens)
            throw Wrong($"{name}_token_id",
                $"{i} is no id; the vocabulary has 0 to {tokens - 1}. The file is damaged, or was edited wrongly.");
    }

    static TokenizerException Wrong(string key, string what) => new($"GGUF key tokenizer.ggml.{key}: {what}");
}
