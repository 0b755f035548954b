using System.Text;
using Dayu.Inference;
using SkiaSharp;

namespace Dayu.Cli;

/// <summary>Characters as outlines.</summary>
/// <param name="fonts">Whose.</param>
sealed class GlyphOutlines(Fonts fonts)
{
    /// <summary>A character; null where no font has it, or only as a picture in colours, as emoji are.</summary>
    public Glyph? Of(Rune rune)
    {
        if (fonts.For(rune) is not { } typeface) return null;
        using var font = new SKFont(typeface, Glyph.Em) { Hinting = SKFontHinting.None, LinearMetrics = true };
        ushort[] ids = [font.GetGlyph(rune.Value)];
        using var path = font.GetGlyphPath(ids[0]);
        var data = path is null ? "" : Data(path);
        if (data.Length == 0 && !Rune.IsWhiteSpace(rune)) return null;
        return new(data, Math.Round(font.GetGlyphWidths(ids)[0]));
    }

    /// <summary>In whole numbers, which most fonts are drawn in.</summary>
    static string Data(SKPath path)
    {
        var data = new StringBuilder();
        var points = new SKPoint[4];
        using var parts = path.CreateRawIterator();
        for (var verb = parts.Next(points); verb != SKPathVerb.Done; verb = parts.Next(points))
            data.Append(verb switch
            {
                SKPathVerb.Move => $"M{At(points[0])}",
                SKPathVerb.Line => $"L{At(points[1])}",
                SKPathVerb.Quad => $"Q{At(points[1])} {At(points[2])}",
                SKPathVerb.Cubic => $"C{At(points[1])} {At(points[2])} {At(points[3])}",
                SKPathVerb.Close => "Z",
                _ => throw new NotSupportedException($"a glyph's outline has {verb}"),
            });
        return data.ToString();
    }

    static string At(SKPoint point) => $"{(int)MathF.Round(point.X)} {(int)MathF.Round(point.Y)}";
}
