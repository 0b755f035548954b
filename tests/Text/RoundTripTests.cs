using System.Text;
using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>What holds for every vocabulary that there is a fixture of.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> All() => [.. Vocabularies.All().DefaultIfEmpty("tokenizers")];

    static Tokenizer Open(string file) => Vocabularies.Open(file.Split('/'));

    /// <summary>
    /// Without the characters that a byte-level vocabulary lacks bytes for (SmolLM's: 0x04, 0xF1 and others).
    /// </summary>
    static Func<string, string> Encodable(Tokenizer tokenizer)
    {
        if (tokenizer is not ByteLevelBpe) return text => text;
        var bytes = new HashSet<byte>();
        for (int id = 0; id < tokenizer.VocabularySize; id++)
            if (tokenizer.BytesOf(id) is [var single]) bytes.Add(single);
        return text => string.Concat(text.EnumerateRunes().Where(r => Encoding.UTF8.GetBytes(r.ToString()).All(bytes.Contains)));
    }

    /// <summary>
    /// What a tokenizer keeps of a text: all of it, or, where the algorithm loses spaces, cases or unknown characters,
    /// what decoding returns, which must come back unchanged.
    /// </summary>
    static string Kept(Tokenizer tokenizer, string text)
    {
        if (tokenizer is not (WordPieceTokenizer or UnigramTokenizer)) return text;
        bool words = tokenizer is WordPieceTokenizer;
        for (int i = 0; i < (words ? 1 : 3); i++)
        {
            var ids = tokenizer.Encode(text, addSpecial: false);
            text = tokenizer.Decode(ids, skipSpecial: !words).TrimStart(' ');
        }
        return text;
    }

    /// <summary>SentencePiece cannot tell ▁ from a space; Qwen normalizes.</summary>
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
        for (int i = 0; i < Sizes.Of(200, 4000); i++)
        {
            var text = Kept(tokenizer, encodable(Vocabularies.RandomText(random, i % 100 == 0 ? 2000 : 30)));
            var ids = tokenizer.Encode(text, addSpecial: false);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            var decoded = tokenizer.Decode(ids);
            var difference = $"{JsonSerializer.Serialize(text)} came back as {JsonSerializer.Serialize(decoded)}";
            Assert.True(Same(tokenizer, text, decoded), difference);
            Assert.Equal(ids.Count, tokenizer.Count(text, addSpecial: false));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void StreamedTextIsDecodedText(string file)
    {
        var (tokenizer, random) = (Open(file), new Random(5));
        for (int i = 0; i < Sizes.Of(150, 3000); i++)
        {
            int[] ids = i % 2 == 0 ? [.. tokenizer.Encode(Vocabularies.RandomText(random, 40))] : [.. RandomIds(random.Next(40))];
            var (decoder, text) = (new StreamingDecoder(tokenizer), new StringBuilder());
            foreach (int id in ids)
            {
                var shown = decoder.Push(id);
                Assert.False(shown.Length > 0 && char.IsHighSurrogate(shown[^1]));
                text.Append(shown);
            }
            text.Append(decoder.Flush());
            Assert.Equal(tokenizer.Decode(ids), text.ToString());
            byte[] bytes = [.. ids.SelectMany(id => tokenizer.BytesOf(id).ToArray())];
            if (tokenizer.PrefixSpace == PrependScheme.Never) Assert.Equal(Encoding.UTF8.GetString(bytes), text.ToString());
        }

        IEnumerable<int> RandomIds(int count) => Enumerable.Range(0, count).Select(_ => random.Next(tokenizer.VocabularySize));
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
