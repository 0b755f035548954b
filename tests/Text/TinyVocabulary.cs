using System.Text;
using System.Text.Json.Nodes;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Small vocabularies made here: all bytes, a few merges, a few special tokens.</summary>
static class TinyVocabulary
{
    public const int Bos = 256, Eos = 257, Tool = 258;

    /// <summary>
    /// GPT-2's character for a byte, by its definition: those that print keep their place, the others follow from
    /// U+0100.
    /// </summary>
    static string Character(int b)
    {
        static bool Prints(int b) => b is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
        return Prints(b) ? $"{(char)b}" : $"{(char)(256 + Enumerable.Range(0, b).Count(other => !Prints(other)))}";
    }

    /// <summary>The texts of ids 0 to 255.</summary>
    public static string[] Bytes => [.. Enumerable.Range(0, 256).Select(Character)];

    static string[] Tokens(string[] merges)
    {
        var merged = merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal));
        return [.. Bytes, "<s>", "</s>", "<tool>", .. merged];
    }

    /// <summary>
    /// Ids 0 to 255 are the bytes, 256 &lt;s>, 257 &lt;/s>, 258 the user-defined &lt;tool>, then the merges' tokens in
    /// order.
    /// </summary>
    public static TokenizerData Gguf(params string[] merges)
    {
        var tokens = Tokens(merges);
        return new("gpt2", [.. tokens])
        {
            Pre = "gpt-2", Merges = [.. merges], Bos = Bos, Eos = Eos, AddBos = true, AddEos = false,
            Types = [.. tokens.Select((_, id) => id switch { Bos or Eos => 3, Tool => 4, _ => 1 })],
        };
    }

    /// <summary>The same as a tokenizer.json, with these added tokens.</summary>
    public static JsonObject Json(string[] merges, params JsonObject[] added)
    {
        var tokens = Tokens(merges);
        return new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. added.Prepend(Added(Eos, "</s>")).Prepend(Added(Bos, "<s>"))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = false,
                ["trim_offsets"] = true,
                ["use_regex"] = true,
            },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = new JsonObject(tokens.Select((text, id) => KeyValuePair.Create(text, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. merges]),
            },
        };
    }

    public static JsonObject Added(int id, string text, params string[] flags) =>
        new(flags.Select(flag => KeyValuePair.Create(flag, (JsonNode?)true))) { ["id"] = id, ["content"] = text, ["special"] = true };

    public static Tokenizer Open(JsonObject json, JsonObject? config = null) =>
        Tokenizers.FromJson(Utf8(json), config is null ? default : Utf8(config));

    public static byte[] Utf8(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    /// <summary>
    /// A llama2.c file: three special tokens, the bytes, then these pieces; earlier ones have higher scores.
    /// </summary>
    public static byte[] Llama2c(params string[] pieces)
    {
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(27);
        string[] tokens = ["<unk>", "\n<s>\n", "\n</s>\n", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), .. pieces];
        for (int id = 0; id < tokens.Length; id++)
        {
            writer.Write(id < 259 ? 0f : -(float)(id - 259));
            writer.Write(Encoding.UTF8.GetByteCount(tokens[id]));
            writer.Write(Encoding.UTF8.GetBytes(tokens[id]));
        }
        return file.ToArray();
    }
}
