using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>The names of pre-tokenizers in GGUF files, with the ids that llama.cpp gives (tests/fixtures/pre-tokenizers).</summary>
public sealed class GgufPreTokenizerTests
{
    static JsonElement Fixture(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Repo, "tests", "fixtures", "pre-tokenizers", file)));
        return json.RootElement.Clone();
    }

    static readonly JsonElement byteLevel = Fixture("byte-level.json"), characters = Fixture("characters.json");

    public static TheoryData<string> ByteLevelNames() =>
        [.. byteLevel.GetProperty("groups").EnumerateArray().SelectMany(group => Strings(group.GetProperty("names")))];

    [Theory]
    [MemberData(nameof(ByteLevelNames))]
    public void BytesAreMergedAsLlamaCppDoes(string pre) =>
        Compare(Tokenizers.FromGguf(ByteLevel() with { Pre = pre }), Group(byteLevel, pre));

    static TokenizerData ByteLevel()
    {
        List<string> tokens = [.. TinyVocabulary.Bytes];
        var merges = Merges(byteLevel, tokens);
        return new("gpt2", [.. tokens]) { Merges = [.. merges] };
    }

    public static TheoryData<string> CharacterNames() =>
        [.. Vocabularies().SelectMany(v => v.GetProperty("groups").EnumerateArray()).SelectMany(g => Strings(g.GetProperty("names")))];

    static JsonElement.ArrayEnumerator Vocabularies() => characters.GetProperty("vocabularies").EnumerateArray();

    [Theory]
    [MemberData(nameof(CharacterNames))]
    public void CharactersAreMergedAsLlamaCppDoes(string pre)
    {
        var vocabulary = Vocabularies().First(v => Group(v, pre).ValueKind == JsonValueKind.Object);
        List<string> tokens = vocabulary.GetProperty("bytes").GetBoolean() ? [.. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")] : [];
        int bytes = tokens.Count;
        tokens.AddRange(Strings(vocabulary.GetProperty("tokens")));
        var merges = Merges(vocabulary, tokens);
        Compare(Tokenizers.FromGguf(new("gpt2", [.. tokens])
        {
            Pre = pre, Merges = [.. merges], Types = [.. tokens.Select((_, id) => id < bytes ? 6 : 1)],
        }), Group(vocabulary, pre));
    }

    /// <summary>Names that the file of llama.cpp's vocabularies has, and no others.</summary>
    [Fact]
    public void EveryNameOfLlamaCppIsKnown()
    {
        Assert.Equal(ByteLevelNames().Select(n => n.Data).Order(), GgufPreTokenizer.Names.Order());
        Assert.Equal(CharacterNames().Select(n => n.Data).Order(), GgufCharacterBpe.Names.Order());
    }

    [Theory]
    [InlineData("llama-bpe", true), InlineData("tekken", true), InlineData("chameleon", true), InlineData("gemma4", true)]
    [InlineData("gpt-2", false), InlineData("minicpm5", false), InlineData("sarvam-moe", false)]
    public void ANameSaysWhetherATextBeginsWithBos(string pre, bool bos)
    {
        var tokenizer = Tokenizers.FromGguf(ByteLevel() with { Pre = pre, Bos = 0 });
        Assert.Equal(bos, tokenizer.Special.AddBos);
    }

    [Theory]
    [InlineData("rwkv"), InlineData("plamo2"), InlineData("hybriddna"), InlineData("none")]
    public void AKindThatIsNotKnownIsNamed(string model)
    {
        var error = Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(new(model, ["a"]) { Pre = "gpt-2" }));
        Assert.Contains($"tokenizer.ggml.model: '{model}'", error.Message);
        Assert.Contains("gemma4", error.Message);
    }

    static void Compare(Tokenizer tokenizer, JsonElement group)
    {
        string[] texts = Strings(byteLevel.GetProperty("texts"));
        JsonElement[] expected = [.. group.GetProperty("ids").EnumerateArray()];
        Assert.Equal(texts.Length, expected.Length);
        var wrong = new List<string>();
        foreach (var (text, ids) in texts.Zip(expected))
        {
            if (ids.ValueKind == JsonValueKind.Null) continue;       // llama.cpp ends itself there
            var encoded = tokenizer.Encode(text, addSpecial: false);
            if (!encoded.SequenceEqual(Ints(ids)))
                wrong.Add($"{JsonSerializer.Serialize(text)}: expected {Cuts(Ints(ids))}, got {Cuts(encoded)}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        string Cuts(IEnumerable<int> ids) => string.Join('|', ids.Select(tokenizer.TokenText));
    }

    static JsonElement Group(JsonElement vocabulary, string pre) =>
        vocabulary.GetProperty("groups").EnumerateArray().FirstOrDefault(g => Strings(g.GetProperty("names")).Contains(pre));

    /// <summary>The merges, which the fixture writes as pairs of ids; their tokens are appended.</summary>
    static List<string> Merges(JsonElement vocabulary, List<string> tokens)
    {
        var (merges, known) = (new List<string>(), tokens.ToHashSet(StringComparer.Ordinal));
        foreach (var pair in vocabulary.GetProperty("merges").EnumerateArray().Select(Ints))
        {
            string left = tokens[pair[0]], right = tokens[pair[1]];
            merges.Add($"{left} {right}");
            if (known.Add(left + right)) tokens.Add(left + right);
        }
        return merges;
    }

    static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
}
