using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// A grid on a terminal: colours or shades, with numbers in hundredths where there is room; too many columns stand block under block.
/// </summary>
/// <param name="grid">The numbers.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="colors">Whether there may be colours.</param>
/// <param name="plain">Numbers only.</param>
sealed class GridText(Grid grid, int width, bool colors, bool plain)
{
    const int LongestName = 16, Numbered = 4;
    const string Shades = " ░▒▓█";

    static readonly int[] cellWidths = [Numbered + 1, Numbered, 2, 1];

    readonly string[] names = [.. grid.Rows.Select((row, i) => Name(row, i, grid.Row == i))];

    static string Name(string row, int i, bool marked) => $"{(marked ? "→" : " ")}{i,3} {Label.Short(Visible.OneLine(row), LongestName)}";

    /// <summary>The grid as this terminal can show it.</summary>
    public static string Of(CommandContext call, Grid grid) =>
        new GridText(grid, call.Terminal.Width(), call.Out.Colors, call.Out.Plain).Render();

    public string Render()
    {
        var (left, columns) = (names.Max(n => CellWidth.Of(n)) + 1, grid.Columns.Length);
        var cell = plain ? Numbered : cellWidths.FirstOrDefault(w => left + w * columns < width, 1);
        var fitting = Math.Max(1, (width - 1 - left) / cell);
        var text = new StringBuilder();
        for (var first = 0; first < columns; first += fitting) Block(text, left, cell, first, Math.Min(first + fitting, columns));
        return text.ToString();
    }

    void Block(StringBuilder text, int left, int cell, int first, int end)
    {
        if (first > 0) text.Append('\n');
        foreach (var line in Heads(cell, first, end)) text.Append(' ', left).Append(line.TrimEnd()).Append('\n');
        for (var r = 0; r < names.Length; r++)
        {
            var line = new StringBuilder(CellWidth.Pad(names[r], left));
            for (var c = first; c < end; c++) line.Append(Cell(r, c, cell));
            text.Append(line.ToString().TrimEnd(' ')).Append('\n');
        }
    }

    /// <summary>Numbers of columns; digits under each other where a column is narrower than its number.</summary>
    static IEnumerable<string> Heads(int cell, int first, int end)
    {
        var (columns, digits) = (Enumerable.Range(first, end - first), $"{end - 1}".Length);
        if (cell > digits) return [string.Concat(columns.Select(c => $"{c}".PadLeft(Math.Min(3, cell)).PadRight(cell)))];
        return Enumerable.Range(0, digits).Select(d => string.Concat(columns.Select(c => Digit(c, d).PadRight(cell))));

        string Digit(int column, int digit) => $"{column}".PadLeft(digits)[digit].ToString();
    }

    string Cell(int row, int column, int cell)
    {
        if (grid.Hidden(row, column)) return (cell < Numbered ? "·" : "  ·").PadRight(cell);
        var share = grid.Share(row, column);
        var number = cell < Numbered ? "" : $"{Math.Round(100 * grid.Values[row, column]),3:F0}";
        if (plain) return number.PadRight(cell);
        if (colors)
        {
            var (color, over) = (Palette.Of(share), Palette.Of(share).Over);
            return $"\e[48;2;{color.R};{color.G};{color.B};38;2;{over.R};{over.G};{over.B}m{number.PadRight(cell)}\e[0m";
        }
        var shade = Shades[(int)Math.Round(share * (Shades.Length - 1))];
        return cell < Numbered ? new string(shade, cell) : (shade + number).PadRight(cell);
    }
}
