using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Rows under column names, for any form of output. A column whose name ends in <c>&gt;</c> stands to the right.</summary>
/// <param name="Columns">Names; none: pairs of name and value, without a head in a table.</param>
/// <param name="Rows">As many cells as there are columns.</param>
sealed record Table(string[] Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>Names and values.</summary>
    public static Table Pairs(params (string Name, string Value)[] pairs) => new([], [.. pairs.Select(p => (string[])[p.Name, p.Value])]);

    /// <summary>Rows as columns, for few rows of many cells.</summary>
    public Table Turned() => new([Names[0], .. Rows.Select(r => r[0] + ">")],
        [.. Names.Skip(1).Select((name, i) => (string[])[name, .. Rows.Select(r => r[i + 1])])]);

    string[] Names => Columns.Length == 0 ? ["name", "value"] : [.. Columns.Select(c => c.TrimEnd('>'))];

    /// <summary>Markdown's line under the names, which says to which side a column stands.</summary>
    string[] Sides => Columns.Length == 0 ? ["---", "---"] : [.. Columns.Select(c => c.EndsWith('>') ? "---:" : "---")];

    /// <summary>In one of the forms.</summary>
    public string Render(Format format) => format switch
    {
        Format.Csv => string.Concat(Rows.Prepend(Names).Select(CsvLine)),
        Format.Md => string.Concat(Rows.Prepend(Sides).Prepend(Names).Select(MarkdownLine)),
        _ => Plain(),
    };

    static string CsvLine(string[] row) => string.Join(',', row.Select(Quoted)) + "\n";

    static string MarkdownLine(string[] row) => "| " + string.Join(" | ", row.Select(Escaped)) + " |\n";

    string Plain()
    {
        var rows = Rows.Select(r => r.Select(Visible.OneLine).ToArray()).ToList();
        if (Columns.Length > 0) rows.Insert(0, Names);
        if (rows.Count == 0) return "";
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => CellWidth.Of(r[c]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows) text.Append(string.Join("  ", row.Select(Padded)).TrimEnd()).Append('\n');
        return text.ToString();

        string Padded(string cell, int column) => CellWidth.Pad(cell, widths[column], Columns.Length > 0 && Columns[column].EndsWith('>'));
    }

    static string Quoted(string cell) => cell.AsSpan().IndexOfAny("\",\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"")}\"";

    static string Escaped(string cell) => cell.Replace("|", "\\|").Replace("\n", "<br>");
}
