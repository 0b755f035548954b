using Dayu.Training;

namespace Dayu.Tests;

public sealed class NormalTextTests
{
    [Theory]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("\n\n  a  \n\n\n\n b\t\n", "  a\n\n b")]
    [InlineData("e\u0301\uFEFF \u0007x\u00AD", "é x")]
    [InlineData("\e[31mred\0", "[31mred")]
    [InlineData("\u200B\u0007 \n", "\u200B")]
    [InlineData(" \a\n\t", "")]
    [InlineData("大禹，治水。\n", "大禹，治水。")]
    [InlineData("😀 ok", "😀 ok")]
    public void ItIs(string text, string normal)
    {
        Assert.Equal(normal, NormalText.Of(text));
        Assert.Equal(normal, NormalText.Of(normal));
    }

    [Fact]
    public void HalfACharacterBecomesTheSignForOne() => Assert.Equal("a\uFFFDb\uFFFD", NormalText.Of("a" + '\uD83D' + "b" + '\uDE00'));
}
