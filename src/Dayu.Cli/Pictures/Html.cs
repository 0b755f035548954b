using System.Text;

namespace Dayu.Cli;

/// <summary>A picture on a page of its own, its numbers in a table under it; nothing is fetched from anywhere.</summary>
static class Html
{
    public static string Of(Picture picture, Table table, string language, string numbers)
    {
        var text = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Svg.Escaped(picture.Title)}</title>\n");
        text.Append("<style>body{font:15px system-ui,sans-serif;margin:1rem;color:#1f2328;background:#fff}svg{max-width:100%;height:auto}td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #d0d7de}</style>\n");
        text.Append(Svg.Of(picture)).Append($"<details>\n<summary>{Svg.Escaped(numbers)}</summary>\n<table>\n");
        Row(text, "th", table.Columns.Select(c => c.TrimEnd('>')));
        foreach (var row in table.Rows) Row(text, "td", row);
        return text.Append("</table>\n</details>\n</html>\n").ToString();
    }

    static void Row(StringBuilder text, string cell, IEnumerable<string> cells) => text.Append("<tr>").Append(string.Concat(cells.Select(c => $"<{cell}>{Svg.Escaped(c)}</{cell}>"))).Append("</tr>\n");
}
