using System.Text;
using Dayu.Inference;
using SkiaSharp;

namespace Dayu.Cli;

/// <summary>Paints a picture. Characters that no font has become boxes.</summary>
/// <param name="fonts">What text is drawn with.</param>
sealed class Painter(Fonts fonts)
{
    const float Fine = 2, LargestFine = 24e6f;                       // pixels a point; of large pictures fewer

    /// <summary>The picture as a PNG file.</summary>
    public byte[] Png(Picture p)
    {
        var scale = p.Width * p.Height * Fine * Fine <= LargestFine ? Fine : 1;
        var (width, height) = ((int)Math.Ceiling(p.Width * scale), (int)Math.Ceiling(p.Height * scale));
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        foreach (var shape in p.Shapes) Draw(surface.Canvas, shape);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    void Draw(SKCanvas canvas, Shape shape)
    {
        using var paint = new SKPaint { Color = new(shape.Fill.R, shape.Fill.G, shape.Fill.B), IsAntialias = true };
        switch (shape)
        {
            case Box b: canvas.DrawRect((float)b.X, (float)b.Y, (float)b.Width, (float)b.Height, paint); break;
            case Disc d: canvas.DrawCircle((float)d.X, (float)d.Y, (float)d.Radius, paint); break;
            case Stroke s:
                paint.StrokeWidth = (float)s.Thickness;
                canvas.DrawLine((float)s.X1, (float)s.Y1, (float)s.X2, (float)s.Y2, paint);
                break;
            case Polyline p: Draw(canvas, p, paint); break;
            case Label l: Write(canvas, l, paint); break;
            default: throw new NotSupportedException(shape.ToString());
        }
    }

    static void Draw(SKCanvas canvas, Polyline line, SKPaint paint)
    {
        (paint.IsStroke, paint.StrokeWidth, paint.StrokeJoin) = (true, (float)line.Thickness, SKStrokeJoin.Round);
        using var path = new SKPath();
        path.AddPoly([.. line.Points.Select(p => new SKPoint((float)p.X, (float)p.Y))], close: false);
        canvas.DrawPath(path, paint);
    }

    /// <summary>Runs of characters of one font, one behind the other; then the line moved and turned to its place.</summary>
    void Write(SKCanvas canvas, Label label, SKPaint paint)
    {
        var (runs, width) = (new List<(string Text, SKFont Font, float At)>(), 0f);
        foreach (var (text, typeface) in Runs(label.Text))
        {
            var font = new SKFont(typeface, (float)label.Size) { Subpixel = true };
            runs.Add((text, font, width));
            width += font.MeasureText(text);
        }
        canvas.Save();
        canvas.Translate((float)label.X, (float)label.Y);
        canvas.RotateDegrees((float)label.Turn);
        canvas.Translate(label.Anchor switch { Anchor.Middle => -width / 2, Anchor.End => -width, _ => 0 }, 0);
        foreach (var (text, font, at) in runs)
        {
            canvas.DrawText(text, at, 0, SKTextAlign.Left, font, paint);
            font.Dispose();
        }
        canvas.Restore();
    }

    IEnumerable<(string Text, SKTypeface Typeface)> Runs(string text)
    {
        var (run, of) = (new StringBuilder(), fonts.Last);
        foreach (var rune in text.EnumerateRunes())
        {
            var font = fonts.For(rune) ?? fonts.Last;
            if (run.Length > 0 && !ReferenceEquals(font, of))
            {
                yield return (run.ToString(), of);
                run.Clear();
            }
            of = font;
            run.Append(rune);
        }
        if (run.Length > 0) yield return (run.ToString(), of);
    }
}
