using System.Text;
using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>WordPiece and unigram: about as many tokens as a peer's trainer makes of the same text, on any number of threads.</summary>
public sealed class OtherTrainingTests
{
    static TokenizerTraining Options(TokenizerKind kind, string language) => new()
    {
        Kind = kind, VocabularySize = language == "en" ? 2000 : 8000, MinFrequency = 1, Coverage = 1, Control = [],
    };

    [Theory]
    [InlineData(TokenizerKind.WordPiece, "en", 0.01), InlineData(TokenizerKind.WordPiece, "zh", 0.01)]
    [InlineData(TokenizerKind.Unigram, "en", 0.02), InlineData(TokenizerKind.Unigram, "zh", 0.02)]
    public void AsManyTokensAsThePeer(TokenizerKind kind, string language, double share)
    {
        var lines = TrainingTexts.Of(language);
        string name = Fixtures.SharedOrSkip("fixtures", "tokenizer-training", $"{kind}.{language}.encoded.json".ToLowerInvariant());
        using var encoded = JsonDocument.Parse(File.ReadAllBytes(name));
        var trained = TokenizerTrainer.Train(lines, Options(kind, language), TimeProvider.System);
        Assert.Equal(encoded.RootElement.GetProperty("vocab_size").GetInt32(), trained.Tokenizer.VocabularySize);
        long peer = encoded.RootElement.GetProperty("tokens_of_the_whole_text").GetInt64();
        long ours = lines.Sum(line => (long)trained.Tokenizer.Count(line, addSpecial: false));
        Assert.True(Math.Abs(ours - peer) <= share * peer, $"{ours} tokens, the peer makes {peer}");
        Assert.InRange(trained.Measure().Total.Tokens, ours * 0.999, ours * 1.001);
    }

    [Theory]
    [InlineData(TokenizerKind.WordPiece), InlineData(TokenizerKind.Unigram)]
    public void ThreadsChangeNothing(TokenizerKind kind)
    {
        var options = new TokenizerTraining { Kind = kind, VocabularySize = 250 };
        string[] texts = [.. TrainingTexts.Small.Split('\n')];
        var one = TokenizerTrainer.Train(texts, options with { Threads = 1 }, TimeProvider.System);
        foreach (int threads in (int[])[2, 3])
            Assert.Equal(Encoding.UTF8.GetString(one.Json.Span),
                Encoding.UTF8.GetString(TokenizerTrainer.Train(texts, options with { Threads = threads }, TimeProvider.System).Json.Span));
        Assert.Equal(250, one.Tokenizer.VocabularySize);
    }

    [Fact]
    public void UnigramGivesTheTextBack()
    {
        var options = new TokenizerTraining { Kind = TokenizerKind.Unigram, VocabularySize = 400, Coverage = 1, Form = UnicodeForm.None };
        var tokenizer = TokenizerTrainer.Train([TrainingTexts.Small], options, TimeProvider.System).Tokenizer;
        foreach (string text in (string[])["The river rose.", "大禹治水，水之道也。", TrainingTexts.Small])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData(TokenizerKind.WordPiece), InlineData(TokenizerKind.Unigram)]
    public void DigitsAndChineseAreOptions(TokenizerKind kind)
    {
        var options = new TokenizerTraining { Kind = kind, VocabularySize = 500, Digits = DigitGroups.Each, HanAlone = true };
        var tokenizer = TokenizerTrainer.Train([TrainingTexts.Small], options, TimeProvider.System).Tokenizer;
        for (int id = 0; id < tokenizer.VocabularySize; id++)
            if (!tokenizer.Special.IsAdded(id))
                Assert.True(tokenizer.TokenText(id).Count(c => char.IsDigit(c) || c is >= '一' and <= '鿿') <= 1, tokenizer.TokenText(id));
    }

    [Fact]
    public void RareCharactersAreLeftOut()
    {
        string text = string.Concat(Enumerable.Repeat("abc abd acd ", 1000)) + "xyz";
        foreach (var kind in (TokenizerKind[])[TokenizerKind.WordPiece, TokenizerKind.Unigram])
        {
            var options = new TokenizerTraining { Kind = kind, VocabularySize = 40, Control = [], Coverage = 0.999 };
            var tokenizer = TokenizerTrainer.Train([text], options, TimeProvider.System).Tokenizer;
            Assert.Contains(tokenizer.Special.Unk!.Value, tokenizer.Encode("xyz"));
            Assert.DoesNotContain(tokenizer.Special.Unk.Value, tokenizer.Encode("abc acd"));
        }
    }

    /// <summary>The expectations over all segmentations, against all of them written out.</summary>
    [Fact]
    public void ExpectationsAreThoseOfAllSegmentations()
    {
        var random = new Random(5);
        for (int round = 0; round < 50; round++)
        {
            ushort[] word = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (ushort)random.Next(1, 3))];
            ushort[] symbols = [1, 2, 1, 1, 2, 2];
            Piece[] pieces = [new(0, 1), new(1, 1), new(0, 2), new(2, 2), new(1, 3), new(0, 5)];
            double[] scores = [.. pieces.Select(_ => -3 * random.NextDouble())];
            var expected = new double[pieces.Length];
            new UnigramLattice(new(symbols, pieces), scores).Expect(word, 2, expected);
            var (all, sums) = (0.0, new double[pieces.Length]);
            foreach (var path in Segmentations(word, symbols, pieces))
            {
                double weight = Math.Exp(path.Sum(id => scores[id]));
                all += weight;
                foreach (int id in path) sums[id] += weight;
            }
            for (int id = 0; id < pieces.Length; id++) Assert.Equal(2 * sums[id] / all, expected[id], 1e-9);
        }
    }

    static IEnumerable<int[]> Segmentations(ushort[] word, ushort[] symbols, Piece[] pieces)
    {
        if (word.Length == 0) return [[]];
        return from id in Enumerable.Range(0, pieces.Length)
               let piece = symbols[pieces[id].Start..(pieces[id].Start + pieces[id].Length)]
               where word.AsSpan().StartsWith(piece)
               from rest in Segmentations(word[piece.Length..], symbols, pieces)
               select (int[])[id, .. rest];
    }

    /// <summary>Abramowitz and Stegun, table 6.1.</summary>
    [Theory]
    [InlineData(1.0, -0.5772156649), InlineData(1.5, 0.0364899740), InlineData(2.0, 0.4227843351), InlineData(0.5, -1.9635100260)]
    public void DigammaIsThatOfTheTables(double x, double expected) => Assert.Equal(expected, UnigramTrainer.Digamma(x), 1e-9);

    /// <summary>Every substring that repeats and cannot be longer without losing places, against a count of all.</summary>
    [Fact]
    public void SeedsAreTheSubstringsThatRepeat()
    {
        var random = new Random(3);
        for (int round = 0; round < 30; round++)
        {
            var table = new WordTable();
            for (int i = 0; i < 8; i++)
                table.Add(Encoding.UTF8.GetBytes(new string(random.GetItems<char>("ab", random.Next(1, 9)))), random.Next(1, 4));
            var text = UnigramText.Of(table, 1);
            var counts = new Dictionary<string, long>(StringComparer.Ordinal);   // with $ for the end of a word
            foreach (var (start, length, count) in text.Words)
                for (int from = start; from < start + length; from++)
                    for (int size = 1; size <= Math.Min(5, start + length + 1 - from); size++)
                    {
                        string rest = text.TextOf(text.Symbols.AsSpan(from, start + length - from)) + "$", part = rest[..size];
                        counts[part] = counts.GetValueOrDefault(part) + count;
                    }
            var expected = counts.Where(c => c.Key.Length is > 1 and <= 4 && !c.Key.EndsWith('$')
                && !"ab$".Any(next => counts.GetValueOrDefault(c.Key + next) == c.Value))
                .ToDictionary(c => c.Key, c => c.Value * c.Key.Length);
            var found = SeedPieces.Of(text, longest: 4, most: 1000)
                .ToDictionary(s => text.TextOf(text.Symbols.AsSpan(s.Piece.Start, s.Piece.Length)), s => s.Cover);
            Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), found.OrderBy(e => e.Key, StringComparer.Ordinal));
        }
    }
}
