using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Curves: marks that people would choose, no peak and no gap lost among many points.</summary>
public sealed class CurvePlotTests
{
    [Theory]
    [InlineData(0, 2000, AxisScale.Linear, 8, "0 200 400 600 800 1000 1200 1400 1600 1800 2000")]
    [InlineData(0.93, 1.27, AxisScale.Linear, 4, "1.0 1.1 1.2")]
    [InlineData(0, 0.00101, AxisScale.Linear, 2, "0 5e-4 1e-3")]
    [InlineData(0, 8.2e6, AxisScale.Linear, 4, "0 2M 4M 6M 8M")]
    [InlineData(-3, 3, AxisScale.Linear, 3, "−2 0 2")]
    [InlineData(1, 2000, AxisScale.Logarithmic, 8, "1 2 5 10 20 50 100 200 500 1000 2000")]
    [InlineData(1e-5, 1e5, AxisScale.Logarithmic, 3, "0.001 1 1000")]
    [InlineData(2, 9, AxisScale.Logarithmic, 4, "2 4 6 8")]
    [InlineData(0, 750, AxisScale.Time, 8, "0 2 min 4 min 6 min 8 min 10 min 12 min")]
    [InlineData(0, 100, AxisScale.Time, 6, "0 15 s 30 s 45 s 1 min 1:15 min 1:30 min")]
    [InlineData(0, 20000, AxisScale.Time, 5, "0 1 h 2 h 3 h 4 h 5 h")]
    [InlineData(3, 3, AxisScale.Linear, 5, "3")]
    public void TicksAreThoseThatPeopleChoose(double low, double high, AxisScale scale, int about, string texts) =>
        Assert.Equal(texts, string.Join(' ', Ticks.Of(low, high, scale, about).Select(t => t.Text)));

    /// <summary>Of every column the lowest, highest, first and last are kept, in order, and so is a gap; others go.</summary>
    [Fact]
    public void ManyPointsAreThinnedWithoutLosingPeaks()
    {
        var random = new Random(5);
        (double X, double Y)[] all = [.. Enumerable.Range(0, 100_000).Select(i => (i / 1000.0, random.NextDouble()))];
        all[54_321].Y = double.NaN;
        var kept = Decimation.Of(all, 1);
        Assert.InRange(kept.Count, 100 * 3, 100 * 9);
        foreach (var column in all.GroupBy(p => (int)p.X))
        {
            var mine = kept.Where(p => (int)p.X == column.Key).ToArray();
            Assert.Equal(column.Where(p => !double.IsNaN(p.Y)).Min(p => p.Y), mine.Where(p => !double.IsNaN(p.Y)).Min(p => p.Y));
            Assert.Equal(column.Where(p => !double.IsNaN(p.Y)).Max(p => p.Y), mine.Where(p => !double.IsNaN(p.Y)).Max(p => p.Y));
            Assert.Equal((column.First(), column.Last()), (mine[0], mine[^1]));
        }
        Assert.Equal(54.321, Assert.Single(kept, p => double.IsNaN(p.Y)).X);
        Assert.Equal(kept.OrderBy(p => p.X), kept);
        Assert.Equal(all[..4], Decimation.Of(all[..4], 1));
    }

    [Fact]
    public void AGapIsNotBridged()
    {
        double[] x = [1, 2, 3, 4, 5, 6], y = [3, 2, double.NaN, 2, 1, 0];
        var picture = Draw(new("loss", [new("a", Color.Mark, CurveForm.Line, x, y)]));
        Assert.Equal([2, 3, 2, 3], picture.Shapes.OfType<Polyline>().Select(l => l.Points.Count));
        var log = Draw(new("loss", [new("a", Color.Mark, CurveForm.Line, x, y)], AxisScale.Logarithmic));
        Assert.Equal([2, 2, 2, 2], log.Shapes.OfType<Polyline>().Select(l => l.Points.Count));   // 0 has no logarithm
    }

    /// <summary>What is drawn stays on the sheet, also where there is hardly anything to draw.</summary>
    [Theory]
    [InlineData()]
    [InlineData(5.0)]
    [InlineData(5.0, 5.0, 5.0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(1e-300, 1e300)]
    public void EverythingIsOnTheSheet(params double[] y)
    {
        double[] x = [.. y.Select((_, i) => i + 1.0)];
        foreach (var form in Enum.GetValues<CurveForm>())
        {
            var picture = Draw(new("loss", [new("a", Color.Mark, form, x, y)]));
            foreach (var (px, py) in picture.Shapes.OfType<Polyline>().SelectMany(p => p.Points)
                .Concat(picture.Shapes.OfType<Disc>().Select(d => (d.X, d.Y))))
                Assert.True(px >= 0 && px <= picture.Width && py >= 0 && py <= picture.Height, $"{px} {py}");
        }
    }

    static Picture Draw(CurvePanel panel) => CurvePlot.Of(panel, [panel], AxisScale.Linear, new("title", "lines", "steps"), "in words");
}
