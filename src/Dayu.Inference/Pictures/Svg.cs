using System.Globalization;
using System.Text;

namespace Dayu.Inference;

/// <summary>
/// A picture as SVG 1.1: title and description are read out, boxes say what they stand for; text stays text, but where
/// many machines would have no font for it, it becomes outlines.
/// </summary>
public static class Svg
{
    const string Fonts = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
    const string Links = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";   // readers of SVG 1.1 know no other way to use a definition

    /// <summary>The picture as a file, or as an element of a page.</summary>
    /// <param name="picture">What it shows.</param>
    /// <param name="outlines">
    /// Characters as outlines, null for one that has none: asked for texts with characters that bare machines have no
    /// font for. Absent: all text stays text.
    /// </param>
    public static string Of(Picture picture, Func<Rune, Glyph?>? outlines = null)
    {
        var outlined = outlines is null ? null : new SvgOutlines(outlines);
        var elements = string.Concat(picture.Shapes.Select(s => Element(s, outlined) + "\n"));
        var (width, height, definitions) = (N(picture.Width), N(picture.Height), outlined?.Definitions() ?? "");
        var text = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\"{(definitions.Length > 0 ? Links : "")}");
        text.Append($" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
        text.Append($" role=\"img\" aria-labelledby=\"title desc\" font-family=\"{Fonts}\">\n");
        text.Append($"<title id=\"title\">{Escaped(picture.Title)}</title>\n<desc id=\"desc\">{Escaped(picture.Description)}</desc>\n");
        text.Append($"{definitions}<rect width=\"100%\" height=\"100%\" fill=\"{Color.White.Hex}\"/>\n");
        return text.Append(elements).Append("</svg>\n").ToString();
    }

    static string Element(Shape shape, SvgOutlines? outlined) =>
        shape is Label label && outlined?.Takes(label.Text) == true ? outlined.Element(label) : Element(shape);

    static string Element(Shape shape) => shape switch
    {
        Box b => Element(b),
        Disc d => Titled($"<circle cx=\"{N(d.X)}\" cy=\"{N(d.Y)}\" r=\"{N(d.Radius)}\" {Fill(d)}", "circle", d.Says),
        Stroke s => Element(s),
        Polyline p => Element(p),
        Label l => $"<text x=\"{N(l.X)}\" y=\"{N(l.Y)}\" font-size=\"{N(l.Size)}\" {Fill(l)}{Placed(l)}>{Escaped(l.Text)}</text>",
        _ => throw new NotSupportedException(shape.ToString()),
    };

    static string Element(Box b) =>
        Titled($"<rect x=\"{N(b.X)}\" y=\"{N(b.Y)}\" width=\"{N(b.Width)}\" height=\"{N(b.Height)}\" {Fill(b)}", "rect", b.Says);

    /// <summary>The colour of an element.</summary>
    internal static string Fill(Shape shape) => $"fill=\"{shape.Fill.Hex}\"";

    static string Element(Stroke s) =>
        $"<line x1=\"{N(s.X1)}\" y1=\"{N(s.Y1)}\" x2=\"{N(s.X2)}\" y2=\"{N(s.Y2)}\""
        + $" stroke=\"{s.Fill.Hex}\" stroke-width=\"{N(s.Thickness)}\"/>";

    static string Element(Polyline p) =>
        $"<polyline points=\"{string.Join(' ', p.Points.Select(q => $"{N(q.X)},{N(q.Y)}"))}\" fill=\"none\" stroke=\"{p.Fill.Hex}\""
        + $" stroke-width=\"{N(p.Thickness)}\" stroke-linejoin=\"round\"/>";

    static string Titled(string open, string name, string? says) =>
        says is null ? open + "/>" : $"{open}><title>{Escaped(says)}</title></{name}>";

    static string Placed(Label label)
    {
        var anchor = label.Anchor switch { Anchor.Middle => " text-anchor=\"middle\"", Anchor.End => " text-anchor=\"end\"", _ => "" };
        return label.Turn == 0 ? anchor : $"{anchor} transform=\"rotate({N(label.Turn)} {N(label.X)} {N(label.Y)})\"";
    }

    /// <summary>A number of points.</summary>
    internal static string N(double x) => x.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>
    /// Text that cannot leave its element; what XML has no place for (controls, lone surrogates) is shown as a sign.
    /// </summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in Visible.OneLine(text).EnumerateRunes()) escaped.Append(Escaped(rune));
        return escaped.ToString();
    }

    static string Escaped(Rune rune) => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        0xFFFE or 0xFFFF => "\uFFFD",
        _ => rune.ToString(),
    };
}
