using System.Text;

namespace Dayu.Inference;

/// <summary>
/// A picture on a page of its own, with its numbers in a table under it; the page fetches nothing from anywhere.
/// </summary>
public static class Html
{
    const string Style =
        "body{font:15px system-ui,sans-serif;margin:1rem;color:#1f2328;background:#fff}"
        + "svg{max-width:100%;height:auto}"
        + "td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #d0d7de}";

    /// <summary>The page.</summary>
    /// <param name="picture">What it shows.</param>
    /// <param name="columns">Names of the table's columns.</param>
    /// <param name="rows">Cells of the table, row by row.</param>
    /// <param name="language">Language of the page, as in <c>lang="en"</c>.</param>
    /// <param name="numbers">The line that opens the table.</param>
    /// <param name="outlines">As <see cref="Svg.Of"/> takes them.</param>
    public static string Of(
        Picture picture, IEnumerable<string> columns, IEnumerable<string[]> rows, string language, string numbers,
        Func<Rune, Glyph?>? outlines = null)
    {
        var text = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n");
        text.Append("<meta name=\"viewport\" content=\"width=device-width\">\n");
        text.Append($"<title>{Svg.Escaped(picture.Title)}</title>\n<style>{Style}</style>\n").Append(Svg.Of(picture, outlines));
        text.Append($"<details>\n<summary>{Svg.Escaped(numbers)}</summary>\n<table>\n");
        Row(text, "th", columns);
        foreach (var row in rows) Row(text, "td", row);
        return text.Append("</table>\n</details>\n</html>\n").ToString();
    }

    static void Row(StringBuilder text, string cell, IEnumerable<string> cells)
    {
        text.Append("<tr>");
        foreach (var c in cells) text.Append($"<{cell}>{Svg.Escaped(c)}</{cell}>");
        text.Append("</tr>\n");
    }
}
