namespace Dayu.Inference;

/// <summary>
/// Lays curves out over one axis: a large frame, small ones below it in pairs, a legend above. Values that no axis has (NaN, and 0 on
/// a logarithmic one) leave gaps.
/// </summary>
public static class CurvePlot
{
    const double Wide = 720, Tall = 330, SmallTall = 92, Ticked = 52, Below = 34, Gap = 26, Size = 12;

    /// <summary>Draws curves.</summary>
    /// <param name="main">What the large frame shows.</param>
    /// <param name="others">What the small ones show.</param>
    /// <param name="across">Scale from left to right.</param>
    /// <param name="texts">What is written around them.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(CurvePanel main, IReadOnlyList<CurvePanel> others, AxisScale across, CurveTexts texts, string description)
    {
        var (sheet, left) = (new Sheet(), Sheet.Margin + Ticked);
        var x = Range(main, others, across);
        var y = Legend(sheet, main, sheet.Head(texts.Title, texts.Lines, Wide + Ticked) + 8) + 32;
        sheet.Shapes.Add(new Label(left, y - 7, main.Measure, Size, Color.Ink));
        new PlotFrame(sheet, left, y, Wide, Tall).Draw(main, x, across);
        sheet.Caption(left + Wide / 2, y += Tall + Below, texts.Across);
        var narrow = (Wide - Gap - Ticked) / 2;
        foreach (var row in others.Chunk(2))
        {
            y += 30;
            foreach (var (i, panel) in row.Index())
            {
                var at = left + i * (narrow + Gap + Ticked);
                sheet.Shapes.Add(new Label(at, y - 7, panel.Measure, Size, Color.Ink));
                new PlotFrame(sheet, at, y, narrow, SmallTall).Draw(panel, x, across);
            }
            y += SmallTall + 18;
        }
        return new(left + Wide + Sheet.Margin, y + Sheet.Margin, texts.Title, description, sheet.Shapes);
    }

    /// <summary>The same for all frames.</summary>
    static (double Low, double High) Range(CurvePanel main, IEnumerable<CurvePanel> others, AxisScale across)
    {
        var (low, high) = others.Prepend(main).SelectMany(p => p.Curves).SelectMany(c => c.X).Extent(across);
        return low > high ? (0, 1) : high > low ? (low, high) : (low - 0.5, high + 0.5);
    }

    /// <summary>Names behind samples of their lines, in rows; where they end.</summary>
    static double Legend(Sheet sheet, CurvePanel panel, double y)
    {
        const double mark = 26, between = 22, height = 18;
        var (x, right) = (Sheet.Margin, Sheet.Margin + Ticked + Wide);
        y += 8;
        foreach (var curve in panel.Curves.Where(c => c.Name.Length > 0))
        {
            var width = mark + Label.WidthOf(curve.Name, Size);
            if (x > Sheet.Margin && x + width > right) (x, y) = (Sheet.Margin, y + height);
            var (color, thickness) = curve.Pen;
            sheet.Shapes.Add(new Stroke(x, y - 4, x + mark - 7, y - 4, thickness, color));
            if (curve.Form == CurveForm.Dots) sheet.Shapes.Add(new Disc(x + (mark - 7) / 2, y - 4, 3, color));
            sheet.Shapes.Add(new Label(x + mark, y, curve.Name, Size, Color.Ink));
            x += width + between;
        }
        return y;
    }
}
