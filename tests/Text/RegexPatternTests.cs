using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Patterns that cannot be translated are refused, and those made to take for ever are stopped. What ordinary ones
/// match is tested by <see cref="TokenizerJsonTests"/>.
/// </summary>
public sealed class RegexPatternTests
{
    [Theory]
    [InlineData(@"(")]
    [InlineData(@")")]
    [InlineData(@"[a")]
    [InlineData(@"[")]
    [InlineData(@"\")]
    [InlineData(@"*a")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<n>a)\k<n>")]
    [InlineData(@"\p{Klingon}")]
    [InlineData(@"\p")]
    [InlineData(@"[[:alpha:]]")]
    [InlineData(@"[a[^b]]")]
    [InlineData(@"[^a&&b]")]
    [InlineData(@"[a&&b&&c]")]
    [InlineData(@"[\W]")]
    [InlineData(@"[z-a]")]
    [InlineData(@"😀")]
    [InlineData(@"[😀]")]
    [InlineData(@"\x{1F600}")]
    [InlineData(@"a{1,999999999}")]
    [InlineData(@"(?x: a b)")]
    [InlineData(@"(?~a)")]
    [InlineData(@"\X")]
    [InlineData(@"\q")]
    public void WhatCannotBeSaidIsRefused(string pattern)
    {
        var error = Assert.Throws<TokenizerException>(() => new RegexPattern(pattern));
        Assert.Contains("regular expression", error.Message);
    }

    [Fact]
    public void ALongPatternIsRefused() => Assert.Throws<TokenizerException>(() => new RegexPattern(new string('(', 100_000)));

    [Theory]
    [InlineData("(a|aa)+[bc]")]
    [InlineData("(a|aa|aaa|b?)+c")]
    public void APatternThatTakesTooLongEnds(string pattern)
    {
        var text = new string('a', 5000) + "!";
        Assert.Contains("too long", Assert.Throws<TokenizerException>(() => new RegexPattern(pattern).Find(text)).Message);
    }

    [Fact]
    public void RandomPatternsAreTranslatedOrRefused()
    {
        var random = new Random(12);
        string[] parts =
        [
            "a", "[", "]", "^", "(", ")", "(?:", "(?i)", "(?=", "(?<!", "*", "+", "?", "{2}", "{,3}", "|",
            "\\", "\\p{L}", "\\P{Han}", "&&", "-", "[:punct:]", ".", "$", "\\w", "\\h", "\\x{41}", " ", "😀",
        ];
        for (int i = 0; i < Sizes.Of(5000, 100_000); i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            try { _ = new RegexPattern(pattern).Find("aA b\n😀漢\u0301--"); }
            catch (TokenizerException e) { Assert.NotEmpty(e.Message); }
        }
    }
}
