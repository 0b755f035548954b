using System.Text;

namespace Dayu.Inference;

/// <summary>
/// A drawing: shapes in the order in which they are painted, in points from the upper left corner.
/// Layouts make it (<see cref="HeatMap"/>, <see cref="HeadGrid"/>, <see cref="ScatterPlot"/>), and every form of
/// picture file is written from it.
/// </summary>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="Title">What it shows, in a line.</param>
/// <param name="Description">What there is to see, in words: for those who do not see it.</param>
/// <param name="Shapes">What is painted.</param>
public sealed record Picture(double Width, double Height, string Title, string Description, IReadOnlyList<Shape> Shapes)
{
    /// <summary>Two pictures as one.</summary>
    /// <param name="left">The one on the left.</param>
    /// <param name="right">The one on the right.</param>
    /// <param name="title">What they show together.</param>
    /// <param name="description">The same in words.</param>
    public static Picture Beside(Picture left, Picture right, string title, string description) => new(
        left.Width + right.Width, Math.Max(left.Height, right.Height), title, description,
        [.. left.Shapes, .. right.Shapes.Select(s => s.MovedRight(left.Width))]);
}

/// <summary>One thing that is painted.</summary>
/// <param name="Fill">Its colour.</param>
public abstract record Shape(Color Fill)
{
    /// <summary>The same elsewhere.</summary>
    /// <param name="by">Points.</param>
    public abstract Shape MovedRight(double by);
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
    public override Shape MovedRight(double by) => this with { X = X + by };
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
    public override Shape MovedRight(double by) => this with { X = X + by };
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
    public override Shape MovedRight(double by) => this with { X1 = X1 + by, X2 = X2 + by };
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
    public override Shape MovedRight(double by) => this with { X = X + by };

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
