using System.Text;
using System.Xml.Linq;
using Dayu.Cli;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Drawings as files: what is at which place, text in any language, fonts good and bad.</summary>
public sealed class PictureTests
{
    static readonly Color red = new(200, 30, 40);

    static PngFile Painted(params Shape[] shapes)
    {
        using var fonts = new Fonts(null);
        return new(new Painter(fonts).Png(new(30, 20, "t", "d", shapes)));
    }

    [Fact]
    public void ShapesAreWhereTheyAreSaidToBe()
    {
        var png = Painted(new Box(5, 4, 10, 6, red), new Disc(22, 10, 5, red), new Stroke(5, 15, 15, 15, 2, red));
        Assert.Equal((60, 40), (png.Width, png.Height));             // two pixels a point
        Assert.Equal((255, 255, 255), png[9, 10]);
        Assert.Equal((200, 30, 40), png[10, 8]);
        Assert.Equal((200, 30, 40), png[29, 19]);
        Assert.Equal((255, 255, 255), png[30, 19]);
        Assert.Equal((200, 30, 40), png[44, 20]);
        Assert.Equal((200, 30, 40), png[20, 30]);
        var straight = 20 * 12 + 4 * 20;
        Assert.InRange(png.Count(200, 30, 40), straight + 250, straight + 315);   // a disc of radius 10: 314, those at its border mixed
    }

    [Fact]
    public void TextStandsOnItsLine()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.ttf"], TinyFont.File);
        using var fonts = new Fonts(folder["tiny.ttf"]);
        var painter = new Painter(fonts);
        Label[] labels =
        [
            new(10, 20, "AA", 10, Black),
            new(50, 20, "A", 10, red, Anchor.End),
            new(30, 10, "A", 10, new(0, 0, 200), Turn: -90),
        ];
        var png = new PngFile(painter.Png(new(60, 30, "t", "d", labels)));
        Assert.Empty(fonts.Missing);
        Assert.True(Dark(25, 35) && !Dark(25, 43) && !Dark(25, 27), "a square of 10 pixels upon row 40");
        Assert.True(!Dark(31, 35) && Dark(37, 35), "the second 12 farther");
        Assert.Equal((200, 30, 40), png[93, 35]);                    // its advance ends at 100
        Assert.Equal((0, 0, 200), png[55, 15]);                      // turned left: above its point, left of it
        Assert.InRange(png.Count(0, 0, 0), 150, 220);

        bool Dark(int x, int y) => png[x, y].R < 100;
    }

    static Color Black => new(0, 0, 0);

    /// <summary>A character that no font of any machine has: a noncharacter.</summary>
    [Fact]
    public void MissingCharactersAreTold()
    {
        using var fonts = new Fonts(null);
        new Painter(fonts).Png(new(60, 30, "t", "d", [new Label(5, 20, "A\U000EFFF0B", 10, Black)]));
        Assert.Equal([0xEFFF0], fonts.Missing.Select(r => r.Value));
    }

    [Fact]
    public void SvgIsXmlWhateverTheText()
    {
        var hostile = "<script>\"&'</title>\e[31m\0\uFFFF\uD800 长城 😀";
        Shape[] shapes = [new Label(1, 2, hostile, 5, red), new Box(0, 0, 1, 1, red, hostile)];
        var svg = XDocument.Parse(Svg.Of(new(10, 10, hostile, hostile, shapes)));
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        foreach (var e in svg.Descendants().Where(e => e.Name.LocalName is "text" or "title"))
            Assert.Contains("长城 😀", e.Value, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', svg.ToString());
    }

    [Fact]
    public void TheScaleOfColoursGrowsBrighter()
    {
        double[] light = [.. Enumerable.Range(0, 101).Select(i => Lightness(Palette.Of(i / 100.0)))];
        for (var i = 1; i < light.Length; i++) Assert.True(light[i] > light[i - 1], $"at {i} %");
        Assert.Equal("#440154", Palette.Of(0).Hex);
        Assert.Equal("#fde725", Palette.Of(1).Hex);
        Assert.Equal(Palette.Of(0), Palette.Of(double.NaN));

        static double Lightness(Color c) => 0.2126 * c.R + 0.7152 * c.G + 0.0722 * c.B;
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
            var grid = plain ? new Grid(names, names, Times(values, -0.37), -1, 0) : Grid.FromZero(names, names, values);
            var lines = new GridText(grid, width, colors: false, plain).Render().Split('\n');
            Assert.All(lines, l => Assert.InRange(CellWidth.Of(l), 0, Math.Max(width, 40) - 1));
            Assert.Equal(n, lines.Sum(l => plain ? l.Split("-37").Length - 1 : l.Contains('█') ? 1 : 0));   // no column is left out
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
        var places = names.Select(_ => (random.NextDouble(), random.NextDouble()));
        var text = new PointsText(new(names, [.. places], new bool[40]), 80).Render();
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
