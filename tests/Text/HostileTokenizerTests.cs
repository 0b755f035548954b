using System.Text;
using Dayu.Text;
using static Dayu.Tests.HostileTokenizers;

namespace Dayu.Tests;

/// <summary>
/// Damaged and malicious tokenizer files other than tokenizer.json, and small vocabularies of all kinds.
/// </summary>
public sealed class HostileTokenizerTests
{
    public static TheoryData<string> SmallFiles()
    {
        var files = Directory.GetFiles(RepoFile("vocabularies", ""), "*.tokenizer.*");
        return [.. files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Every vocabulary of the repository, SentencePiece's .model files among them, cut off and damaged.
    /// </summary>
    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void TruncatedAndMutatedFiles(string name)
    {
        var file = File.ReadAllBytes(RepoFile("vocabularies", name));
        bool isModel = name.EndsWith(".model", StringComparison.Ordinal);
        var random = new Random(15);
        for (int i = 0; i < Hostile.Times(400); i++)
        {
            var damaged = Damaged(file, random, most: 5, wild: 2);
            LoadOrSay(() => Load(damaged));
            if (i % 4 == 0) LoadOrSay(() => Load(file[..random.Next(file.Length)]));
        }

        Tokenizer Load(byte[] bytes) => isModel ? Tokenizers.FromSentencePiece(bytes) : Tokenizers.FromJson(bytes);
    }

    [Fact]
    public void WrongSentencePieceModels()
    {
        byte[][] wrong =
        [
            [],
            [0],
            [0x0A],
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x0B],
            [0x0A, 2, 0x18, 9],       // a piece of type 9
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 3],       // WORD
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 77],      // no such model
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x1A, 4, 0x12, 2, 1, 2],      // a character map of two bytes
            [0x0A, 3, 0x0A, 1, (byte)'a', 0x0A, 5, 0x0A, 1, (byte)'b', 0x18, 6],      // a byte that is none
            [0x0A, 8, 0x0A, 1, (byte)'a', 0x15, 0, 0, 0xC0, 0x7F],      // a score that is no number
        ];
        Assert.All(wrong, bytes => IsRefused(() => Tokenizers.FromSentencePiece(bytes)));
        var noUnknown = Tokenizers.FromSentencePiece([0x0A, 3, 0x0A, 1, (byte)'a']);
        Assert.Contains("neither a token", Assert.Throws<TokenizerException>(() => noUnknown.Encode("b")).Message);
    }

    [Fact]
    public void TruncatedAndMutatedVocabTxt()
    {
        byte[] bert = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhel\n##lo\nw\n##örld\n1\n##23\n"u8.ToArray();
        byte[] ernie = "[PAD]\t0\n[UNK]\t3\nhel\t7\n##lo\t5\n1\t6\n"u8.ToArray();
        foreach (var file in (byte[][])[bert, ernie])
        {
            for (int length = 0; length < file.Length; length++) LoadOrSay(() => Tokenizers.FromVocabTxt(file.AsSpan(0, length)));
            var random = new Random(10);
            for (int i = 0; i < Hostile.Times(2000); i++)
            {
                var damaged = Damaged(file, random, most: 4, wild: 2);
                LoadOrSay(() => Tokenizers.FromVocabTxt(damaged));
            }
        }
        string[] wrong =
        [
            "",
            "\n",
            "hello\nworld",
            new string('x', 100_000),
            "[UNK]\t0\na",
            "[UNK]\t0\na\tb",
            "[UNK]\t0\na\t-1",
            "[UNK]\t0\na\t2147483647",
            "[UNK]\t0\na\t99999999999",
            "[UNK]\t0\na\t0",
        ];
        Assert.All(wrong, text => IsRefused(() => Tokenizers.FromVocabTxt(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void TruncatedAndMutatedLlama2cFiles()
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
        var error = Assert.Throws<TokenizerException>(() => Tokenizers.FromLlama2c(file.AsSpan(0, file.Length - 3)));
        Assert.Contains("cut off", error.Message);
    }

    [Fact]
    public void WrongGgufMetadata()
    {
        var sound = TinyVocabulary.Gguf("h e");
        TokenizerData[] wrong =
        [
            sound with { Model = "rwkv" },
            sound with { Pre = "jais-3" },
            sound with { Pre = null },
            sound with { Merges = null },
            sound with { Merges = ["he"] },
            sound with { Merges = ["h zz"] },
            sound with { Merges = [""] },
            sound with { Tokens = [] },
            sound with { Types = [1] },
            sound with { Scores = [1] },
            sound with { Model = "llama" },
            sound with { Model = "llama", Scores = new float[sound.Tokens.Count], Types = [.. sound.Types!.Select(_ => 6)] },
            sound with { Tokens = [.. sound.Tokens.Take(258), new string('<', 100_000), sound.Tokens[259]] },
        ];
        Assert.All(wrong, data => IsRefused(() => Tokenizers.FromGguf(data)));
        LoadOrSay(() => Tokenizers.FromGguf(sound with { Types = [.. sound.Types!.Select(_ => 99)] }));
        float[] noNumbers = [.. Enumerable.Repeat(float.NaN, sound.Tokens.Count)];
        LoadOrSay(() => Tokenizers.FromGguf(sound with { Model = "llama", Scores = noNumbers }));
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
