namespace Dayu.Inference;

/// <summary>
/// A character as a drawing, in thousandths of the size of its font: for pictures whose text would else be drawn with
/// the fonts of whoever opens them.
/// </summary>
/// <param name="Path">
/// Its outline, as the <c>d</c> of an SVG path; y grows downwards from the base line. Empty: a blank.
/// </param>
/// <param name="Advance">How far from its place the next character stands.</param>
public sealed record Glyph(string Path, double Advance)
{
    /// <summary>The size of a font in these units.</summary>
    public const int Em = 1000;
}
