using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Ids against what other programs gave.</summary>
public sealed class VectorTests
{
    /// <summary>
    /// llama.cpp's test vectors, and the vocabularies that each holds for, found by the beginnings of their names.
    /// </summary>
    static readonly (string Vectors, string Vocabulary)[] also =
    [
        ("llama-bpe", "llama3.tokenizer.json"),
        ("qwen2", "qwen2_5.tokenizer.json"),
        ("gpt-2", "gpt2.tokenizer.json"),
        ("bert-bge", "bert-base-uncased.tokenizer.json"),
        ("llama-spm", "llama2.tokenizer.model"),
    ];

    public static TheoryData<string, string> Vectors()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in Fixtures.SharedFiles("fixtures/tokenizers", "*.inp"))
        {
            var vocabulary = file[..^".inp".Length];
            if (IsThere(vocabulary)) cases.Add(file, vocabulary);
            foreach (var (vectors, other) in also)
                if (file.Contains($"vocab-{vectors}.", StringComparison.Ordinal) && IsThere(other)) cases.Add(file, other);
        }
        if (cases.Count == 0) cases.Add("ggml-vocab-*.inp", "ggml-vocab-*");
        return cases;

        static bool IsThere(string vocabulary) => File.Exists(Path.Combine(Fixtures.Shared!, "fixtures/tokenizers", vocabulary));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void IdsAreThoseOfLlamaCpp(string vectors, string vocabulary)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizers", vectors);
        var tokenizer = Vocabularies.Open("fixtures", "tokenizers", vocabulary);
        var texts = Vocabularies.LlamaCppTexts(path)[..^1];
        var lines = File.ReadAllText(Path.ChangeExtension(path, ".out")).Split('\n')[..texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            int[] expected = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            var ids = tokenizer.Encode(texts[i], addSpecial: false, parseSpecial: false);
            Assert.True(ids.SequenceEqual(expected),
                $"text {i}, {JsonSerializer.Serialize(texts[i])}: expected {lines[i]}, got {string.Join(' ', ids)}");
        }
    }

    public static TheoryData<string> SentencePieces() =>
        [.. Fixtures.SharedFiles("fixtures/tokenizers", "*spm*.gguf").DefaultIfEmpty("*spm*.gguf")];

    /// <summary>
    /// A SentencePiece vocabulary written as the tokenizer.json that Transformers converts it to gives the same ids.
    /// </summary>
    [Theory]
    [MemberData(nameof(SentencePieces))]
    public void ScoresAndRankedMergesAgree(string file)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizers", file);
        using var gguf = GgufFile.Open(path);
        var (tokens, scores) = (gguf.Metadata.Texts("tokenizer.ggml.tokens"), gguf.Metadata.Floats("tokenizer.ggml.scores"));
        var ids = tokens.Index().ToDictionary(t => t.Item, t => t.Index);
        var merges = from token in tokens.Index()
                     from split in Enumerable.Range(1, Math.Max(0, token.Item.Length - 1))
                     let halves = (Left: token.Item[..split], Right: token.Item[split..])
                     where ids.ContainsKey(halves.Left) && ids.ContainsKey(halves.Right)
                     orderby scores[token.Index] descending
                     select (JsonNode)new JsonArray(halves.Left, halves.Right);
        var json = JsonNode.Parse("""
            {"normalizer": {"type": "Sequence", "normalizers": [
               {"type": "Prepend", "prepend": "▁"},
               {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "decoder": {"type": "Sequence", "decoders": [
               {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
               {"type": "ByteFallback"},
               {"type": "Fuse"},
               {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true}}
            """)!;
        json["model"]!["vocab"] = new JsonObject(ids.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        json["model"]!["merges"] = new JsonArray([.. merges]);
        var written = Tokenizers.FromJson(JsonSerializer.SerializeToUtf8Bytes(json));
        var own = Vocabularies.Open("fixtures", "tokenizers", file);
        var random = new Random(10);
        string[] texts =
        [
            .. Vocabularies.LlamaCppTexts(path + ".inp")[..^1],
            .. Enumerable.Range(0, 300).Select(_ => Vocabularies.RandomText(random, 40)),
        ];
        Assert.All(texts, text =>
        {
            var expected = own.Encode(text, addSpecial: false, parseSpecial: false);
            Assert.Equal(expected, written.Encode(text, addSpecial: false, parseSpecial: false));
            Assert.Equal(own.Decode(expected), written.Decode(expected));
        });
    }

    public static TheoryData<string> Encoded() =>
        [.. Fixtures.SharedFiles("fixtures/tokenizer-training", "*.encoded.json").DefaultIfEmpty("*.encoded.json")];

    [Theory]
    [MemberData(nameof(Encoded))]
    public void LinesAreEncodedAsTheTrainersPeerDoes(string file)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizer-training", file);
        var vocabulary = file.Replace(".encoded.", ".tokenizer.", StringComparison.Ordinal);
        var tokenizer = Vocabularies.Open("fixtures", "tokenizer-training", vocabulary);
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.Equal(json.RootElement.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        foreach (var line in json.RootElement.GetProperty("lines").EnumerateArray())
            Assert.Equal(Ids(line, "ids"), tokenizer.Encode(line.GetProperty("text").GetString()!, addSpecial: false));
    }

    static IEnumerable<int> Ids(JsonElement at, string name) => at.GetProperty(name).EnumerateArray().Select(id => id.GetInt32());

    public static TheoryData<string> Golden() => [.. Fixtures.SharedFiles("models", "*.golden.json").DefaultIfEmpty("*.golden.json")];

    /// <summary>Prompts as a chat template renders them, control tokens and all.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public void RenderedPromptsHaveTheirIds(string golden)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.SharedOrSkip("models", golden)));
        bool hasPrompts = json.RootElement.TryGetProperty("prompts", out var prompts) && json.RootElement.TryGetProperty("model", out _);
        Assert.SkipUnless(hasPrompts, $"{golden} has no prompts");
        var tokenizer = Vocabularies.Open("models", json.RootElement.GetProperty("model").GetString()!);
        foreach (var prompt in prompts.EnumerateArray())
        {
            var text = (prompt.TryGetProperty("rendered", out var rendered) ? rendered : prompt.GetProperty("text")).GetString()!;
            int[] expected = [.. Ids(prompt, "prompt_ids")];
            Assert.Equal(expected, tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(expected));
            Assert.Equal(prompt.GetProperty("exact_text").GetString(), tokenizer.Decode(Ids(prompt, "exact_ids"), skipSpecial: true));
        }
    }
}
