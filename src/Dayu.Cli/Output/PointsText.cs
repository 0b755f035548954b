using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Points on a terminal: a dot with its name beside it where that finds room, else a number that a list explains.</summary>
/// <param name="points">What is shown.</param>
/// <param name="width">Columns of the terminal.</param>
sealed class PointsText(Points points, int width)
{
    const int Tall = 20, Widest = 96, LongestName = 24;

    readonly int columns = Math.Clamp(width - 3, 20, Widest);
    readonly List<string> listed = [];
    string[][] cells = [];

    public string Render()
    {
        cells = [.. Enumerable.Range(0, Tall).Select(_ => Enumerable.Repeat(" ", columns).ToArray())];
        (int X, int Y)[] places = [.. Places()];
        foreach (var (x, y) in places) cells[y][x] = "•";
        for (var i = 0; i < places.Length; i++)
        {
            var name = Visible.OneLine(points.Names[i]);
            if (CellWidth.Of(name) <= LongestName && Put(places[i], name)) continue;
            if (!Put(places[i], $"{i + 1}")) cells[places[i].Y][places[i].X] = "*";
            listed.Add($"{i + 1,4}  {name}");
        }
        var text = new StringBuilder().Append('┌').Append('─', columns).Append("┐\n");
        foreach (var row in cells) text.Append('│').Append(string.Concat(row)).Append("│\n");
        text.Append('└').Append('─', columns).Append("┘\n");
        foreach (var line in listed) text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>A cell of a terminal is about twice as tall as wide, and both directions have the same unit.</summary>
    IEnumerable<(int X, int Y)> Places()
    {
        double left = points.Places.Min(p => p.X), right = points.Places.Max(p => p.X);
        double low = points.Places.Min(p => p.Y), high = points.Places.Max(p => p.Y);
        var unit = Math.Min((columns - 8) / Math.Max(1e-9, right - left), 2.0 * (Tall - 3) / Math.Max(1e-9, high - low));
        foreach (var (x, y) in points.Places)
        {
            var (across, down) = (columns / 2.0 + (x - (left + right) / 2) * unit, Tall / 2.0 - (y - (low + high) / 2) * unit / 2);
            yield return ((int)Math.Clamp(across, 0, columns - 1), (int)Math.Clamp(down, 0, Tall - 1));
        }
    }

    /// <summary>Writes a name right or left of its point, if nothing stands there.</summary>
    bool Put((int X, int Y) at, string name)
    {
        var wide = CellWidth.Of(name);
        foreach (var start in (int[])[at.X + 2, at.X - 1 - wide])
        {
            if (start < 0 || start + wide > columns || !IsFree(at, start - 1, start + wide + 1)) continue;
            Write(cells[at.Y], start, name);
            return true;
        }
        return false;
    }

    /// <summary>Whether nothing but the point itself stands between two columns of its row.</summary>
    bool IsFree((int X, int Y) at, int first, int end)
    {
        for (var c = Math.Max(0, first); c < Math.Min(columns, end); c++)
            if (c != at.X && cells[at.Y][c] != " ") return false;
        return true;
    }

    static void Write(string[] row, int start, string name)
    {
        var column = start;
        foreach (var rune in name.EnumerateRunes())
        {
            var wide = CellWidth.Of(rune);
            if (wide == 0) row[Math.Max(start, column - 1)] += rune.ToString();
            else row[column] = rune.ToString();
            for (var k = 1; k < wide; k++) row[column + k] = "";
            column += wide;
        }
    }
}
