using System.Text;
using System.Text.Json.Nodes;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Damaged and malicious tokenizer files end in a <see cref="TokenizerException"/>, or in a tokenizer that works.</summary>
public sealed class HostileTokenizerTests
{
    const string Text = "hello <tool> wörld\n 123 </s>";

    static void LoadOrSay(Func<Tokenizer> load)
    {
        try
        {
            var tokenizer = load();
            _ = tokenizer.Decode(tokenizer.Encode(Text));
        }
        catch (TokenizerException e) { Assert.NotEmpty(e.Message); }
    }

    [Fact]
    public void MutatedJson()
    {
        var file = Encoding.UTF8.GetBytes(TinyVocabulary.Json(["h e", "l l", "he ll"], TinyVocabulary.Added(300, "<tool>", "lstrip")).ToJsonString());
        var random = new Random(6);
        for (int i = 0; i < Hostile.Times(2000); i++)
        {
            var damaged = file.ToArray();
            for (int n = random.Next(1, 5); n > 0; n--) damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : file[random.Next(file.Length)];
            LoadOrSay(() => Tokenizers.FromJson(damaged));
            if (i % 10 == 0) LoadOrSay(() => Tokenizers.FromJson(file.AsMemory(0, random.Next(file.Length))));
        }
    }

    /// <summary>Every kind of part that tokenizer.json may have, damaged: bytes exchanged, and whole parts put where others were.</summary>
    [Theory]
    [MemberData(nameof(TokenizerJsonTests.All), MemberType = typeof(TokenizerJsonTests))]
    public void MutatedParts(string name)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Repo, "tests", "fixtures", "tokenizers", name + ".json")))!["tokenizer"]!;
        var file = Encoding.UTF8.GetBytes(json.ToJsonString());
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
                LoadOrSay(() => Tokenizers.FromJson(Encoding.UTF8.GetBytes(mixed.ToJsonString())));
            }
    }

    [Fact]
    public void DeepAndLongPartsAreRefused()
    {
        string Sequence(string kind, string inner, int depth) => depth == 0 ? inner : $$"""{"type": "Sequence", "{{kind}}": [{{Sequence(kind, inner, depth - 1)}}]}""";
        string Many(string kind, string inner, int count) => $$"""{"type": "Sequence", "{{kind}}": [{{string.Join(',', Enumerable.Repeat(inner, count))}}]}""";
        (string Part, string Value)[] wrong =
        [
            ("normalizer", Sequence("normalizers", """{"type": "NFC"}""", 500)), ("pre_tokenizer", Sequence("pretokenizers", """{"type": "Digits"}""", 500)), ("decoder", Sequence("decoders", """{"type": "Fuse"}""", 500)),
            ("normalizer", Many("normalizers", """{"type": "NFC"}""", 5000)), ("pre_tokenizer", Many("pretokenizers", """{"type": "Digits"}""", 5000)), ("pre_tokenizer", Many("pretokenizers", """{"type": "ByteLevel"}""", 5)),
            ("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": "x"}"""), ("normalizer", """{"type": "Replace", "pattern": {"Regex": "(?<x>a)"}, "content": "x"}"""), ("normalizer", """{"type": "Replace", "content": "x"}"""),
        ];
        foreach (var (part, value) in wrong)
        {
            var text = TinyVocabulary.Json(["h e"]).ToJsonString().Replace($"\"{part}\":", $"\"{part}\": {value}, \"version\":", StringComparison.Ordinal);
            Assert.Throws<TokenizerException>(() => Tokenizers.FromJson(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>Sixteen replacements, each of one character by many: what they would make has no room in memory.</summary>
    [Fact]
    public void ANormalizerCannotGrowATextWithoutBound()
    {
        var json = TinyVocabulary.Json(["h e"]);
        var grow = JsonNode.Parse($$"""{"type": "Replace", "pattern": {"String": "a"}, "content": "{{new string('a', 1000)}}"}""")!;
        json["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray([.. Enumerable.Range(0, 16).Select(_ => grow.DeepClone())]) };
        var tokenizer = TinyVocabulary.Open(json);
        Assert.Contains("normalizer", Assert.Throws<TokenizerException>(() => tokenizer.Encode(new string('a', 100))).Message);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "$.model.type", "\"Quantum\"" }, { "$.model.vocab.a", "-1" }, { "$.model.vocab.a", "2147483647" }, { "$.model.vocab.a", "98" }, { "$.model.vocab.a", "1.5" }, { "$.model.vocab.a", "\"x\"" },
        { "$.model.vocab", "{}" }, { "$.model.vocab", "null" }, { "$.model.merges", "[\"h\"]" }, { "$.model.merges", "[\"h e e\"]" }, { "$.model.merges", "[\"h q\"]" }, { "$.model.merges", "[[\"h\"]]" },
        { "$.model.merges", "7" }, { "$.model.unk_token", "\"<nowhere>\"" }, { "$.model.dropout", "0.1" }, { "$.model.novelty", "1" }, { "$.normalizer", "{\"type\": \"Novel\"}" },
        { "$.pre_tokenizer", "{\"type\": \"Metaspace\"}" }, { "$.pre_tokenizer", "{\"type\": \"FixedLength\", \"length\": 0}" }, { "$.pre_tokenizer", "{\"type\": \"Novel\"}" },
        { "$.pre_tokenizer", "{\"type\": \"ByteLevel\", \"novel\": true}" }, { "$.post_processor", "{\"type\": \"Novel\"}" }, { "$.decoder", "{\"type\": \"Novel\"}" }, { "$.novelty", "1" },
        { "$.added_tokens", "[{\"id\": 3, \"content\": \"\"}]" }, { "$.added_tokens", "[{\"id\": -3, \"content\": \"x\"}]" }, { "$.added_tokens", "[{\"id\": 3, \"content\": \"\\ud800\"}]" }, { "$.added_tokens", "[{\"id\": 2000000000, \"content\": \"x\"}]" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrongIsNamed(string path, string value)
    {
        var json = TinyVocabulary.Json(["h e"]);
        var parts = path.Split('.');
        JsonNode at = json;
        foreach (var part in parts[1..^1]) at = at[part]!;
        var placeholder = "\"<placeholder>\"";
        at[parts[^1]] = "<placeholder>";
        var text = json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace(placeholder, value, StringComparison.Ordinal);
        var error = Assert.Throws<TokenizerException>(() => Tokenizers.FromJson(Encoding.UTF8.GetBytes(text)));
        Assert.True(error.Message.Length > 40, error.Message);
    }

    public static TheoryData<string> SmallFiles() => [.. Directory.GetFiles(Path.Combine(Fixtures.Repo, "tests", "fixtures", "vocabularies"), "*.tokenizer.*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>Every vocabulary of the repository, SentencePiece's .model files among them, cut off and damaged.</summary>
    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void CutAndMutatedFiles(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Fixtures.Repo, "tests", "fixtures", "vocabularies", name));
        Func<byte[], Tokenizer> load = name.EndsWith(".model", StringComparison.Ordinal) ? bytes => Tokenizers.FromSentencePiece(bytes) : bytes => Tokenizers.FromJson(bytes);
        var random = new Random(15);
        for (int i = 0; i < Hostile.Times(400); i++)
        {
            var damaged = file.ToArray();
            for (int n = random.Next(1, 6); n > 0; n--) damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : file[random.Next(file.Length)];
            LoadOrSay(() => load(damaged));
            if (i % 4 == 0) LoadOrSay(() => load(file[..random.Next(file.Length)]));
        }
    }

    [Fact]
    public void WrongSentencePieceModels()
    {
        byte[][] wrong =
        [
            [], [0], [0x0A], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x0B], [0x0A, 2, 0x18, 9],    // a piece of type 9
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 3],       // WORD
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 77],      // no such model
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x1A, 4, 0x12, 2, 1, 2],      // a character map of two bytes
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x0A, 5, 0x0A, 1, (byte)'b', 0x18, 6],      // a byte that is none
            [0x0A, 8, 0x0A, 1, (byte)'a', 0x15, 0, 0, 0xC0, 0x7F],      // a score that is no number
        ];
        Assert.All(wrong, bytes => Assert.True(Assert.Throws<TokenizerException>(() => Tokenizers.FromSentencePiece(bytes)).Message.Length > 40));
        var noUnknown = Tokenizers.FromSentencePiece([0x0A, 3, 0x0A, 1, (byte)'a']);
        Assert.Contains("neither a token", Assert.Throws<TokenizerException>(() => noUnknown.Encode("b")).Message);
    }

    [Fact]
    public void CutAndMutatedVocabTxt()
    {
        foreach (var file in (byte[][])["[PAD]\n[UNK]\n[CLS]\n[SEP]\nhel\n##lo\nw\n##örld\n1\n##23\n"u8.ToArray(), "[PAD]\t0\n[UNK]\t3\nhel\t7\n##lo\t5\n1\t6\n"u8.ToArray()])
        {
            for (int length = 0; length < file.Length; length++) LoadOrSay(() => Tokenizers.FromVocabTxt(file.AsSpan(0, length)));
            var random = new Random(10);
            for (int i = 0; i < Hostile.Times(2000); i++)
            {
                var damaged = file.ToArray();
                for (int n = random.Next(1, 5); n > 0; n--) damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : file[random.Next(file.Length)];
                LoadOrSay(() => Tokenizers.FromVocabTxt(damaged));
            }
        }
        foreach (var wrong in (string[])["", "\n", "[UNK]\t0\na", "[UNK]\t0\na\tb", "[UNK]\t0\na\t-1", "[UNK]\t0\na\t2147483647", "[UNK]\t0\na\t99999999999", "[UNK]\t0\na\t0", "hello\nworld", new string('x', 100_000)])
            Assert.True(Assert.Throws<TokenizerException>(() => Tokenizers.FromVocabTxt(Encoding.UTF8.GetBytes(wrong))).Message.Length > 40);
    }

    [Fact]
    public void CutAndMutatedLlama2cFiles()
    {
        var file = TinyVocabulary.Llama2c("he", "ll", " ", "hell", "o");
        for (int length = 0; length < file.Length; length++) LoadOrSay(() => Tokenizers.FromLlama2c(file.AsSpan(0, length)));
        var random = new Random(7);
        for (int i = 0; i < Hostile.Times(3000); i++)
        {
            var damaged = file.ToArray();
            for (int n = random.Next(1, 5); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            LoadOrSay(() => Tokenizers.FromLlama2c(damaged));
        }
        var cut = Assert.Throws<TokenizerException>(() => Tokenizers.FromLlama2c(file.AsSpan(0, file.Length - 3)));
        Assert.Contains("cut off", cut.Message);
    }

    [Fact]
    public void WrongGgufMetadata()
    {
        var sound = TinyVocabulary.Gguf("h e");
        TokenizerData[] wrong =
        [
            sound with { Model = "rwkv" }, sound with { Pre = "jais-3" }, sound with { Pre = null }, sound with { Merges = null }, sound with { Merges = ["he"] }, sound with { Merges = ["h zz"] }, sound with { Merges = [""] },
            sound with { Tokens = [] }, sound with { Types = [1] }, sound with { Scores = [1] }, sound with { Bos = -1 }, sound with { Eos = 1 << 30 }, sound with { Eot = 5000 },
            sound with { Model = "llama" }, sound with { Model = "llama", Scores = new float[sound.Tokens.Count], Types = [.. sound.Types!.Select(_ => 6)] },
            sound with { Tokens = [.. sound.Tokens.Take(258), new string('<', 100_000), sound.Tokens[259]] },
        ];
        Assert.All(wrong, data => Assert.True(Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(data)).Message.Length > 40));
        LoadOrSay(() => Tokenizers.FromGguf(sound with { Types = [.. sound.Types!.Select(_ => 99)] }));
        LoadOrSay(() => Tokenizers.FromGguf(sound with { Model = "llama", Scores = [.. Enumerable.Repeat(float.NaN, sound.Tokens.Count)] }));
    }

    [Fact]
    public void AMissingByteIsReplacedOrNamed()
    {
        var data = TinyVocabulary.Gguf();
        data = data with { Tokens = With('q', "unused") };
        Assert.Equal("a\uFFFDb", Tokenizers.FromGguf(data) is var t ? t.Decode(t.Encode("aqb", addSpecial: false)) : "");
        data = data with { Tokens = With(0xEF, "unused too") };
        Assert.Contains("0x71", Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(data).Encode("q")).Message);
        Assert.Equal([256, 257], Tokenizers.FromGguf(data with { Unk = 257 }).Encode("q"));

        Utf8Texts With(int id, string text) => [.. data.Tokens.Select((token, i) => i == id ? text : token)];
    }
}
