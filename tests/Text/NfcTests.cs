using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Normalization form C: cases of UAX #15.</summary>
public sealed class NfcTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "é")]
    [InlineData("é", "é")]
    [InlineData("\u212B", "\u00C5")]                                    // Ångström sign: only decomposes, then composes to the letter
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]                      // marks in order of class
    [InlineData("d\u0307\u0323", "\u1E0D\u0307")]                       // …of which one composes past the other
    [InlineData("a\u0315\u0300\u05AE", "\u00E0\u05AE\u0315")]
    [InlineData("a\u0301\u0301", "á\u0301")]                            // the second of a class is blocked by the first
    [InlineData("\u0958", "\u0915\u093C")]                              // excluded from composition
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("하\u11AB", "한")]
    [InlineData("\u1100\u11A8", "\u1100\u11A8")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\u2F800\u0301", "\u2F800\u0301")]
    [InlineData("\u0344", "\u0308\u0301")]
    public void Composes(string text, string expected) => Assert.Equal(expected, NormalForm.C.Normalize(text).ToString());

    [Fact]
    public void WhatIsNormalStaysSo()
    {
        var random = new Random(2);
        for (int i = 0; i < Sizes.Of(2000, 40_000); i++)
        {
            var once = NormalForm.C.Normalize(Vocabularies.RandomText(random, 40)).ToString();
            Assert.Equal(once, NormalForm.C.Normalize(once).ToString());
        }
    }

    [Fact]
    public void ManyMarksTakeLinearithmicTime()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 200_000));
        Assert.Equal(400_000, NormalForm.C.Normalize("x" + marks).Length - 1);
    }
}
