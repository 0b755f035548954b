namespace Dayu.Cli;

/// <summary>A drawing: shapes in the order in which they are painted, in points from the upper left corner. What a layout makes, and every form of picture file is written from.</summary>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="Title">What it shows, in a line.</param>
/// <param name="Description">What there is to see, in words: for those who do not see it.</param>
/// <param name="Shapes">What is painted.</param>
sealed record Picture(double Width, double Height, string Title, string Description, IReadOnlyList<Shape> Shapes);

/// <summary>One thing that is painted.</summary>
/// <param name="Fill">Its colour.</param>
abstract record Shape(Color Fill);

/// <summary>A rectangle; what it stands for, where that can be pointed at.</summary>
sealed record Box(double X, double Y, double Width, double Height, Color Fill, string? Says = null) : Shape(Fill);

/// <summary>A filled circle.</summary>
sealed record Disc(double X, double Y, double Radius, Color Fill, string? Says = null) : Shape(Fill);

/// <summary>A straight line.</summary>
sealed record Stroke(double X1, double Y1, double X2, double Y2, double Thickness, Color Fill) : Shape(Fill);

/// <summary>Which point of a text stands at its place.</summary>
enum Anchor { Start, Middle, End }

/// <summary>A line of text; its place is on the base line.</summary>
/// <param name="X">Points.</param>
/// <param name="Y">Points.</param>
/// <param name="Text">What it says.</param>
/// <param name="Size">Points.</param>
/// <param name="Fill">Its colour.</param>
/// <param name="Anchor">Which point of it stands there.</param>
/// <param name="Turn">Degrees, clockwise.</param>
sealed record Label(double X, double Y, string Text, double Size, Color Fill, Anchor Anchor = Anchor.Start, double Turn = 0) : Shape(Fill)
{
    const double LatinWidth = 0.6, WideWidth = 1;                   // of the size; a layout must not depend on the fonts of a machine

    /// <summary>About how wide a text is, in points.</summary>
    public static double WidthOf(string text, double size) => text.EnumerateRunes().Sum(r => CellWidth.Of(r) switch { 0 => 0, 1 => LatinWidth, _ => WideWidth }) * size;

    /// <summary>A text that is at most so many columns wide; what is left out shows as an ellipsis.</summary>
    public static string Short(string text, int columns)
    {
        if (CellWidth.Of(text) <= columns) return text;
        var (kept, width) = ("", 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((width += CellWidth.Of(rune)) > columns) break;
            kept += rune.ToString();
        }
        return kept + "…";
    }
}
