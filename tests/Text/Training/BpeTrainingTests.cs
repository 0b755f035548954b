using System.Text;
using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>What BPE learns: a peer's merges, a slow twin's, the same on any number of threads; any text comes back.</summary>
public sealed class BpeTrainingTests
{
    static string Peer(string file) => Fixtures.SharedOrSkip("fixtures", "tokenizer-training", file);

    [Theory]
    [InlineData("en"), InlineData("zh")]
    public void MergesAndIdsAreThePeers(string language)
    {
        var texts = TrainingTexts.Of(language);
        var options = new TokenizerTraining
        {
            VocabularySize = 2000, MinFrequency = 1, Pattern = SplitPattern.Gpt2, Control = ["<|endoftext|>"],
        };
        var trained = TokenizerTrainer.Train(texts, options, TimeProvider.System);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Peer($"bpe.{language}.tokenizer.json")));
        using var found = JsonDocument.Parse(trained.Json);
        Assert.Equal(Merges(expected), Merges(found));
        Assert.Equal(Vocabulary(expected), Vocabulary(found));
        using var encoded = JsonDocument.Parse(File.ReadAllBytes(Peer($"bpe.{language}.encoded.json")));
        foreach (var line in encoded.RootElement.GetProperty("lines").EnumerateArray())
            Assert.Equal(line.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()),
                trained.Tokenizer.Encode(line.GetProperty("text").GetString()!));
        Assert.Equal(encoded.RootElement.GetProperty("tokens_of_the_whole_text").GetInt64(), trained.Measure().Total.Tokens);
    }

    static string[] Merges(JsonDocument file) =>
        [.. file.RootElement.GetProperty("model").GetProperty("merges").EnumerateArray().Select(m => $"{m[0]} {m[1]}")];

    static string[] Vocabulary(JsonDocument file) =>
        [
            .. file.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject()
                .OrderBy(p => p.Value.GetInt32()).Select(p => p.Name),
        ];

    /// <summary>Few letters: long repetitions, pairs that form again, tokens that come of two merges.</summary>
    [Theory]
    [InlineData("ab", 6), InlineData("abc", 12), InlineData("abcd", 24)]
    public void FastIsSlow(string letters, int longest)
    {
        for (int seed = 1; seed <= Sizes.Of(150, 2000); seed++)
        {
            var random = new Random(seed);
            var words = new Dictionary<string, long>(StringComparer.Ordinal);
            for (int i = random.Next(1, 20); i > 0; i--)
                words[new string(random.GetItems<char>(letters, random.Next(1, longest)))] = random.Next(1, 6);
            var (minFrequency, merges) = (random.Next(1, 4), random.Next(1, 60));
            string[] alphabet = [.. letters.Select(c => $"{c}")];
            var trainer = new BpeTrainer(Spell(words, letters), alphabet, [], minFrequency: minFrequency);
            trainer.Train(alphabet.Length + merges);
            var slow = SlowBpe.Train(words, alphabet, merges, minFrequency);
            var fast = trainer.Merges.Select(m => (trainer.Tokens[m.Left], trainer.Tokens[m.Right])).ToList();
            Assert.True(slow.SequenceEqual(fast), $"seed {seed}: {string.Join(' ', slow)}, got {string.Join(' ', fast)}");
        }
    }

    static SymbolText Spell(Dictionary<string, long> words, string letters)
    {
        var table = new WordTable();
        foreach (var (word, count) in words) table.Add(Encoding.UTF8.GetBytes(word), count);
        int[] lengths = [.. Enumerable.Range(0, table.Count).Select(w => table[w].Length)];
        return SymbolText.Of(table, lengths, (w, to) =>
        {
            for (int i = 0; i < to.Length; i++) to[i] = letters.IndexOf((char)table[w][i], StringComparison.Ordinal);
        });
    }

    public static TheoryData<TokenizerTraining> Designs() =>
        [
            .. from pattern in Enum.GetValues<SplitPattern>()
            from digits in Enum.GetValues<DigitGroups>()
            from han in (bool[])[false, true]
            select new TokenizerTraining { VocabularySize = 700, Pattern = pattern, Digits = digits, HanAlone = han },
        ];

    [Theory]
    [MemberData(nameof(Designs))]
    public void EveryDesignIsOneOfThreadsAndReadsBack(TokenizerTraining options)
    {
        string text = TrainingTexts.Small;
        string[] divided = text.Split('\n');
        var one = TokenizerTrainer.Train(divided, options with { Threads = 1 }, TimeProvider.System);
        foreach (int threads in (int[])[2, 3])
            Assert.True(one.Json.Span.SequenceEqual(
                TokenizerTrainer.Train(divided, options with { Threads = threads }, TimeProvider.System).Json.Span));
        foreach (var sample in (string[])[text, "", " ", "\0\u0301 x\r\n\n", "12345 abc9汉12字", "🙂👩‍👩‍👧 \t  é", "<|im_start|>", .. divided])
            Assert.Equal(sample, one.Tokenizer.Decode(one.Tokenizer.Encode(sample, parseSpecial: false)));
        Assert.Equal("<|im_start|>", one.Tokenizer.TokenText(Assert.Single(one.Tokenizer.Encode("<|im_start|>"))));
        foreach (int id in Enumerable.Range(0, one.Tokenizer.VocabularySize).Where(i => !one.Tokenizer.Special.IsAdded(i)))
        {
            string token = Encoding.UTF8.GetString(one.Tokenizer.BytesOf(id));
            int digits = token.Count(char.IsDigit);
            int most = options.Digits == DigitGroups.Each ? 1
                : options is { Digits: DigitGroups.Pattern, Pattern: SplitPattern.Gpt2 } ? int.MaxValue : 3;
            Assert.True(digits <= most, token);
            if (options.HanAlone) Assert.True(token.Count(c => c is >= '一' and <= '鿿') <= 1, token);
        }
    }

    [Fact]
    public void OptionsChangeWhatIsLearned()
    {
        var options = new TokenizerTraining { VocabularySize = 700 };
        Assert.True(Longest(options, c => c is >= '一' and <= '鿿') > 1);
        Assert.Equal(1, Longest(options with { HanAlone = true }, c => c is >= '一' and <= '鿿'));
        Assert.Equal(3, Longest(options, char.IsDigit));
        Assert.Equal(1, Longest(options with { Digits = DigitGroups.Each }, char.IsDigit));
        Assert.True(Longest(options with { Pattern = SplitPattern.Gpt2 }, char.IsDigit) > 3);

        static int Longest(TokenizerTraining options, Func<char, bool> kind)
        {
            var tokenizer = TokenizerTrainer.Train([TrainingTexts.Small], options, TimeProvider.System).Tokenizer;
            return Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !tokenizer.Special.IsAdded(id))
                .Max(id => Encoding.UTF8.GetString(tokenizer.BytesOf(id)).Count(kind));
        }
    }

    [Fact]
    public void NoTextBecomesAControlToken()
    {
        var options = new TokenizerTraining { VocabularySize = 300, Pattern = SplitPattern.Llama3, Control = ["aaaa"] };
        var trained = TokenizerTrainer.Train([new('a', 200), "aaaa aaaa aaaa aaaa"], options, TimeProvider.System);
        Assert.DoesNotContain(trained.Tokenizer.Special.IdOf("aaaa")!.Value, trained.Tokenizer.Encode("aaaa", parseSpecial: false));
    }

    [Fact]
    public void FewPairsMakeASmallVocabulary()
    {
        var trained = TokenizerTrainer.Train(["abab"], new() { VocabularySize = 1000, Control = [] }, TimeProvider.System);
        Assert.Equal(257, trained.Tokenizer.VocabularySize);
        Assert.Equal(1, trained.Merges);
    }

    [Fact]
    public void WhatCannotBeIsTold()
    {
        var small = Assert.Throws<VocabularyTooSmallException>(
            () => TokenizerTrainer.Train(["a"], new() { VocabularySize = 286 }, TimeProvider.System));
        Assert.Equal((286, 31, 256), (small.Size, small.Control, small.Alphabet));
        Assert.Throws<TokenizerException>(() => TokenizerTrainer.Train([""], new(), TimeProvider.System));
        foreach (var kind in Enum.GetValues<TokenizerKind>())
        {
            var options = new TokenizerTraining { Kind = kind, Control = ["b"] };
            Assert.Throws<TokenizerException>(() => TokenizerTrainer.Train(["a b"], options, TimeProvider.System));
        }
    }
}
