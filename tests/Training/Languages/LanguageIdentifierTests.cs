using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Plain cases of each answer, and texts that are none.</summary>
public sealed class LanguageIdentifierTests
{
    static LanguageGuess Of(string text) => LanguageIdentifier.Default.Of(text);

    [Theory]
    [InlineData("en", "The city lies on both banks of the river, and most of its people work in the harbour.")]
    [InlineData("en", "I don't know.")]
    [InlineData("zh-hans", "这座城市位于河的两岸，大多数居民在港口工作。")]
    [InlineData("zh-hant", "這座城市位於河的兩岸，大多數居民在港口工作。")]
    [InlineData("zh-hans", "我不知道。")]                                        // in both scripts
    [InlineData("lzh", "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？")]
    [InlineData("lzh", "國破山河在，城春草木深。感時花濺淚，恨別鳥驚心。")]
    [InlineData("other", "Die Stadt liegt an beiden Ufern des Flusses, und viele Menschen arbeiten im Hafen.")]
    [InlineData("other", "この町は川の両岸にあり、多くの人が港で働いています。")]
    [InlineData("other", "도시는 강의 양쪽에 있고 많은 사람들이 항구에서 일한다.")]
    [InlineData("other", "Город лежит на обоих берегах реки.")]
    [InlineData("none", "")]
    [InlineData("none", " \n\t ")]
    [InlineData("none", "3.14159, 2.71828; 1985-06-12")]
    [InlineData("none", "😀😀😀")]
    [InlineData("none", "7")]
    public void PlainCases(string language, string text) => Assert.Equal(language, Of(text).Language);

    [Fact]
    public void AProgramIsNoLanguage() => Assert.Equal("none", Of(House.Text("src/Dayu.Training/Corpus/Duplicates/MinHash.cs")).Language);

    /// <summary>A sentence of one language that names things of another; both in one text make it less sure.</summary>
    [Fact]
    public void TheScriptOfMoreLettersCounts()
    {
        Assert.Equal("zh-hans", Of("他在 GitHub 上发布了一个叫 Visual Studio Code 的编辑器，很多人都在使用。").Language);
        Assert.Equal("en", Of("The word 北京 means northern capital, and the word 南京 means southern capital.").Language);
        var (alone, mixed) = (Of("The dog sleeps under the table."), Of("The dog sleeps under the table. 狗睡在桌子下面。"));
        Assert.Equal(("en", "en"), (alone.Language, mixed.Language));
        Assert.True(mixed.Probability < alone.Probability - 0.2, $"{mixed} {alone}");
    }

    [Fact]
    public void LettersInPiecesAreTheSame() => Assert.Equal("other",
        Of("Città e università più vicine".Normalize(System.Text.NormalizationForm.FormD)).Language);

    [Fact]
    public void ALongTextIsLookedAtInPieces()
    {
        var english = string.Concat(Enumerable.Repeat("The dog sleeps under the table in the kitchen.\n", 20_000));
        Assert.Equal("en", Of(english).Language);
        var half = english[..(english.Length / 2)] + string.Concat(Enumerable.Repeat("狗睡在厨房的桌子下面。\n", 50_000));
        Assert.InRange(Of(half).Probability, 0.3, 0.7);
        Assert.Equal(8, Excerpt.Count(english));
        for (var i = 0; i < 8; i++)
        {
            var piece = Excerpt.Piece(english, i).ToString();
            Assert.InRange(piece.Length, 448, 512);
            Assert.True(i == 0 || !char.IsAsciiLetter(piece[0]), piece);
        }
    }

    /// <summary>Whatever is asked, there is an answer with a probability, the same again, and hardly any memory is taken for it.</summary>
    [Fact]
    public void AnyTextHasAnAnswer()
    {
        var random = new Random(1);
        var taken = 0L;
        for (var i = 0; i < Sizes.Of(2000, 100_000); i++)
        {
            var most = random.Next(4) switch { 0 => 0x7F, 1 => 0x250, 2 => 0x9FFF, _ => 0xFFFF };
            var text = string.Create(random.Next(i % 50 == 0 ? 9000 : 60), 0, (span, _) =>
            {
                foreach (ref var c in span) c = (char)random.Next(most + 1);
            });
            var guess = LanguageIdentifier.Default.Of(text);
            Assert.Contains(guess.Language, CorpusLanguages.All);
            Assert.InRange(guess.Probability, 0, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(guess, Of(text));
            taken = Math.Max(taken, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(taken, 0, 10_000);                                // not a byte for each character
    }
}
