using System.Text;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>What must hold of every vocabulary, found by listing.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> All() => [.. Vocabularies.All().DefaultIfEmpty("tokenizers")];

    static Tokenizer Open(string file) => Vocabularies.Open(file.Split('/'));

    /// <summary>Without the characters that a byte-level vocabulary lacks bytes for (SmolLM's: 0x04, 0xF1 and others).</summary>
    static Func<string, string> Encodable(Tokenizer tokenizer)
    {
        if (tokenizer is not ByteLevelBpe) return text => text;
        var bytes = Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.BytesOf(id).Length == 1).Select(id => tokenizer.BytesOf(id)[0]).ToHashSet();
        return text => string.Concat(text.EnumerateRunes().Where(r => Encoding.UTF8.GetBytes(r.ToString()).All(bytes.Contains)));
    }

    /// <summary>What a tokenizer keeps of a text: all of it, or, where the scheme loses spaces, cases or unknown characters, what comes back. That must come back again unchanged.</summary>
    static string Kept(Tokenizer tokenizer, string text)
    {
        if (tokenizer is not (WordPieceTokenizer or UnigramTokenizer)) return text;
        bool words = tokenizer is WordPieceTokenizer;
        for (int i = 0; i < (words ? 1 : 3); i++) text = tokenizer.Decode(tokenizer.Encode(text, addSpecial: false), skipSpecial: !words).TrimStart(' ');
        return text;
    }

    /// <summary>SentencePiece cannot tell ▁ from a space; Qwen normalises.</summary>
    static bool Same(Tokenizer tokenizer, string text, string decoded)
    {
        if (tokenizer is SentencePieceBpe) text = text.Replace('\u2581', ' ');
        return decoded == text || decoded == NormalForm.C.Normalize(text).ToString();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void DecodingGivesTheTextBack(string file)
    {
        var (tokenizer, random) = (Open(file), new Random(4));
        var encodable = Encodable(tokenizer);
        for (int i = 0; i < 200; i++)
        {
            var text = Kept(tokenizer, encodable(Vocabularies.RandomText(random, i % 100 == 0 ? 2000 : 30)));
            var ids = tokenizer.Encode(text, addSpecial: false);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            Assert.True(Same(tokenizer, text, tokenizer.Decode(ids)), $"{System.Text.Json.JsonSerializer.Serialize(text)} came back as {System.Text.Json.JsonSerializer.Serialize(tokenizer.Decode(ids))}");
            Assert.Equal(ids.Count, tokenizer.Count(text, addSpecial: false));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void StreamedTextIsDecodedText(string file)
    {
        var (tokenizer, random) = (Open(file), new Random(5));
        for (int i = 0; i < 150; i++)
        {
            int[] ids = i % 2 == 0 ? [.. tokenizer.Encode(Vocabularies.RandomText(random, 40))] : [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(tokenizer.VocabularySize))];
            var (decoder, text) = (new StreamingDecoder(tokenizer), new StringBuilder());
            foreach (int id in ids)
            {
                var shown = decoder.Push(id);
                Assert.False(shown.Length > 0 && char.IsHighSurrogate(shown[^1]));
                text.Append(shown);
            }
            text.Append(decoder.Flush());
            Assert.Equal(tokenizer.Decode(ids), text.ToString());
            if (tokenizer.PrefixSpace == PrependScheme.Never) Assert.Equal(Encoding.UTF8.GetString([.. ids.SelectMany(id => tokenizer.BytesOf(id).ToArray())]), text.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AMegabyteOfOneLetterIsNoTrouble(string file)
    {
        var tokenizer = Open(file);
        foreach (var (c, times) in new[] { ('a', 1_000_000), (' ', 50_000), ('漢', 50_000) })
        {
            var text = Kept(tokenizer, new string(c, times));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecial: false)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void LoneSurrogatesAndStrangeIds(string file)
    {
        var tokenizer = Open(file);
        Assert.Equal(tokenizer.Encode("a\uFFFDb"), tokenizer.Encode("a\uD800b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([tokenizer.VocabularySize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.BytesOf(-1).Length);
        for (int id = 0; id < Math.Min(500, tokenizer.VocabularySize); id++) Assert.NotNull(tokenizer.TokenText(id));
    }

    [Fact]
    public void AStoryComesBack()
    {
        var path = Fixtures.SharedOrSkip("models", "stories260K", "stories260K.md");
        var tokenizer = Vocabularies.Open("models", "stories260K", "tok512.bin");
        var text = File.ReadAllText(path);
        var ids = tokenizer.Encode(text);
        Assert.Equal(1, ids[0]);
        Assert.Equal(text, tokenizer.Decode(ids, skipSpecial: true));
        Assert.InRange(ids.Count, text.Length / 4, text.Length * 3 / 4);
    }
}
