using System.Text;
using System.Xml.Linq;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>Drawings as files: what is at which place, text in any language, fonts good and bad.</summary>
public sealed class PictureTests
{
    static readonly Color red = new(200, 30, 40);

    static PngFile Painted(Picture picture, Fonts? fonts = null) => new(Png.Of(new Painter(fonts ?? new([])).Paint(picture)));

    [Fact]
    public void ShapesAreWhereTheyAreSaidToBe()
    {
        var png = Painted(new(30, 20, "t", "d", [new Box(5, 4, 10, 6, red), new Disc(22, 10, 5, red), new Stroke(5, 15, 15, 15, 2, red)]));
        Assert.Equal((60, 40), (png.Width, png.Height));             // two pixels a point
        Assert.Equal((255, 255, 255), png[9, 10]);
        Assert.Equal((200, 30, 40), png[10, 8]);
        Assert.Equal((200, 30, 40), png[29, 19]);
        Assert.Equal((255, 255, 255), png[30, 19]);
        Assert.Equal((200, 30, 40), png[44, 20]);
        Assert.Equal((200, 30, 40), png[20, 30]);
        Assert.InRange(png.Count(200, 30, 40), 20 * 12 + 4 * 20 + 250, 20 * 12 + 4 * 20 + 315);      // a disc of radius 10: 314 pixels, those at its border mixed
    }

    [Fact]
    public void HalfCoveredPixelsAreMixed()
    {
        var png = Painted(new(4, 4, "t", "d", [new Box(0.75, 1, 1, 1, new(0, 0, 0))]));
        Assert.Equal((128, 128, 128), png[1, 2]);                    // 1.5 to 3.5 pixels
        Assert.Equal((0, 0, 0), png[2, 2]);
        Assert.Equal((128, 128, 128), png[3, 2]);
        Assert.Equal((255, 255, 255), png[4, 2]);
    }

    [Fact]
    public void GlyphsStandOnTheirLine()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.ttf"], TinyFont.File);
        var fonts = new Fonts([folder["tiny.ttf"]]);
        var png = Painted(new(60, 30, "t", "d", [new Label(10, 20, "AA", 10, new(0, 0, 0)), new Label(50, 20, "A", 10, red, Anchor.End)]), fonts);
        Assert.Equal((0, 0, 0), png[20, 39]);                        // at 20 pixels a size, a square of 10 upon pixel row 40
        Assert.Equal((0, 0, 0), png[29, 30]);
        Assert.Equal((255, 255, 255), png[20, 40]);
        Assert.Equal((255, 255, 255), png[20, 29]);
        Assert.Equal((255, 255, 255), png[31, 35]);
        Assert.Equal((0, 0, 0), png[32, 35]);                        // the next one, 0.6 of the size farther
        Assert.Equal(200, png.Count(0, 0, 0));
        Assert.Equal((200, 30, 40), png[88, 35]);                    // its advance ends at 100
    }

    [Fact]
    public void MissingCharactersAreToldAndBoxed()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.ttf"], TinyFont.File);
        var painter = new Painter(new([folder["tiny.ttf"]]));
        var png = new PngFile(Png.Of(painter.Paint(new(60, 30, "t", "d", [new Label(5, 20, "A长B", 10, new(0, 0, 0))]))));
        Assert.Equal(["B", "长"], painter.Missing.Select(r => r.ToString()).Order(StringComparer.Ordinal));
        Assert.True(png.Count(0, 0, 0) > 130);
        Assert.False(new Fonts([folder["none.ttf"]]).Any);
    }

    [Fact]
    public void DamagedFontsAreRefusedAndNeverCrash()
    {
        using var folder = new TempFolder();
        var (random, path) = (new Random(1), folder["bad.ttf"]);
        for (var i = 0; i < 1500; i++)
        {
            byte[] bytes = [.. TinyFont.File.Take(random.Next(8) == 0 ? random.Next(TinyFont.File.Length) : TinyFont.File.Length)];
            for (var hits = random.Next(1, 6); hits > 0 && bytes.Length > 0; hits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                var font = Font.Open(path);
                foreach (var rune in "Aé长".EnumerateRunes()) _ = (font.OutlineOf(font.GlyphOf(rune)), font.AdvanceOf(font.GlyphOf(rune)));
            }
            catch (InvalidDataException) { }
        }
    }

    public static TheoryData<string> MachineFonts() => [.. new[] { "/usr/share/fonts", "/System/Library/Fonts", @"C:\Windows\Fonts" }.Where(Directory.Exists)
        .SelectMany(f => Directory.EnumerateFiles(f, "*.?t?", SearchOption.AllDirectories)).Where(f => Path.GetExtension(f) is ".ttf" or ".otf" or ".ttc").Order(StringComparer.Ordinal).Take(12).DefaultIfEmpty("")];

    /// <summary>Fonts of the machine: letters have outlines of a plausible area, upright above the base line.</summary>
    [Theory, MemberData(nameof(MachineFonts))]
    public void FontsOfTheMachine(string path)
    {
        if (path.Length == 0) Assert.Skip("this machine has no fonts");
        Font font;
        try { font = Font.Open(path); }
        catch (InvalidDataException e)
        {
            Assert.Skip($"{path}: {e.Message}");
            return;
        }
        if (font.GlyphOf(new('H')) == 0) Assert.Skip($"{path} has no Latin letters");
        var points = font.OutlineOf(font.GlyphOf(new('H'))).Rings.SelectMany(r => r).ToList();
        Assert.InRange(points.Max(p => p.Y) / font.UnitsPerEm, 0.4, 1.1);
        Assert.InRange(points.Min(p => p.Y) / font.UnitsPerEm, -0.25, 0.15);
        Assert.InRange((double)font.AdvanceOf(font.GlyphOf(new('H'))) / font.UnitsPerEm, 0.3, 1.3);
    }

    [Fact]
    public void SvgIsXmlWhateverTheText()
    {
        var hostile = "<script>\"&'</title>\e[31m\0\uFFFF\uD800 长城 😀";
        var svg = XDocument.Parse(Svg.Of(new(10, 10, hostile, hostile, [new Label(1, 2, hostile, 5, red), new Box(0, 0, 1, 1, red, hostile)])));
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.All(svg.Descendants().Where(e => e.Name.LocalName is "text" or "title"), e => Assert.Contains("长城 😀", e.Value, StringComparison.Ordinal));
        Assert.DoesNotContain('\e', svg.ToString());
    }

    [Fact]
    public void TheScaleOfColoursGrowsBrighter()
    {
        var light = Enumerable.Range(0, 101).Select(i => Palette.Of(i / 100.0)).Select(c => 0.2126 * c.R + 0.7152 * c.G + 0.0722 * c.B).ToArray();
        for (var i = 1; i < light.Length; i++) Assert.True(light[i] > light[i - 1], $"at {i} %");
        Assert.Equal("#440154", Palette.Of(0).Hex);
        Assert.Equal("#fde725", Palette.Of(1).Hex);
        Assert.Equal(Palette.Of(0), Palette.Of(double.NaN));
    }

    [Theory]
    [InlineData(60, 16), InlineData(80, 16), InlineData(80, 60), InlineData(80, 200), InlineData(20, 9)]
    public void GridsOnATerminalKeepTheirWidth(int width, int n)
    {
        string[] names = [.. Enumerable.Range(0, n).Select(i => i % 3 == 0 ? "长城长城长城长城长城" : $"word{i}")];
        var values = new double[n, n];
        for (var i = 0; i < n; i++) values[i, n - 1 - i] = 1;
        foreach (var plain in (bool[])[false, true])
        {
            var lines = new GridText(plain ? new(names, names, Times(values, -0.37), -1, 0) : Grid.FromZero(names, names, values), width, colors: false, plain).Render().Split('\n');
            Assert.All(lines, l => Assert.InRange(CellWidth.Of(l), 0, Math.Max(width, 40) - 1));
            Assert.Equal(n, lines.Sum(l => plain ? l.Split("-37").Length - 1 : l.Contains('█') ? 1 : 0));          // no column is left out
        }
    }

    static double[,] Times(double[,] values, double factor)
    {
        var all = (double[,])values.Clone();
        for (var i = 0; i < all.GetLength(0); i++)
            for (var j = 0; j < all.GetLength(1); j++) all[i, j] *= factor;
        return all;
    }

    [Fact]
    public void PointsOnATerminalAreAllNamed()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"长城{i}" : $"name{i}")];
        var random = new Random(7);
        var text = new PointsText(new(names, [.. names.Select(_ => (random.NextDouble(), random.NextDouble()))], new bool[40]), 80).Render();
        Assert.All(names, n => Assert.Contains(n, text, StringComparison.Ordinal));
        Assert.All(text.Split('\n').Where(l => l.StartsWith('│')), l => Assert.Equal(79, CellWidth.Of(l)));
    }

    [Fact]
    public void LongLinesAreWrapped()
    {
        var text = string.Join(' ', Enumerable.Range(0, 50).Select(i => $"word{i}")) + new string('长', 80);
        var lines = Sheet.Wrapped(text, 300, 12).ToArray();
        Assert.All(lines, l => Assert.InRange(Label.WidthOf(l, 12), 1, 300));
        Assert.Equal(text.Replace(" ", ""), string.Concat(lines).Replace(" ", ""));
    }
}
