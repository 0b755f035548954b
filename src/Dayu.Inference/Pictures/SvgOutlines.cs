using System.Globalization;
using System.Text;

namespace Dayu.Inference;

/// <summary>
/// Labels of an SVG as outlines, each character defined once and used wherever it stands; for those who do not see it,
/// and for searches, a label keeps its words as <c>aria-label</c>.
/// </summary>
/// <param name="outlines">Characters as outlines; one that has none stays text.</param>
sealed class SvgOutlines(Func<Rune, Glyph?> outlines)
{
    readonly Dictionary<Rune, Glyph?> glyphs = [];

    /// <summary>
    /// Whether a text is drawn here: where it has characters for which a bare machine has no font, which are those two
    /// columns wide (Chinese, Japanese, Korean, emoji). In other scripts letters take their form from their neighbours;
    /// whoever opens the picture knows how.
    /// </summary>
    public bool Takes(string text) => text.EnumerateRunes().Any(r => CellWidth.Of(r) > 1 && Outline(r) is not null);

    /// <summary>What the elements so far refer to; empty: nothing.</summary>
    public string Definitions()
    {
        var text = new StringBuilder();
        foreach (var (rune, glyph) in glyphs)
            if (glyph is { Path.Length: > 0 }) text.Append($"<path id=\"{Id(rune)}\" d=\"{glyph.Path}\"/>\n");
        return text.Length == 0 ? "" : $"<defs>\n{text}</defs>\n";
    }

    /// <summary>A label as an element.</summary>
    public string Element(Label label)
    {
        var (drawn, width) = Drawn(Visible.OneLine(label.Text));
        var start = label.Anchor switch { Anchor.Middle => -width / 2, Anchor.End => -width, _ => 0 };
        var place = new StringBuilder($"translate({Svg.N(label.X)} {Svg.N(label.Y)})");
        if (label.Turn != 0) place.Append($" rotate({Svg.N(label.Turn)})");
        place.Append(CultureInfo.InvariantCulture, $" scale({label.Size / Glyph.Em:0.#####})");
        if (start != 0) place.Append($" translate({Svg.N(start)} 0)");
        return $"<g role=\"img\" aria-label=\"{Svg.Escaped(label.Text)}\" {Svg.Fill(label)} transform=\"{place}\">{drawn}</g>";
    }

    (string Elements, double Width) Drawn(string text)
    {
        var (drawn, at, rest) = (new StringBuilder(), 0.0, "");
        foreach (var rune in text.EnumerateRunes())
        {
            if (Outline(rune) is not { } glyph)
            {
                rest += rune.ToString();
                continue;
            }
            PutRest();
            if (glyph.Path.Length > 0) drawn.Append($"<use xlink:href=\"#{Id(rune)}\" x=\"{Svg.N(at)}\"/>");
            at += glyph.Advance;
        }
        PutRest();
        return (drawn.ToString(), at);

        void PutRest()                                               // together: some emoji are several characters
        {
            if (rest.Length == 0) return;
            drawn.Append($"<text x=\"{Svg.N(at)}\" font-size=\"{Glyph.Em}\">{Svg.Escaped(rest)}</text>");
            at += Label.WidthOf(rest, Glyph.Em);
            rest = "";
        }
    }

    Glyph? Outline(Rune rune)
    {
        if (!glyphs.TryGetValue(rune, out var glyph)) glyphs[rune] = glyph = outlines(rune);
        return glyph;
    }

    static string Id(Rune rune) => $"u{rune.Value:x}";
}
