namespace Dayu.Inference;

/// <summary>Every head of a model as a small heat map: layers from top to bottom, heads from left to right.</summary>
public static class HeadGrid
{
    const double Whole = 1000, Tall = 1500, Gap = 8, Faintest = 0.02;
    const double Seam = 0.4;                                         // a square reaches under its neighbour: no ground between them

    /// <summary>Draws all heads, a small map each.</summary>
    /// <param name="grids">[layer][head]</param>
    /// <param name="texts">What is written around them.</param>
    /// <param name="marked">The head that is pointed at.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(Grid[][] grids, HeatMapTexts texts, (int Layer, int Head)? marked, string description)
    {
        int layers = grids.Length, heads = grids.Max(g => g.Length);
        var side = Math.Clamp(Math.Floor(Math.Min(Whole / heads, Tall / layers)) - Gap, 36, 110);
        var step = side + Gap;
        var (sheet, x) = (new Sheet(), Sheet.Margin + 44);
        var width = x + heads * step + 20 + Sheet.ScaleWidth(texts.Measure, texts.Hidden) + Sheet.Margin;
        var y = sheet.Head(texts.Title, texts.Lines, width - 2 * Sheet.Margin) + 40;
        sheet.Caption(x + heads * step / 2, y - 22, texts.Columns);
        sheet.Caption(Sheet.Margin + 8, y + layers * step / 2, texts.Rows, -90);
        for (var h = 0; h < heads; h++) sheet.Shapes.Add(new Label(x + h * step + side / 2, y - 6, $"{h}", 11, Color.Ink, Anchor.Middle));
        for (var l = 0; l < layers; l++)
        {
            sheet.Shapes.Add(new Label(x - 10, y + l * step + side / 2 + 4, $"{l}", 11, Color.Ink, Anchor.End));
            for (var h = 0; h < grids[l].Length; h++) Small(sheet, grids[l][h], x + h * step, y + l * step, side);
        }
        if (marked is { } m) sheet.Frame(x + m.Head * step - 2, y + m.Layer * step - 2, side + 4, side + 4, 3, Color.Mark);
        var scale = Math.Clamp(layers * step - 20, 80, 220);
        var bottom = sheet.Scale(x + heads * step + 20, y + 16, scale, 0, 1, texts.Measure, texts.Hidden);
        return new(width, Math.Max(y + layers * step, bottom) + Sheet.Margin, texts.Title, description, sheet.Shapes);
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
                if (color == ground) continue;
                var (width, height) = ((end - c) * cell + (end < n ? Seam : 0), cell + (r + 1 < n ? Seam : 0));
                sheet.Shapes.Add(new Box(x + c * cell, y + r * cell, width, height, color));
            }
    }

    static Color ColorOf(Grid grid, int r, int c)
    {
        if (grid.Hidden(r, c)) return Color.Masked;
        var share = grid.Share(r, c);
        return Palette.Of(share >= Faintest ? share : 0);
    }
}
