using System.Text;
using System.Text.Json.Nodes;
using Dayu.Text;
using static Dayu.Tests.HostileTokenizers;

namespace Dayu.Tests;

/// <summary>Damaged and malicious tokenizer.json files.</summary>
public sealed class HostileTokenizerJsonTests
{
    [Fact]
    public void MutatedJson()
    {
        var json = TinyVocabulary.Json(["h e", "l l", "he ll"], TinyVocabulary.Added(300, "<tool>", "lstrip"));
        var file = TinyVocabulary.Utf8(json);
        var random = new Random(6);
        for (int i = 0; i < Hostile.Times(2000); i++)
        {
            var damaged = Damaged(file, random, most: 4, wild: 3);
            LoadOrSay(() => Tokenizers.FromJson(damaged));
            if (i % 10 == 0) LoadOrSay(() => Tokenizers.FromJson(file.AsMemory(0, random.Next(file.Length))));
        }
    }

    /// <summary>
    /// Every kind of part that tokenizer.json may have, damaged: bytes exchanged, and whole parts put where others
    /// were.
    /// </summary>
    [Theory]
    [MemberData(nameof(TokenizerJsonTests.All), MemberType = typeof(TokenizerJsonTests))]
    public void MutatedParts(string name)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(RepoFile("tokenizers", name + ".json")))!["tokenizer"]!;
        var file = TinyVocabulary.Utf8(json);
        int model = Encoding.UTF8.GetString(file).IndexOf("\"model\"", StringComparison.Ordinal);
        var random = new Random(name.Length);
        for (int i = 0; i < Hostile.Times(150); i++)
        {
            var damaged = file.ToArray();
            int within = i % 2 == 0 && model > 0 ? model : damaged.Length;      // half of them in what comes before the vocabulary
            for (int n = random.Next(1, 4); n > 0; n--) damaged[random.Next(within)] = file[random.Next(within)];
            LoadOrSay(() => Tokenizers.FromJson(damaged));
        }
        string[] parts = ["normalizer", "pre_tokenizer", "post_processor", "decoder", "added_tokens"];
        foreach (var at in parts)
            foreach (var from in parts)
            {
                var mixed = json.DeepClone();
                mixed[at] = json[from]?.DeepClone();
                LoadOrSay(() => Tokenizers.FromJson(TinyVocabulary.Utf8(mixed)));
            }
    }

    [Fact]
    public void DeepAndLongPartsAreRefused()
    {
        (string Part, string Value)[] wrong =
        [
            ("normalizer", Nested("normalizers", """{"type": "NFC"}""", 500)),
            ("pre_tokenizer", Nested("pretokenizers", """{"type": "Digits"}""", 500)),
            ("decoder", Nested("decoders", """{"type": "Fuse"}""", 500)),
            ("normalizer", Many("normalizers", """{"type": "NFC"}""", 5000)),
            ("pre_tokenizer", Many("pretokenizers", """{"type": "Digits"}""", 5000)),
            ("pre_tokenizer", Many("pretokenizers", """{"type": "ByteLevel"}""", 5)),
            ("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": "x"}"""),
            ("normalizer", """{"type": "Replace", "pattern": {"Regex": "(?<x>a)"}, "content": "x"}"""),
            ("normalizer", """{"type": "Replace", "content": "x"}"""),
        ];
        var sound = TinyVocabulary.Json(["h e"]).ToJsonString();
        foreach (var (part, value) in wrong)
        {
            var text = sound.Replace($"\"{part}\":", $"\"{part}\": {value}, \"version\":", StringComparison.Ordinal);
            Assert.Throws<TokenizerException>(() => Tokenizers.FromJson(Encoding.UTF8.GetBytes(text)));
        }

        static string Nested(string kind, string inner, int depth) => depth == 0 ? inner : Sequence(kind, Nested(kind, inner, depth - 1));

        static string Many(string kind, string inner, int count) => Sequence(kind, string.Join(',', Enumerable.Repeat(inner, count)));

        static string Sequence(string kind, string steps) => $$"""{"type": "Sequence", "{{kind}}": [{{steps}}]}""";
    }

    /// <summary>
    /// Sixteen replacements, each of one character by many: what they would make has no room in memory.
    /// </summary>
    [Fact]
    public void ANormalizerCannotGrowATextWithoutBound()
    {
        var json = TinyVocabulary.Json(["h e"]);
        var grow = JsonNode.Parse($$"""{"type": "Replace", "pattern": {"String": "a"}, "content": "{{new string('a', 1000)}}"}""")!;
        var steps = new JsonArray([.. Enumerable.Range(0, 16).Select(_ => grow.DeepClone())]);
        json["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = steps };
        var tokenizer = TinyVocabulary.Open(json);
        Assert.Contains("normalizer", Assert.Throws<TokenizerException>(() => tokenizer.Encode(new string('a', 100))).Message);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "$.model.type", """ "Quantum" """ },
        { "$.model.vocab.a", "-1" },
        { "$.model.vocab.a", "2147483647" },
        { "$.model.vocab.a", "98" },
        { "$.model.vocab.a", "1.5" },
        { "$.model.vocab.a", """ "x" """ },
        { "$.model.vocab", "{}" },
        { "$.model.vocab", "null" },
        { "$.model.merges", """["h"]""" },
        { "$.model.merges", """["h e e"]""" },
        { "$.model.merges", """["h q"]""" },
        { "$.model.merges", """[["h"]]""" },
        { "$.model.merges", "7" },
        { "$.model.unk_token", """ "<nowhere>" """ },
        { "$.model.dropout", "0.1" },
        { "$.model.novelty", "1" },
        { "$.normalizer", """{"type": "Novel"}""" },
        { "$.pre_tokenizer", """{"type": "Metaspace"}""" },
        { "$.pre_tokenizer", """{"type": "FixedLength", "length": 0}""" },
        { "$.pre_tokenizer", """{"type": "Novel"}""" },
        { "$.pre_tokenizer", """{"type": "ByteLevel", "novel": true}""" },
        { "$.post_processor", """{"type": "Novel"}""" },
        { "$.decoder", """{"type": "Novel"}""" },
        { "$.novelty", "1" },
        { "$.added_tokens", """[{"id": -3, "content": "x"}]""" },
        { "$.added_tokens", """[{"id": 3, "content": "\ud800"}]""" },
        { "$.added_tokens", """[{"id": 2000000000, "content": "x"}]""" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrongIsNamed(string path, string value)
    {
        var json = TinyVocabulary.Json(["h e"]);
        var parts = path.Split('.');
        JsonNode at = json;
        foreach (var part in parts[1..^1]) at = at[part]!;
        at[parts[^1]] = "placeholder";
        var text = json.ToJsonString().Replace("\"placeholder\"", value, StringComparison.Ordinal);
        IsRefused(() => Tokenizers.FromJson(Encoding.UTF8.GetBytes(text)));
    }
}
