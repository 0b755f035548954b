using System.Text;

namespace Dayu.Cli;

/// <summary>Paints a picture. Text is drawn with the fonts of the machine; characters that none of them has become boxes, and are told.</summary>
/// <param name="fonts">The machine's.</param>
sealed class Painter(Fonts fonts)
{
    const double Fine = 2, LargestFine = 24e6;                       // pixels a point; of large pictures fewer

    readonly HashSet<Rune> missing = [];

    /// <summary>Characters that no font of this machine has.</summary>
    public IReadOnlySet<Rune> Missing => missing;

    public Canvas Paint(Picture p)
    {
        var scale = p.Width * p.Height * Fine * Fine <= LargestFine ? Fine : 1;
        var canvas = new Canvas((int)Math.Ceiling(p.Width * scale), (int)Math.Ceiling(p.Height * scale));
        foreach (var shape in p.Shapes) canvas.Fill(OutlineOf(shape, scale), shape.Fill);
        return canvas;
    }

    Outline OutlineOf(Shape shape, double s) => shape switch
    {
        Box b => Rectangle(b.X * s, b.Y * s, (b.X + b.Width) * s, (b.Y + b.Height) * s),
        Disc d => Outline.Of([.. Enumerable.Range(0, 48).Select(i => (s * (d.X + d.Radius * Math.Cos(i * Math.Tau / 48)), s * (d.Y + d.Radius * Math.Sin(i * Math.Tau / 48))))]),
        Stroke t => Thick(t, s),
        Label l => Text(l, s),
        _ => throw new NotSupportedException(shape.ToString()),
    };

    static Outline Rectangle(double left, double top, double right, double bottom) => Outline.Of((left, top), (right, top), (right, bottom), (left, bottom));

    static Outline Thick(Stroke t, double s)
    {
        double dx = t.X2 - t.X1, dy = t.Y2 - t.Y1, half = t.Thickness / 2 / Math.Max(1e-9, Math.Sqrt(dx * dx + dy * dy));
        var (nx, ny) = (-dy * half, dx * half);
        return Outline.Of((s * (t.X1 + nx), s * (t.Y1 + ny)), (s * (t.X2 + nx), s * (t.Y2 + ny)), (s * (t.X2 - nx), s * (t.Y2 - ny)), (s * (t.X1 - nx), s * (t.Y1 - ny)));
    }

    /// <summary>Glyph after glyph along the line, then the line moved and turned to its place.</summary>
    Outline Text(Label label, double s)
    {
        var (line, at) = (new Outline(), 0.0);
        foreach (var rune in label.Text.EnumerateRunes())
        {
            var size = label.Size * s;
            if (fonts.With(rune) is { } font)
            {
                var (glyph, scale) = (font.GlyphOf(rune), size / font.UnitsPerEm);
                line.Add(font.OutlineOf(glyph), scale, 0, 0, -scale, at, 0);       // a font's y goes up
                at += font.AdvanceOf(glyph) * scale;
            }
            else if (CellWidth.Of(rune) is > 0 and var cells)
            {
                missing.Add(rune);
                line.Add(Tofu(cells * 0.5), size, 0, 0, -size, at, 0);
                at += cells * 0.5 * size;
            }
        }
        var (start, angle) = (label.Anchor switch { Anchor.Middle => -at / 2, Anchor.End => -at, _ => 0 }, label.Turn * Math.PI / 180);
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        var placed = new Outline();
        placed.Add(line, cos, sin, -sin, cos, label.X * s + start * cos, label.Y * s + start * sin);
        return placed;
    }

    /// <summary>An empty box, so wide in parts of the size.</summary>
    static Outline Tofu(double width)
    {
        var box = Outline.Of((0.06, 0), (width - 0.06, 0), (width - 0.06, 0.7), (0.06, 0.7));
        box.Add(Outline.Of((0.11, 0.05), (0.11, 0.65), (width - 0.11, 0.65), (width - 0.11, 0.05)), 1, 0, 0, 1, 0, 0);
        return box;
    }
}
