using System.Text;
using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// The unigram model against trying every segmentation, and SentencePiece's files against themselves. Ids against
/// SentencePiece's own: <see cref="EncodedFixtureTests"/>.
/// </summary>
public sealed class UnigramTests
{
    static string Fixture(string name) => Path.Combine(Fixtures.Repo, "tests", "fixtures", "vocabularies", name);

    /// <summary>
    /// The best sum over all segmentations; a character that is no token scores <paramref name="unknown"/>.
    /// </summary>
    static double BestByTryingAll(string text, Dictionary<string, double> scores, double unknown)
    {
        if (text.Length == 0) return 0;
        bool known = scores.ContainsKey(text[..1]);
        double best = known ? double.NegativeInfinity : unknown + BestByTryingAll(text[1..], scores, unknown);
        for (int length = 1; length <= text.Length; length++)
            if (scores.TryGetValue(text[..length], out double score))
                best = Math.Max(best, score + BestByTryingAll(text[length..], scores, unknown));
        return best;
    }

    [Fact]
    public void TheBestSegmentationIsFound()
    {
        var random = new Random(11);
        for (int round = 0; round < 60; round++)
        {
            var scores = new Dictionary<string, double>();
            for (int n = random.Next(1, 30); n > 0; n--) scores[Letters("abc", random.Next(1, 5))] = -random.NextDouble() * 10;
            string[] tokens = [.. scores.Keys];
            var unigram = new Unigram(tokens.Index(), [.. tokens.Select(t => scores[t])], singlePrecision: false);
            double unknown = scores.Values.Min() - 10;
            for (int i = 0; i < 20; i++)
            {
                var text = Letters("abcd", random.Next(1, 13));
                var path = unigram.Segment(Encoding.UTF8.GetBytes(text));
                Assert.Equal(text, string.Concat(path.Select(step => step.Id < 0 ? text[step.Start..step.End] : tokens[step.Id])));
                double sum = path.Sum(step => step.Id < 0 ? unknown : scores[tokens[step.Id]]);
                Assert.Equal(BestByTryingAll(text, scores, unknown), sum, 9);
            }
        }

        string Letters(string alphabet, int length) =>
            string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    /// <summary>Kudo 2018's point: the more probable of two segmentations, whichever has the longest match.</summary>
    [Fact]
    public void ProbabilityDecidesNotLength()
    {
        (int, string)[] tokens = [(0, "hello"), (1, "hell"), (2, "o w"), (3, "orld"), (4, " w"), (5, "o")];
        var unigram = new Unigram(tokens, [-9, -2, -3, -2, -9, -9], singlePrecision: false);
        Assert.Equal([1, 2, 3], Ids(unigram, "hello world"));
        Assert.Empty(Ids(unigram, ""));
        Assert.Equal([-1, -1, 5], Ids(unigram, "é漢o"));
    }

    static IEnumerable<int> Ids(Unigram unigram, string text) => unigram.Segment(Encoding.UTF8.GetBytes(text)).Select(step => step.Id);

    /// <summary>Sums in single precision may tie where those in double do not.</summary>
    [Fact]
    public void PrecisionIsThatOfTheReference()
    {
        (int, string)[] tokens = [(0, "x"), (1, "ab"), (2, "a"), (3, "b")];
        double[] likelyPair = [-1e9, -1, -2, -2.5], unlikelyPair = [-1e9, -5, -2, -2.5];
        Assert.Equal([0, 1], Ids(new(tokens, likelyPair, singlePrecision: false), "xab"));
        Assert.Equal([0, 1], Ids(new(tokens, likelyPair, singlePrecision: true), "xab"));
        Assert.Equal([0, 2, 3], Ids(new(tokens, unlikelyPair, singlePrecision: false), "xab"));
        Assert.Equal([0, 1], Ids(new(tokens, unlikelyPair, singlePrecision: true), "xab"));
    }

    [Theory]
    [InlineData("spm-unigram-bytes.tokenizer.model")]
    [InlineData("spm-bpe-bytes.tokenizer.model")]
    public void WithBytesAndWithoutNormalizerNothingIsLost(string file)
    {
        var (tokenizer, random) = (TokenizerFiles.Open(Fixture(file)), new Random(12));
        for (int i = 0; i < Sizes.Of(3000, 60_000); i++)
        {
            var text = Vocabularies.RandomText(random, 50).Replace('\u2581', ' ');
            var ids = tokenizer.Encode(text, addSpecial: false);
            Assert.Equal(text, tokenizer.Decode(ids));
            var decoder = new StreamingDecoder(tokenizer);
            Assert.Equal(text, string.Concat(ids.Select(decoder.Push)) + decoder.Flush());
        }
    }

    /// <summary>A million characters, some of which no token has: linear in the text.</summary>
    [Theory]
    [InlineData("spm-unigram.tokenizer.model")]
    [InlineData("spm-char.tokenizer.model")]
    [InlineData("hf-unigram-bytes.tokenizer.json")]
    public void LongTexts(string file)
    {
        var tokenizer = TokenizerFiles.Open(Fixture(file));
        var text = string.Concat(Enumerable.Repeat("tensor ☃tape", 100_000));
        var ids = tokenizer.Encode(text);
        Assert.InRange(ids.Count, 400_000, text.Length * 3);
    }

    /// <summary>Llama 2's model as llama.cpp writes it, and this repository's as T5's would be written.</summary>
    [Fact]
    public void AGgufFileGivesTheIdsOfTheModelItWasMadeOf()
    {
        var bytes = File.ReadAllBytes(Fixture("spm-unigram.tokenizer.model"));
        var (m, model) = (SentencePieceModel.Read(bytes), Tokenizers.FromSentencePiece(bytes));
        var data = new TokenizerData("t5", [.. m.Tokens])
        {
            Scores = [.. m.Scores],
            Types = [.. m.Kinds.Select(kind => (int)kind)],
            Unk = 0,
            Eos = 2,
            CharsMap = m.CharsMap,
            RemoveExtraWhitespaces = true,
            AddSpacePrefix = true,
        };
        var gguf = Tokenizers.FromGguf(data);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixture("spm-unigram.encoded.json")));
        foreach (var line in json.RootElement.GetProperty("lines").EnumerateArray())
        {
            var text = line.GetProperty("text").GetString()!;
            Assert.Equal(model.Encode(text, addSpecial: false), gguf.Encode(text, addSpecial: false));
        }
        Assert.Equal([3, 2], gguf.Encode("s").TakeLast(2).Select(id => id == 2 ? 2 : 3));     // T5's texts end with </s>
        Assert.Equal(2, gguf.Encode("tape")[^1]);
        Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(data with { Scores = null }));
        Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(data with { CharsMap = m.CharsMap[..^900] }));
        Assert.Throws<TokenizerException>(() => Tokenizers.FromGguf(data with { Scores = [.. m.Scores.Select(_ => float.NaN)] }));
    }

    [Fact]
    public void TheConfigurationSaysWhatIsAddedToAText()
    {
        var bpe = File.ReadAllBytes(Fixture("spm-bpe.tokenizer.model"));
        var unigram = File.ReadAllBytes(Fixture("spm-unigram.tokenizer.model"));
        Assert.Equal(1, Tokenizers.FromSentencePiece(bpe).Encode("a")[0]);
        Assert.DoesNotContain(1, Tokenizers.FromSentencePiece(bpe, "{\"add_bos_token\": false}"u8.ToArray()).Encode("a"));
        Assert.Equal(2, Tokenizers.FromSentencePiece(unigram, "{\"add_eos_token\": true}"u8.ToArray()).Encode("a")[^1]);
        Assert.DoesNotContain(2, Tokenizers.FromSentencePiece(unigram).Encode("a"));
        Assert.Throws<TokenizerException>(() => Tokenizers.FromSentencePiece(unigram, "{"u8.ToArray()));
        Assert.Throws<TokenizerException>(() => Tokenizers.FromSentencePiece(unigram, "{\"add_eos_token\": 1}"u8.ToArray()));
    }

    [Fact]
    public void UserDefinedPiecesAreMatchedAsAWhole()
    {
        var tokenizer = TokenizerFiles.Open(Fixture("spm-bpe.tokenizer.model"));
        int tool = tokenizer.Special.IdOf("<tool>")!.Value;
        Assert.Contains(tool, tokenizer.Encode("use <tool>now", parseSpecial: false));
        Assert.DoesNotContain(2, tokenizer.Encode("</s>", parseSpecial: false));
        Assert.Equal([2], tokenizer.Encode("</s>", addSpecial: false));
    }
}
