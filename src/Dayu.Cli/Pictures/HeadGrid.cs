namespace Dayu.Cli;

/// <summary>Every head of a model as a small heat map: layers from top to bottom, heads from left to right.</summary>
static class HeadGrid
{
    const double Whole = 1000, Tall = 1500, Gap = 8, Seam = 0.4;        // a square reaches under its neighbour, so that no ground shows between them

    /// <param name="grids">[layer][head]</param>
    /// <param name="texts">What is written around them.</param>
    /// <param name="marked">The head that is pointed at.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(Grid[][] grids, HeatMapTexts texts, (int Layer, int Head)? marked, string description)
    {
        int layers = grids.Length, heads = grids.Max(g => g.Length);
        var side = Math.Clamp(Math.Floor(Math.Min(Whole / heads, Tall / layers)) - Gap, 36, 110);
        var (sheet, x) = (new Sheet(), Sheet.Margin + 44);
        var width = x + heads * (side + Gap) + 20 + Sheet.ScaleWidth(texts.Measure, texts.Hidden) + Sheet.Margin;
        var y = sheet.Head(texts.Title, texts.Lines, width - 2 * Sheet.Margin) + 40;
        sheet.Shapes.Add(new Label(x + heads * (side + Gap) / 2, y - 22, texts.Columns, 11, Color.Faint, Anchor.Middle));
        sheet.Shapes.Add(new Label(Sheet.Margin + 8, y + layers * (side + Gap) / 2, texts.Rows, 11, Color.Faint, Anchor.Middle, -90));
        for (var h = 0; h < heads; h++) sheet.Shapes.Add(new Label(x + h * (side + Gap) + side / 2, y - 6, $"{h}", 11, Color.Ink, Anchor.Middle));
        for (var l = 0; l < layers; l++)
        {
            sheet.Shapes.Add(new Label(x - 10, y + l * (side + Gap) + side / 2 + 4, $"{l}", 11, Color.Ink, Anchor.End));
            for (var h = 0; h < grids[l].Length; h++) Small(sheet, grids[l][h], x + h * (side + Gap), y + l * (side + Gap), side);
        }
        if (marked is { } m) sheet.Frame(x + m.Head * (side + Gap) - 2, y + m.Layer * (side + Gap) - 2, side + 4, side + 4, 3, Color.Mark);
        var bottom = sheet.Scale(x + heads * (side + Gap) + 20, y + 16, Math.Clamp(layers * (side + Gap) - 20, 80, 220), 0, 1, texts.Measure, texts.Hidden);
        return new(width, Math.Max(y + layers * (side + Gap), bottom) + Sheet.Margin, texts.Title, description, sheet.Shapes);
    }

    /// <summary>One head: neighbours of one colour are one box, and the darkest colour is the ground.</summary>
    static void Small(Sheet sheet, Grid grid, double x, double y, double side)
    {
        var (n, ground) = (grid.Columns.Length, Palette.Of(0));
        var cell = side / n;
        sheet.Shapes.Add(new Box(x, y, side, side, ground));
        for (var r = 0; r < n; r++)
            for (int c = 0, end; c < n; c = end)
            {
                var color = ColorOf(grid, r, c);
                for (end = c + 1; end < n && ColorOf(grid, r, end) == color; end++) { }
                if (color != ground) sheet.Shapes.Add(new Box(x + c * cell, y + r * cell, (end - c) * cell + (end < n ? Seam : 0), cell + (r + 1 < n ? Seam : 0), color));
            }
    }

    static Color ColorOf(Grid grid, int r, int c) => grid.Hidden(r, c) ? Color.Masked : grid.Share(r, c) is >= 0.02 and var share ? Palette.Of(share) : Palette.Of(0);
}
