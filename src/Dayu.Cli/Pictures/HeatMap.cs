namespace Dayu.Cli;

/// <summary>What is written around a heat map.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lines">More of it, line by line.</param>
/// <param name="Rows">What rows are.</param>
/// <param name="Columns">What columns are.</param>
/// <param name="Measure">What the numbers are.</param>
/// <param name="Hidden">What cells without a number mean.</param>
sealed record HeatMapTexts(string Title, string Lines, string Rows, string Columns, string Measure, string Hidden = "");

/// <summary>Lays a grid out as squares of colours, names at their sides, numbers in squares that are large enough.</summary>
static class HeatMap
{
    const double Whole = 680, SmallestCell = 9, LargestCell = 44, Numbered = 27, Lean = 55;
    const int LongestName = 18;                                      // columns of a terminal

    public static Picture Of(Grid grid, HeatMapTexts texts, string description)
    {
        int rows = grid.Rows.Length, columns = grid.Columns.Length;
        var cell = Math.Clamp(Math.Floor(Whole / Math.Max(1, columns)), SmallestCell, LargestCell);
        var size = Math.Clamp(cell * 0.6, 7.5, 13);
        string[] left = [.. grid.Rows.Select(r => Label.Short(r, LongestName))], above = [.. grid.Columns.Select(c => Label.Short(c, LongestName))];
        var (nameWidth, nameRise) = (left.Max(n => Label.WidthOf(n, size)), above.Max(n => Label.WidthOf(n, size)) * Math.Sin(Lean * Math.PI / 180) + size);
        var (sheet, x) = (new Sheet(), Sheet.Margin + 20 + nameWidth + 8);
        var width = x + columns * cell + 28 + Sheet.ScaleWidth(texts.Measure, texts.Hidden) + Sheet.Margin;
        var y = sheet.Head(texts.Title, texts.Lines, width - 2 * Sheet.Margin) + 16 + nameRise + 6;

        sheet.Shapes.Add(new Label(x + columns * cell / 2, y - nameRise - 8, texts.Columns, 11, Color.Faint, Anchor.Middle));
        sheet.Shapes.Add(new Label(Sheet.Margin + 8, y + rows * cell / 2, texts.Rows, 11, Color.Faint, Anchor.Middle, -90));
        for (var c = 0; c < columns; c++)
            sheet.Shapes.Add(new Label(x + (c + 0.5) * cell + size * 0.3, y - 6, above[c], size, grid.Marked.Contains(c) ? Color.Mark : Color.Ink, Anchor.Start, -Lean));
        for (var r = 0; r < rows; r++)
        {
            sheet.Shapes.Add(new Label(x - 8, y + (r + 0.5) * cell + size * 0.35, left[r], size, grid.Row == r ? Color.Mark : Color.Ink, Anchor.End));
            for (var c = 0; c < columns; c++) Cell(sheet, grid, r, c, x + c * cell, y + r * cell, cell, size);
        }
        if (grid.Row is { } row)
        {
            sheet.Frame(x, y + row * cell, columns * cell, cell, 1.5, Color.Mark);
            foreach (var c in grid.Marked) sheet.Frame(x + c * cell, y + row * cell, cell, cell, 3, Color.Mark);
        }

        var legend = x + columns * cell + 28;
        var scale = Math.Clamp(rows * cell - 20, 80, 220);
        var bottom = sheet.Scale(legend, y + 16, scale, grid.Low, grid.High, texts.Measure, texts.Hidden);
        return new(width, Math.Max(y + rows * cell, bottom) + Sheet.Margin, texts.Title, description, sheet.Shapes);
    }

    static void Cell(Sheet sheet, Grid grid, int r, int c, double x, double y, double cell, double size)
    {
        var gap = cell >= 16 ? 1 : 0.5;
        var hidden = grid.Hidden(r, c);
        var color = hidden ? Color.Masked : Palette.Of(grid.Share(r, c));
        var number = grid.Values[r, c].ToString("F2");
        sheet.Shapes.Add(new Box(x, y, cell - gap, cell - gap, color, hidden ? null : $"{grid.Rows[r]} → {grid.Columns[c]} {grid.Values[r, c]:F3}"));
        if (!hidden && cell >= Numbered) sheet.Shapes.Add(new Label(x + (cell - gap) / 2, y + cell / 2 + size * 0.3, number.Replace("0.", "."), Math.Min(11, cell * 0.36), color.Over, Anchor.Middle));
    }
}
