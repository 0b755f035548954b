using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dayu.Cli;
using Dayu.Inference;
using SkiaSharp;

namespace Dayu.Tests;

/// <summary>Text in an SVG: Latin stays text, Chinese is drawn, and looks as it does when it is painted.</summary>
public sealed partial class SvgOutlinesTests
{
    static readonly XNamespace svg = "http://www.w3.org/2000/svg", xlink = "http://www.w3.org/1999/xlink";

    static Glyph? Square(Rune rune) => rune.Value switch
    {
        ' ' => new("", 300),
        'a' or '大' or '禹' => new("M0 0L500 0L500 -500Z", 1000),
        _ => null,
    };

    static XElement Drawn(params Label[] labels) => XDocument.Parse(Svg.Of(new(60, 30, "t", "d", labels), Square)).Root!;

    [Fact]
    public void LatinStaysAsItIs()
    {
        Label[] labels = [new(1, 2, "King Yu → Ω я \"&\"", 5, Color.Ink), new(3, 4, "−0.5", 12.5, Color.Faint, Anchor.End, -90)];
        var picture = new Picture(60, 30, "大禹", "d", labels);
        var text = Svg.Of(picture, _ => throw new InvalidOperationException("nobody needs outlines"));
        Assert.Equal(Svg.Of(picture), text);
        var fonts = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
        var open = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"30\" viewBox=\"0 0 60 30\" role=\"img\"";
        Assert.Equal($"""
            {open} aria-labelledby="title desc" font-family="{fonts}">
            <title id="title">大禹</title>
            <desc id="desc">d</desc>
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="1" y="2" font-size="5" fill="#1f2328">King Yu → Ω я &quot;&amp;&quot;</text>
            <text x="3" y="4" font-size="12.5" fill="#59636e" text-anchor="end" transform="rotate(-90 3 4)">−0.5</text>
            </svg>

            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void EachCharacterIsDefinedOnceAndUsedWhereItStands()
    {
        var drawn = Drawn(new(1, 2, "大a 大", 12.5, Color.Ink), new(3, 4, "禹大", 10, Color.Mark, Anchor.Middle, -55));
        Assert.Equal(["u5927", "u61", "u79b9"], drawn.Descendants(svg + "path").Select(p => p.Attribute("id")!.Value));
        Assert.Empty(drawn.Descendants(svg + "text"));
        XElement[] groups = [.. drawn.Elements(svg + "g")];
        Assert.Equal(["大a 大", "禹大"], groups.Select(g => g.Attribute("aria-label")!.Value));
        Assert.Equal("translate(1 2) scale(0.0125)", groups[0].Attribute("transform")!.Value);
        Assert.Equal("translate(3 4) rotate(-55) scale(0.01) translate(-1000 0)", groups[1].Attribute("transform")!.Value);
        Assert.Equal(["#u5927 0", "#u61 1000", "#u5927 2300"],
            groups[0].Elements(svg + "use").Select(u => $"{u.Attribute(xlink + "href")!.Value} {u.Attribute("x")!.Value}"));
    }

    /// <summary>An emoji in colours has no outline; one of several characters stays one.</summary>
    [Fact]
    public void WhatHasNoOutlineStaysTextInItsPlace()
    {
        var group = Drawn(new Label(1, 2, "大👩‍🚀<大", 10, Color.Ink, Anchor.End)).Elements(svg + "g").Single();
        var rest = group.Elements(svg + "text").Single();
        Assert.Equal(("👩‍🚀<", "1000", "1000"), (rest.Value, rest.Attribute("x")!.Value, rest.Attribute("font-size")!.Value));
        Assert.EndsWith("translate(-4600 0)", group.Attribute("transform")!.Value, StringComparison.Ordinal);
    }

    /// <summary>
    /// Every third hanzi of GB 2312's first level, by Skia as text and from the path data as SVG fills it: hardly a
    /// pixel is another, so no stroke is missing and no square filled.
    /// </summary>
    [Fact]
    public void OutlinesLookLikePaintedText()
    {
        using var fonts = new Fonts(null, FontOrder.BundledOnly);
        var outlines = new GlyphOutlines(fonts);
        var gb2312 = CodePagesEncodingProvider.Instance.GetEncoding("gb2312")!;
        var some = Enumerable.Range(0, 3755 / 3).Select(i => gb2312.GetString([(byte)(0xB0 + 3 * i / 94), (byte)(0xA1 + 3 * i % 94)]));
        foreach (var text in some.Concat(["句", "向", "g", "，"]))
        {
            using var font = new SKFont(fonts.Last, 40) { Hinting = SKFontHinting.None, Subpixel = true };
            using var path = Parsed(outlines.Of(text.EnumerateRunes().Single())!.Path);
            path.Transform(SKMatrix.CreateScaleTranslation(0.04f, 0.04f, 4, 40));
            var (painted, filled) = (Pixels((c, p) => c.DrawText(text, 4, 40, font, p)), Pixels((c, p) => c.DrawPath(path, p)));
            Assert.True(painted.Count(b => b < 128) > 20, text);
            var other = painted.Zip(filled).Count(b => Math.Abs(b.First - b.Second) > 100);
            Assert.True(other <= 6, $"{text}: {other} pixels");
        }
    }

    static byte[] Pixels(Action<SKCanvas, SKPaint> draw)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(48, 52, SKColorType.Gray8));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true };
        canvas.Clear(SKColors.White);
        draw(canvas, paint);
        return bitmap.Bytes;
    }

    /// <summary>The few commands that outlines have, read without the help of who wrote them.</summary>
    static SKPath Parsed(string data)
    {
        var path = new SKPath { FillType = SKPathFillType.Winding };     // SVG's rule, where nothing else is said
        foreach (Match part in Part().Matches(data))
        {
            int[] n = [.. part.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            switch (part.Groups[1].Value)
            {
                case "M": path.MoveTo(n[0], n[1]); break;
                case "L": path.LineTo(n[0], n[1]); break;
                case "Q": path.QuadTo(n[0], n[1], n[2], n[3]); break;
                default: path.Close(); break;
            }
        }
        return path;
    }

    [GeneratedRegex("([MLQZ])([-0-9 ]*)")]
    private static partial Regex Part();
}
