using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>
/// A network that emits chosen tokens: a GPT-2 whose block adds nothing, whose embeddings of positions point at the token that is to come
/// there, and of tokens barely at themselves. It lies in a folder like any other model, with a byte-level tokenizer, some words of its own
/// and a chat template that writes nothing but what was said and one mark.
/// </summary>
public sealed class ScriptedModel : IDisposable
{
    /// <summary>What is said to it in most tests, so that its script begins in the right place.</summary>
    public const string Ask = "ask";

    const int Width = 288, Positions = 256;
    const string End = "<|end|>", Go = "<|go|>";

    static readonly string[] words = ["<think>", "</think>", "Hello", " world", "<th", "ink>", "</th", "STOP", "ST", "OP", "\n\n", "caf"];
    static readonly byte[][] parts = [[0xE5, 0xA4], [0xE7, 0xA6, 0xB9], [0xF0, 0x9F], [0x98, 0x80]];  // 大 but its last byte, 禹, 😀 in two

    readonly TempFolder folder = new();
    readonly CpuBackend on = new(1);

    /// <summary>Writes the model.</summary>
    /// <param name="start">Tokens of the prompt that the script answers.</param>
    /// <param name="script">Texts of tokens; <c>NaN</c> makes numbers that are none; <c>大1</c> and <c>大2</c> are the halves of one.</param>
    public ScriptedModel(int start, params string[] script)
    {
        File.WriteAllText(folder["tokenizer.json"], Tokenizer().ToJsonString());
        File.WriteAllText(folder["tokenizer_config.json"], new JsonObject
        {
            ["eos_token"] = End,
            ["chat_template"] = "{% for m in messages %}{{ m['content'] }}{% endfor %}" + Go + "{% if thinks %}<think>{% endif %}",
        }.ToJsonString());
        File.WriteAllText(folder["generation_config.json"], """{ "do_sample": false }""");
        var config = JsonNode.Parse($$"""
            { "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Width}}, "n_embd": {{Width}}, "n_layer": 1, "n_head": 9, "n_inner": 32,
              "n_positions": {{Positions}}, "eos_token_id": {{IdOf(End)}} }
            """)!.AsObject();
        using var model = LoadedModel.Create(config, on, seed: 1, train: false);
        foreach (var (path, w) in model.Weights)
        {
            var values = new float[w.Tensor.Shape.Count];
            if (path.EndsWith("wte.weight", StringComparison.Ordinal)) for (var t = 0; t < Width; t++) values[t * Width + t] = 1;
            if (path.EndsWith("wpe.weight", StringComparison.Ordinal)) Write(values, start, script);
            if (path.EndsWith("ln_f.weight", StringComparison.Ordinal)) Array.Fill(values, 0.5f);
            on.Upload(MemoryMarshal.AsBytes(values.AsSpan()), w.Tensor.WriteAddress);
        }
        model.Save(folder.Path);
    }

    /// <summary>A script for a chat where <see cref="Ask"/> is said.</summary>
    public static ScriptedModel Chat(params string[] script) => new(Ask.Length + 1, script);

    /// <summary>Where it lies.</summary>
    public string Path => folder.Path;

    /// <summary>Opens it.</summary>
    public Pretrained Open() => Pretrained.Open(folder.Path, on);

    static void Write(float[] values, int start, string[] script)
    {
        for (var p = 0; p < Positions; p++)
        {
            var at = p - (start - 1);
            var word = at >= 0 && at < script.Length ? script[at] : End;
            if (word == "NaN") Array.Fill(values, float.NaN, p * Width, Width);
            else values[p * Width + IdOf(word)] = 10;
        }
    }

    /// <summary>The id of a token: of a byte, of a word, of a part of a character (<c>大1</c>).</summary>
    public static int IdOf(string word) => word switch
    {
        End => 256,
        Go => 257,
        "大1" => 258 + words.Length,
        "大2" => 0xA7,
        "禹" => 259 + words.Length,
        "😀1" => 260 + words.Length,
        "😀2" => 261 + words.Length,
        _ when Array.IndexOf(words, word) is >= 0 and var i => 258 + i,
        [var one] when one < 128 => one,
        _ => throw new ArgumentException($"the scripted model has no token {word}"),
    };

    static JsonObject Tokenizer()
    {
        var vocabulary = new JsonObject();
        for (var b = 0; b < 256; b++) vocabulary[Alphabet([(byte)b])] = b;
        vocabulary[End] = 256;
        vocabulary[Go] = 257;
        foreach (var (i, word) in words.Index()) vocabulary[Alphabet(Encoding.UTF8.GetBytes(word))] = 258 + i;
        foreach (var (i, part) in parts.Index()) vocabulary[Alphabet(part)] = 258 + words.Length + i;
        return new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(Added(256, End), Added(257, Go)),
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false,
            },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    static JsonObject Added(int id, string text) => new()
    {
        ["id"] = id, ["content"] = text, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false,
        ["special"] = true,
    };

    /// <summary>Bytes as GPT-2's vocabularies write them: those that cannot be seen are moved behind the first 256 characters.</summary>
    static string Alphabet(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes) text.Append((char)(IsSeen(b) ? b : 256 + Enumerable.Range(0, b).Count(x => !IsSeen(x))));
        return text.ToString();

        static bool IsSeen(int b) => b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 and <= 255;
    }

    public void Dispose()
    {
        on.Dispose();
        folder.Dispose();
    }
}
