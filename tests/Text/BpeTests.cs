using Dayu.Text;

namespace Dayu.Tests;

/// <summary>The algorithms on vocabularies small enough to follow by hand; they need no shared folder.</summary>
public sealed class BpeTests
{
    const int First = 259;      // the id of the first merge's token

    /// <summary>The example of <see cref="Merger"/>: h e → he, l l → ll, he ll → hell.</summary>
    [Theory]
    [InlineData("hello", new[] { First + 2, 'o' })]
    [InlineData("helo", new[] { First, 'l', 'o' })]
    [InlineData("lll", new[] { First + 1, 'l' })]                 // of two equal pairs the left one
    [InlineData("hehell", new[] { First, First + 2 })]
    [InlineData("", new int[0])]
    public void MergesByRank(string text, int[] expected) =>
        Assert.Equal(expected, Tokenizers.FromGguf(TinyVocabulary.Gguf("h e", "l l", "he ll")).Encode(text, addSpecial: false));

    /// <summary>Few symbols are searched, many go through a heap: the same ids either way.</summary>
    [Fact]
    public void LongPreTokensMergeAsTheRuleSays()
    {
        string[] merges = ["a b", "b a", "a a", "ab ab", "aa b", "b b", "abab a", "ba ba"];
        var tokenizer = Tokenizers.FromGguf(TinyVocabulary.Gguf(merges));
        var random = new Random(3);
        for (int i = 0; i < Sizes.Of(300, 6000); i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(3) == 0 ? 'b' : 'a'));
            Assert.Equal(Slowly(text, merges), tokenizer.Encode(text, addSpecial: false).Select(tokenizer.TokenText));
        }
    }

    /// <summary>Qwen's vocabulary has a word that other models end a text with.</summary>
    [Fact]
    public void WhatMergesMakeIsAWord()
    {
        var tokenizer = Tokenizers.FromGguf(TinyVocabulary.Gguf("< E", "<E O", "<EO T", "<EOT >"));
        Assert.False(tokenizer.Special.Ends(First + 3));
        Assert.Equal("<EOT>", tokenizer.Decode([First + 3]));
    }

    /// <summary>The paper's loop, word for word.</summary>
    static List<string> Slowly(string text, string[] merges)
    {
        List<string> symbols = [.. text.Select(c => $"{c}")];
        while (true)
        {
            int best = int.MaxValue, at = -1;
            for (int i = 0; i + 1 < symbols.Count; i++)
                if (Array.IndexOf(merges, $"{symbols[i]} {symbols[i + 1]}") is >= 0 and var rank && rank < best) (best, at) = (rank, i);
            if (at < 0) return symbols;
            symbols[at] += symbols[at + 1];
            symbols.RemoveAt(at + 1);
        }
    }

    [Fact]
    public void APreTokenThatIsATokenStaysWholeWhereMergesAreIgnored()
    {
        var data = TinyVocabulary.Gguf("h e", "l l", "he ll");
        data = data with { Tokens = [.. data.Tokens, "llama"], Types = [.. data.Types!, 1] };
        var llama3 = Tokenizers.FromGguf(data with { Pre = "llama-bpe" });
        Assert.Equal([data.Tokens.Count - 1], llama3.Encode("llama", addSpecial: false));
        Assert.Equal([First + 1, 'a', 'm', 'a'], Tokenizers.FromGguf(data).Encode("llama", addSpecial: false));
    }

    [Fact]
    public void SentencePieceMergesTheHighestScoreFirst()
    {
        var tokenizer = Tokenizers.FromLlama2c(TinyVocabulary.Llama2c("ab", "bc", " a", "a", "b", "c", " ", "abc", "é"));
        Assert.Equal([1, 265, 266], tokenizer.Encode("abc"));       // " ", "abc": "ab" has the best score, then "abc"
        Assert.Equal("abc", tokenizer.Decode(tokenizer.Encode("abc"), skipSpecial: true));
        Assert.Equal([265, 267, 3 + 0xE6, 3 + 0xBC, 3 + 0xA2], tokenizer.Encode("é漢", addSpecial: false));
        Assert.Equal("é漢", tokenizer.Decode(tokenizer.Encode("é漢", addSpecial: false)));
        Assert.Equal([1], tokenizer.Encode(""));
    }

    /// <summary>
    /// A character that is a part of tokens but none itself: merged where it can be, its bytes where not.
    /// </summary>
    [Fact]
    public void ACharacterWithoutATokenStillMerges()
    {
        var tokenizer = Tokenizers.FromLlama2c(TinyVocabulary.Llama2c("漢字", " "));
        Assert.Equal([260, 259], tokenizer.Encode("漢字", addSpecial: false));
        Assert.Equal([260, 3 + 0xE6, 3 + 0xBC, 3 + 0xA2, 259], tokenizer.Encode("漢漢字", addSpecial: false));
    }

    [Fact]
    public void AVocabularyThatJoinsWordsIsNotSplitAtSpaces()
    {
        var tokenizer = Tokenizers.FromLlama2c(TinyVocabulary.Llama2c("b c", "b ", "a", "b", "c", " "));
        Assert.Equal([264, 261, 259], tokenizer.Encode("ab c", addSpecial: false));
    }

    [Fact]
    public void OneTokenizerServesManyThreads()
    {
        var tokenizer = Tokenizers.FromGguf(TinyVocabulary.Gguf("a b", "b a", "a a", "ab ab"));
        var texts = Enumerable.Range(0, 200).Select(i => Vocabularies.RandomText(new Random(i), 60)).ToArray();
        var alone = texts.Select(t => tokenizer.Encode(t)).ToArray();
        Parallel.For(0, 2000, i => Assert.Equal(alone[i % 200], tokenizer.Encode(texts[i % 200])));
    }
}
