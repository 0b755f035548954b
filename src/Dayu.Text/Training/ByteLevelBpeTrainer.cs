using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>Learns byte-level BPE: the alphabet is the 256 bytes, so that any text has ids.</summary>
static class ByteLevelBpeTrainer
{
    /// <summary>The model of tokenizer.json, and how many merges it has.</summary>
    public static LearnedModel Learn(WordTable words, TokenizerTraining options, Action<int>? learned, CancellationToken cancel)
    {
        string[] control = TokenizerFrame.Control(options);
        string[] alphabet = [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.Encode([(byte)b])).Order(StringComparer.Ordinal)];
        VocabularyTooSmallException.Check(options.VocabularySize, control.Length, alphabet.Length);
        var trainer = new BpeTrainer(Spell(words, alphabet), alphabet, control, minFrequency: options.MinFrequency);
        trainer.Train(options.VocabularySize - control.Length, n => learned?.Invoke(n + control.Length), cancel);
        return new(trainer.Merges.Count, new()
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = Vocabulary(control, trainer.Tokens),
            ["merges"] = new JsonArray([.. trainer.Merges.Select(m => new JsonArray(trainer.Tokens[m.Left], trainer.Tokens[m.Right]))]),
        });
    }

    /// <summary>Tokens and their ids: control tokens, then all others.</summary>
    /// <exception cref="TokenizerException">A control token is a single byte or character, which has a token of its own.</exception>
    public static JsonObject Vocabulary(IReadOnlyList<string> control, IReadOnlyList<string> tokens)
    {
        if (control.Intersect(tokens, StringComparer.Ordinal).FirstOrDefault() is { } both)
            throw new TokenizerException($"The control token '{both}' is a single character, which texts have, too. "
                + "Give it a longer name.");
        return new(control.Concat(tokens).Select((token, id) => new KeyValuePair<string, JsonNode?>(token, id)));
    }

    static SymbolText Spell(WordTable words, string[] alphabet)
    {
        var (ids, lengths) = (new int[256], new int[words.Count]);
        for (int id = 0; id < 256; id++) ids[ByteAlphabet.Decode(alphabet[id])[0]] = id;
        for (int word = 0; word < lengths.Length; word++) lengths[word] = words[word].Length;
        return SymbolText.Of(words, lengths, (word, symbols) =>
        {
            var bytes = words[word];
            for (int i = 0; i < bytes.Length; i++) symbols[i] = ids[bytes[i]];
        });
    }
}

/// <summary>What was learned.</summary>
/// <param name="Merges">How many merges there are; 0 for kinds without merges.</param>
/// <param name="Model">The <c>model</c> of tokenizer.json.</param>
sealed record LearnedModel(int Merges, JsonObject Model);
