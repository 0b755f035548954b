using System.Globalization;
using System.Text;

namespace Dayu.Cli;

/// <summary>A picture as SVG 1.1: text stays text, title and description are read out, boxes say what they stand for.</summary>
static class Svg
{
    public static string Of(Picture p)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(p.Width)}\" height=\"{N(p.Height)}\" viewBox=\"0 0 {N(p.Width)} {N(p.Height)}\" role=\"img\" aria-labelledby=\"title desc\"");
        text.Append(" font-family=\"system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif\">\n");
        text.Append($"<title id=\"title\">{Escaped(p.Title)}</title>\n<desc id=\"desc\">{Escaped(p.Description)}</desc>\n");
        text.Append($"<rect width=\"100%\" height=\"100%\" fill=\"{Color.White.Hex}\"/>\n");
        foreach (var shape in p.Shapes) text.Append(Element(shape)).Append('\n');
        return text.Append("</svg>\n").ToString();
    }

    static string Element(Shape shape) => shape switch
    {
        Box b => Closed($"<rect x=\"{N(b.X)}\" y=\"{N(b.Y)}\" width=\"{N(b.Width)}\" height=\"{N(b.Height)}\" fill=\"{b.Fill.Hex}\"", "rect", b.Says),
        Disc d => Closed($"<circle cx=\"{N(d.X)}\" cy=\"{N(d.Y)}\" r=\"{N(d.Radius)}\" fill=\"{d.Fill.Hex}\"", "circle", d.Says),
        Stroke s => $"<line x1=\"{N(s.X1)}\" y1=\"{N(s.Y1)}\" x2=\"{N(s.X2)}\" y2=\"{N(s.Y2)}\" stroke=\"{s.Fill.Hex}\" stroke-width=\"{N(s.Thickness)}\"/>",
        Label l => $"<text x=\"{N(l.X)}\" y=\"{N(l.Y)}\" font-size=\"{N(l.Size)}\" fill=\"{l.Fill.Hex}\"{Anchored(l.Anchor)}{(l.Turn == 0 ? "" : $" transform=\"rotate({N(l.Turn)} {N(l.X)} {N(l.Y)})\"")}>{Escaped(l.Text)}</text>",
        _ => throw new NotSupportedException(shape.ToString()),
    };

    static string Closed(string open, string name, string? says) => says is null ? open + "/>" : $"{open}><title>{Escaped(says)}</title></{name}>";

    static string Anchored(Anchor anchor) => anchor switch { Anchor.Middle => " text-anchor=\"middle\"", Anchor.End => " text-anchor=\"end\"", _ => "" };

    /// <summary>A number of points.</summary>
    static string N(double x) => x.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Text that cannot leave its element; what XML has no place for (controls, lone surrogates) is shown as a sign.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in Visible.OneLine(text).EnumerateRunes())
            escaped.Append(rune.Value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", 0xFFFE or 0xFFFF => "\uFFFD", _ => rune.ToString() });
        return escaped.ToString();
    }
}
