using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Dayu.Cli;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>
/// The font that comes along: what it has, when it is asked, and what a machine without fonts paints with it.
/// </summary>
public sealed class FontsTests
{
    static Fonts Alone => new(null, FontOrder.BundledOnly);

    static IEnumerable<Rune> Lacking(IEnumerable<Rune> runes)
    {
        using var fonts = Alone;
        return [.. runes.Where(r => r.Value > ' ' && fonts.For(r) is null)];
    }

    /// <summary>Also what a picture could show of them: captions, axes, sentences.</summary>
    [Fact]
    public void ItHasEveryCharacterOfOurChineseTexts()
    {
        string[] texts = [.. House.Files.Where(f => f.EndsWith(".zh-CN.md", StringComparison.Ordinal)).Select(House.Text),
            .. Strings.Of("zh-CN").All.Values];
        Assert.True(texts.Length > 100);
        Assert.Empty(Lacking(texts.SelectMany(t => t.EnumerateRunes())));
    }

    [Fact]
    public void ItHasTheWholeOfGb2312()
    {
        var gb2312 = CodePagesEncodingProvider.Instance.GetEncoding("gb2312")!;
        var pairs = from row in Enumerable.Range(0xA1, 0xF7 - 0xA0)
                    from cell in Enumerable.Range(0xA1, 94)
                    select gb2312.GetString([(byte)row, (byte)cell]);
        Rune[] all = [.. pairs.Where(p => p.Length == 1 && IsOne(p[0])).Select(p => new Rune(p[0]))];
        Assert.Equal(6763, all.Count(r => r.Value is >= 0x4E00 and < 0xA000));
        Assert.Empty(Lacking(all));

        static bool IsOne(char c) => c is not ('?' or '\uFFFD' or (>= '\uE000' and < '\uF900'));   // a hole, or a private place
    }

    [Fact]
    public void ItHasWhatPicturesWrite()
    {
        var latin = Enumerable.Range(0x20, 0x5F).Concat(Enumerable.Range(0xA0, 0x60)).Select(c => new Rune(c));
        Assert.Empty(Lacking([.. latin, .. "鯀禹疏導ー﹗…→−—“”‘’，。：；（）【】《》！？、ＡＺ０９～￥".EnumerateRunes()]));
    }

    [Fact]
    public void WithoutOtherFontsChineseIsNoBox()
    {
        var (da, yu, unassigned) = (Painted("大"), Painted("禹"), Painted("\U000EFFF0"));
        Assert.NotEqual(da, unassigned);
        Assert.NotEqual(yu, unassigned);
        Assert.NotEqual(da, yu);
        Assert.NotEqual(da, Painted(" "));
        using var fonts = Alone;
        foreach (var rune in "大禹治水，因势利导。".EnumerateRunes()) Assert.NotEqual(0, fonts.For(rune)!.GetGlyph(rune.Value));
    }

    static string Painted(string text)
    {
        using var fonts = Alone;
        var label = new Label(2, 18, text, 16, Color.Ink);
        return Convert.ToHexString(new Painter(fonts).Png(new(20, 24, "t", "d", [label])));
    }

    [Fact]
    public void TheNamedFontComesBeforeIt()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.ttf"], TinyFont.File);
        using var fonts = new Fonts(folder["tiny.ttf"], FontOrder.BundledOnly);
        Assert.Equal(TinyFont.UnitsPerEm * TinyFont.Advance / 1000, new GlyphOutlines(fonts).Of(new('A'))!.Advance, 0.5);
        Assert.Equal("Noto Sans SC", fonts.For(new('大'))!.FamilyName);
        Assert.Equal("Noto Sans SC", fonts.For(new('B'))!.FamilyName);
        Assert.Null(fonts.For(new(0xEFFF0)));
        Assert.Equal([0xEFFF0], fonts.Missing.Select(r => r.Value));
    }

    [Fact]
    public void PixelsTakeTheMachinesUsualFontAndOutlinesTheOneThatComesAlong()
    {
        using Fonts pixels = new(null), outlines = new(null, FontOrder.BundledFirst);
        Assert.Same(pixels.Last, pixels.For(new('a')));
        Assert.Equal("Noto Sans SC", outlines.For(new('a'))!.FamilyName);
        Assert.NotNull(pixels.For(new('禹')));
    }

    /// <summary>What the licence asks of a font that is handed on: its text beside it, its notice inside.</summary>
    [Fact]
    public void ItsLicenceComesWithIt()
    {
        Assert.Contains("SIL OPEN FONT LICENSE Version 1.1", House.Text("src/Dayu.Cli/Fonts/OFL.txt"), StringComparison.Ordinal);
        using var fonts = Alone;
        var inside = Encoding.BigEndianUnicode.GetString(fonts.Last.GetTableData(('n' << 24) | ('a' << 16) | ('m' << 8) | 'e'));
        Assert.Contains("SIL Open Font License, Version 1.1", inside, StringComparison.Ordinal);
        Assert.Contains("2014-2021 Adobe", inside, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsTheOneThatItsPageDescribes()
    {
        using var packed = File.OpenRead(House.At("src/Dayu.Cli/Fonts/NotoSansSC.ttf.gz"));
        using var font = new GZipStream(packed, CompressionMode.Decompress);
        var hash = Convert.ToHexStringLower(SHA256.HashData(font));
        Assert.Contains(hash, House.Text("src/Dayu.Cli/Fonts/README.md"), StringComparison.Ordinal);
        Assert.Contains(hash, House.Text("docs/dependencies.md"), StringComparison.Ordinal);
    }
}
