using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// Curves on a terminal, in dots of Braille (eight to a sign), with a number behind the end of each that has a name. What others are
/// made of is left out.
/// </summary>
/// <param name="panel">The curves.</param>
/// <param name="across">Scale from left to right.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="colors">Whether there may be colours.</param>
sealed class CurvesText(CurvePanel panel, AxisScale across, int width, bool colors)
{
    const int Rows = 14, Widest = 110, High = 4, Wide = 2;            // dots of a sign
    const char Dot = '●';

    static readonly int[,] bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };   // Unicode 2800 … 28FF

    readonly Curve[] curves = [.. panel.Curves.Where(c => c.Form != CurveForm.Pale && c.X.Length > 0)];

    public string Render(string axis)
    {
        var (y, x) = (panel.Range, curves.SelectMany(c => c.X).Extent(across));
        var marks = Ticks.Of(y.Low, y.High, panel.Scale, Rows / 3);
        var ticks = marks.ToLookup(t => Row(panel.Scale.Share(t.At, y.Low, y.High)), t => t.Text);
        var left = ticks.SelectMany(t => t).Max(t => t.Length) + 1;
        var columns = Math.Clamp(width - left - 6, 20, Widest);
        var canvas = new Canvas(columns);
        foreach (var curve in curves) Draw(canvas, curve, x, y, columns);
        var text = new StringBuilder();
        for (var row = 0; row < Rows; row++)
        {
            var tick = ticks[row].FirstOrDefault();
            text.Append((tick ?? "").PadLeft(left)).Append(tick is null ? '│' : '┤');
            text.Append(canvas.Line(row, colors)).Append(Ends(row, y)).Append('\n');
        }
        text.Append(' ', left).Append('└').Append('─', columns).Append('\n');
        return text.Append(' ', left + 1).Append(Marks(x, columns, axis)).Append('\n').Append(Legend(left)).ToString();
    }

    void Draw(Canvas canvas, Curve curve, (double, double) x, (double, double) y, int columns)
    {
        (double X, double Y)? before = null;
        foreach (var p in Decimation.Of(curve.X.Zip(curve.Y, Place).Where(p => !double.IsNaN(p.X)), 1))
        {
            if (double.IsNaN(p.Y)) before = null;
            else
            {
                canvas.Line(before ?? p, p, curve.Color);
                before = p;
            }
        }
        if (curve.Form != CurveForm.Dots || curve.X.Length > columns / 3) return;
        foreach (var p in curve.X.Zip(curve.Y, Place))
            if (!double.IsNaN(p.X + p.Y)) canvas.Put((int)p.X / Wide, (int)p.Y / High, Dot, curve.Color);

        (double X, double Y) Place(double h, double v) => (
            Math.Min(across.Share(h, x.Item1, x.Item2) * columns * Wide, columns * Wide - 1),
            double.IsFinite(v) ? Math.Clamp((1 - panel.Scale.Share(v, y.Item1, y.Item2)) * Rows * High, 0, Rows * High - 1) : double.NaN);
    }

    static int Row(double share) => double.IsNaN(share) ? -1 : (int)Math.Clamp((1 - share) * Rows, 0, Rows - 1);

    /// <summary>Numbers of the curves that end in a row.</summary>
    string Ends(int row, (double Low, double High) y)
    {
        var named = Named.ToArray();
        var ends = named.Index().Where(c => named.Length > 1 && Row(panel.Scale.Share(Last(c.Item), y.Low, y.High)) == row);
        return string.Concat(ends.Select(c => " " + Colored($"{c.Index + 1}", c.Item.Color)));
    }

    static double Last(Curve c) => c.Y.LastOrDefault(double.IsFinite, double.NaN);

    IEnumerable<Curve> Named => curves.Where(c => c.Name.Length > 0);

    string Legend(int left)
    {
        var numbered = Named.Skip(1).Any();
        return string.Concat(Named.Select((c, i) => new string(' ', left + 1) + Colored(c.Form == CurveForm.Dots ? "─●─" : "───", c.Color)
            + $" {(numbered ? $"{i + 1}  " : "")}{Visible.OneLine(c.Name)}\n"));
    }

    /// <summary>Numbers under the axis, as far as they do not touch, then what it is.</summary>
    string Marks((double Low, double High) x, int columns, string axis)
    {
        var line = "";
        foreach (var (at, mark) in Ticks.Of(x.Low, x.High, across, columns / 14))
        {
            var start = (int)(across.Share(at, x.Low, x.High) * (columns - 1)) - mark.Length / 2;
            if (start < line.Length + (line.Length > 0 ? 2 : 0) || start + mark.Length + 2 + CellWidth.Of(axis) > columns) continue;
            line = line.PadRight(start) + mark;
        }
        return line + axis.PadLeft(Math.Max(axis.Length, columns - line.Length - CellWidth.Of(axis) + axis.Length));
    }

    string Colored(string text, Color c) => Colored(text, c, colors);

    static string Colored(string text, Color c, bool colors) => colors ? $"\e[38;2;{c.R};{c.G};{c.B}m{text}\e[0m" : text;

    /// <summary>Signs of eight dots, each with the colour of what was drawn there last.</summary>
    sealed class Canvas(int columns)
    {
        readonly int[,] dots = new int[Rows, columns];
        readonly Color[,] inks = new Color[Rows, columns];

        public void Line((double X, double Y) from, (double X, double Y) to, Color ink)
        {
            var steps = (int)Math.Max(1, Math.Ceiling(Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y))));
            for (var i = 0; i <= steps; i++)
            {
                var (x, y) = ((int)(from.X + (to.X - from.X) * i / steps), (int)(from.Y + (to.Y - from.Y) * i / steps));
                if (dots[y / High, x / Wide] == Dot) continue;
                dots[y / High, x / Wide] |= bits[y % High, x % Wide];
                inks[y / High, x / Wide] = ink;
            }
        }

        public void Put(int column, int row, char sign, Color ink) => (dots[row, column], inks[row, column]) = (sign, ink);

        public string Line(int row, bool colors)
        {
            var text = new StringBuilder();
            for (var c = 0; c < columns; c++)
            {
                var (dot, ink) = (dots[row, c], inks[row, c]);
                var sign = dot == 0 ? ' ' : dot == Dot ? Dot : (char)(0x2800 + dot);
                text.Append(Colored($"{sign}", ink, colors && dot != 0));
            }
            return text.ToString();
        }
    }
}
