namespace Dayu.Inference;

/// <summary>A thing with a size.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Size">Above 0.</param>
/// <param name="Lines">What stands under its name: its size in words, say.</param>
/// <param name="Marked">Whether the eye should find it first.</param>
public sealed record Sized(string Name, double Size, string[] Lines, bool Marked);

/// <summary>
/// Lays things out as squares on one ground, smallest first, whose areas are their sizes: one scale for all, and none is drawn larger
/// than it is. One that is hard to see has a pointer above it.
/// </summary>
public static class SquareScale
{
    const double Largest = 420, Gap = 26, NameSize = 13, TextSize = 11.5, Line = 16, Small = 8, Pointer = 34, Clear = 5;

    /// <summary>Draws things to scale.</summary>
    /// <param name="things">At least one.</param>
    /// <param name="title">What they are.</param>
    /// <param name="lines">More of it, line by line.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(IReadOnlyList<Sized> things, string title, string lines, string description)
    {
        Sized[] ascending = [.. things.OrderBy(t => t.Size)];
        var points = Largest / Math.Sqrt(ascending[^1].Size);         // of the side of a square of size 1
        double[] widths = [.. ascending.Select(t => Math.Max(Math.Sqrt(t.Size) * points, NameWidth(t)))];
        var (sheet, x) = (new Sheet(), Sheet.Margin);
        var width = 2 * Sheet.Margin + widths.Sum() + Gap * (widths.Length - 1);
        var ground = sheet.Head(title, lines, width - 2 * Sheet.Margin) + 20 + Largest;
        foreach (var (thing, column) in ascending.Zip(widths))
        {
            var (side, middle) = (Math.Sqrt(thing.Size) * points, x + column / 2);
            var (color, top) = (thing.Marked ? Color.Mark : Palette.Of(0.45), ground - side);
            sheet.Shapes.Add(new Box(middle - side / 2, top, side, side, color, $"{thing.Name}: {string.Join(", ", thing.Lines)}"));
            if (side < Small) sheet.Shapes.Add(new Stroke(middle, top - Clear - Pointer, middle, top - Clear, 1, Color.Faint));
            sheet.Shapes.Add(new Label(middle, ground + 20, thing.Name, NameSize, thing.Marked ? Color.Mark : Color.Ink, Anchor.Middle));
            foreach (var (i, line) in thing.Lines.Index())
                sheet.Shapes.Add(new Label(middle, ground + 20 + (i + 1) * Line, line, TextSize, Color.Faint, Anchor.Middle));
            x += column + Gap;
        }
        var bottom = ground + 20 + things.Max(t => t.Lines.Length) * Line;
        return new(width, bottom + Sheet.Margin, title, description, sheet.Shapes);
    }

    static double NameWidth(Sized thing) =>
        Math.Max(Label.WidthOf(thing.Name, NameSize), thing.Lines.Max(l => Label.WidthOf(l, TextSize)));
}
