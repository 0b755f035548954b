using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A tokenizer with a token for each character of a text: the smallest there is, as char-rnn and nanoGPT have it.</summary>
public static class CharacterTokenizer
{
    const string Unknown = "<unk>";

    /// <summary>Makes the <c>tokenizer.json</c> of such a tokenizer.</summary>
    /// <param name="texts">What it is to know the characters of; they are numbered by their code points, after the unknown one.</param>
    public static JsonObject Of(IEnumerable<string> texts)
    {
        var known = new SortedSet<int>();
        foreach (var text in texts) foreach (var rune in text.EnumerateRunes()) known.Add(rune.Value);
        return OfTokens([Unknown, .. known.Select(r => new Rune(r).ToString())]);
    }

    /// <summary>One whose tokens have their numbers already: those of a model that was trained elsewhere.</summary>
    /// <param name="tokens">Characters by their ids; <c>&lt;unk&gt;</c>, where it is among them, stands for all others.</param>
    public static JsonObject OfTokens(IReadOnlyList<string> tokens)
    {
        var vocabulary = new JsonObject();
        foreach (var (id, token) in tokens.Index()) vocabulary[token] = id;
        var unknown = vocabulary.ContainsKey(Unknown) ? Unknown : null;
        return new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = unknown is null ? new JsonArray() : new JsonArray(new JsonObject
            {
                ["id"] = vocabulary[Unknown]!.DeepClone(), ["content"] = Unknown, ["single_word"] = false, ["lstrip"] = false,
                ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            }),
            ["normalizer"] = null,
            ["pre_tokenizer"] = null,
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "Fuse" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = unknown, ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null, ["fuse_unk"] = false, ["byte_fallback"] = false, ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
            },
        };
    }
}
