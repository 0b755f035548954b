namespace Dayu.Inference;

/// <summary>What is written around a heat map.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lines">More of it, line by line.</param>
/// <param name="Rows">What rows are.</param>
/// <param name="Columns">What columns are.</param>
/// <param name="Measure">What the numbers are.</param>
/// <param name="Hidden">What cells without a number mean; empty: there are none.</param>
public sealed record HeatMapTexts(string Title, string Lines, string Rows, string Columns, string Measure, string Hidden = "");

/// <summary>Lays a grid out as squares of colours, names at their sides, numbers in squares that are large enough.</summary>
public static class HeatMap
{
    const double Whole = 680, SmallestCell = 9, LargestCell = 44, Numbered = 27, Lean = 55;
    const int LongestName = 18;                                      // columns of a terminal

    /// <summary>Draws a grid of numbers as colours.</summary>
    /// <param name="grid">The numbers.</param>
    /// <param name="texts">What is written around them.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(Grid grid, HeatMapTexts texts, string description)
    {
        int rows = grid.Rows.Length, columns = grid.Columns.Length;
        var cell = Math.Clamp(Math.Floor(Whole / Math.Max(1, columns)), SmallestCell, LargestCell);
        var size = Math.Clamp(cell * 0.6, 7.5, 13);
        string[] left = Shortened(grid.Rows), above = Shortened(grid.Columns);
        var nameWidth = left.Max(n => Label.WidthOf(n, size));
        var nameRise = above.Max(n => Label.WidthOf(n, size)) * Math.Sin(Lean * Math.PI / 180) + size;
        var (sheet, x) = (new Sheet(), Sheet.Margin + 20 + nameWidth + 8);
        var right = x + columns * cell;
        var width = right + 28 + Sheet.ScaleWidth(texts.Measure, texts.Hidden) + Sheet.Margin;
        var y = sheet.Head(texts.Title, texts.Lines, width - 2 * Sheet.Margin) + 16 + nameRise + 6;

        sheet.Caption(x + columns * cell / 2, y - nameRise - 8, texts.Columns);
        sheet.Caption(Sheet.Margin + 8, y + rows * cell / 2, texts.Rows, -90);
        for (var c = 0; c < columns; c++)
        {
            var color = grid.Marked.Contains(c) ? Color.Mark : Color.Ink;
            sheet.Shapes.Add(new Label(x + (c + 0.5) * cell + size * 0.3, y - 6, above[c], size, color, Anchor.Start, -Lean));
        }
        for (var r = 0; r < rows; r++)
        {
            var color = grid.Row == r ? Color.Mark : Color.Ink;
            sheet.Shapes.Add(new Label(x - 8, y + (r + 0.5) * cell + size * 0.35, left[r], size, color, Anchor.End));
            for (var c = 0; c < columns; c++) Cell(sheet, grid, r, c, x + c * cell, y + r * cell, cell, size);
        }
        if (grid.Row is { } row)
        {
            sheet.Frame(x, y + row * cell, columns * cell, cell, 1.5, Color.Mark);
            foreach (var c in grid.Marked) sheet.Frame(x + c * cell, y + row * cell, cell, cell, 3, Color.Mark);
        }
        var scale = Math.Clamp(rows * cell - 20, 80, 220);
        var bottom = sheet.Scale(right + 28, y + 16, scale, grid.Low, grid.High, texts.Measure, texts.Hidden);
        return new(width, Math.Max(y + rows * cell, bottom) + Sheet.Margin, texts.Title, description, sheet.Shapes);
    }

    static string[] Shortened(string[] names) => [.. names.Select(n => Label.Short(n, LongestName))];

    static void Cell(Sheet sheet, Grid grid, int r, int c, double x, double y, double cell, double size)
    {
        var gap = cell >= 16 ? 1 : 0.5;
        var hidden = grid.Hidden(r, c);
        var color = hidden ? Color.Masked : Palette.Of(grid.Share(r, c));
        var says = hidden ? null : $"{grid.Rows[r]} → {grid.Columns[c]} {grid.Values[r, c]:F3}";
        sheet.Shapes.Add(new Box(x, y, cell - gap, cell - gap, color, says));
        if (hidden || cell < Numbered) return;
        var number = grid.Values[r, c].ToString("F2").Replace("0.", ".");
        var (middle, line) = (x + (cell - gap) / 2, y + cell / 2 + size * 0.3);
        sheet.Shapes.Add(new Label(middle, line, number, Math.Min(11, cell * 0.36), color.Over, Anchor.Middle));
    }
}
