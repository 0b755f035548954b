using System.Text;

namespace Dayu.Inference;

/// <summary>
/// A drawing: shapes in the order in which they are painted, in points from the upper left corner.
/// Layouts make it (<see cref="HeatMap"/>, <see cref="HeadGrid"/>, <see cref="ScatterPlot"/>, <see cref="CurvePlot"/>), and every form of
/// picture file is written from it.
/// </summary>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="Title">What it shows, in a line.</param>
/// <param name="Description">What there is to see, in words: for those who do not see it.</param>
/// <param name="Shapes">What is painted.</param>
public sealed record Picture(double Width, double Height, string Title, string Description, IReadOnlyList<Shape> Shapes)
{
    /// <summary>Two pictures as one, on one base: under headings of different lengths what they show stands level.</summary>
    /// <param name="left">The one on the left.</param>
    /// <param name="right">The one on the right.</param>
    /// <param name="title">What they show together.</param>
    /// <param name="description">The same in words.</param>
    public static Picture Beside(Picture left, Picture right, string title, string description)
    {
        var height = Math.Max(left.Height, right.Height);
        return new(
            left.Width + right.Width, height, title, description,
            [
                .. left.Shapes.Select(s => s.Moved(0, height - left.Height)),
                .. right.Shapes.Select(s => s.Moved(left.Width, height - right.Height)),
            ]);
    }
}

/// <summary>One thing that is painted.</summary>
/// <param name="Fill">Its colour.</param>
public abstract record Shape(Color Fill)
{
    /// <summary>The same elsewhere.</summary>
    /// <param name="right">Points.</param>
    /// <param name="down">Points.</param>
    public abstract Shape Moved(double right, double down);
}

/// <summary>A rectangle.</summary>
/// <param name="X">Left, in points.</param>
/// <param name="Y">Top, in points.</param>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="Fill">Its colour.</param>
/// <param name="Says">What it stands for, shown where one points at it; null: nothing.</param>
public sealed record Box(double X, double Y, double Width, double Height, Color Fill, string? Says = null) : Shape(Fill)
{
    /// <inheritdoc/>
    public override Shape Moved(double right, double down) => this with { X = X + right, Y = Y + down };
}

/// <summary>A filled circle.</summary>
/// <param name="X">Its middle, in points.</param>
/// <param name="Y">Its middle, in points.</param>
/// <param name="Radius">Points.</param>
/// <param name="Fill">Its colour.</param>
/// <param name="Says">What it stands for, shown where one points at it; null: nothing.</param>
public sealed record Disc(double X, double Y, double Radius, Color Fill, string? Says = null) : Shape(Fill)
{
    /// <inheritdoc/>
    public override Shape Moved(double right, double down) => this with { X = X + right, Y = Y + down };
}

/// <summary>A straight line.</summary>
/// <param name="X1">One end, in points.</param>
/// <param name="Y1">One end, in points.</param>
/// <param name="X2">The other end.</param>
/// <param name="Y2">The other end.</param>
/// <param name="Thickness">Points.</param>
/// <param name="Fill">Its colour.</param>
public sealed record Stroke(double X1, double Y1, double X2, double Y2, double Thickness, Color Fill) : Shape(Fill)
{
    /// <inheritdoc/>
    public override Shape Moved(double right, double down) =>
        this with { X1 = X1 + right, Y1 = Y1 + down, X2 = X2 + right, Y2 = Y2 + down };
}

/// <summary>A line through points.</summary>
/// <param name="Points">At least two, in points from the upper left corner.</param>
/// <param name="Thickness">Points.</param>
/// <param name="Fill">Its colour.</param>
public sealed record Polyline(IReadOnlyList<(double X, double Y)> Points, double Thickness, Color Fill) : Shape(Fill)
{
    /// <inheritdoc/>
    public override Shape Moved(double right, double down) => this with { Points = [.. Points.Select(p => (p.X + right, p.Y + down))] };
}

/// <summary>Which point of a text stands at its place.</summary>
public enum Anchor
{
    /// <summary>Its left end.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its right end.</summary>
    End,
}

/// <summary>A line of text; its place is on the base line.</summary>
/// <param name="X">Points.</param>
/// <param name="Y">Points.</param>
/// <param name="Text">What it says.</param>
/// <param name="Size">Points.</param>
/// <param name="Fill">Its colour.</param>
/// <param name="Anchor">Which point of it stands there.</param>
/// <param name="Turn">Degrees, clockwise.</param>
public sealed record Label(double X, double Y, string Text, double Size, Color Fill, Anchor Anchor = Anchor.Start, double Turn = 0)
    : Shape(Fill)
{
    const double LatinWidth = 0.6, WideWidth = 1;                   // of the size; a layout must not depend on the fonts of a machine

    /// <inheritdoc/>
    public override Shape Moved(double right, double down) => this with { X = X + right, Y = Y + down };

    /// <summary>About how wide a text is, in points.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Of its font, in points.</param>
    public static double WidthOf(string text, double size) => text.EnumerateRunes().Sum(WidthOf) * size;

    static double WidthOf(Rune rune) => CellWidth.Of(rune) switch { 0 => 0, 1 => LatinWidth, _ => WideWidth };

    /// <summary>A text that is at most so many columns of a terminal wide; what is left out shows as an ellipsis.</summary>
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
