namespace Dayu.Cli;

/// <summary>Named points in a plane.</summary>
/// <param name="Names">What each is.</param>
/// <param name="Places">Where it is.</param>
/// <param name="Marked">Which are the ones asked for; others are their surroundings.</param>
sealed record Points(string[] Names, (double X, double Y)[] Places, bool[] Marked);

/// <summary>Lays points out, each with its name beside it where that finds room, else with a number that a list explains.</summary>
static class ScatterPlot
{
    const double Wide = 640, Tall = 460, Size = 12, Inner = 36;
    const int LongestName = 26;

    public static Picture Of(Points points, string title, string lines, string xAxis, string yAxis, string description)
    {
        var (sheet, x) = (new Sheet(), Sheet.Margin + 44);
        var n = points.Names.Length;
        var y = sheet.Head(title, lines, Wide) + 14;
        var (cx, cy, unit) = Fit(points.Places);
        Axes(sheet, x, y, cx, cy, unit);
        sheet.Shapes.Add(new Label(x + Wide / 2, y + Tall + 36, xAxis, 11, Color.Faint, Anchor.Middle));
        sheet.Shapes.Add(new Label(Sheet.Margin + 4, y + Tall / 2, yAxis, 11, Color.Faint, Anchor.Middle, -90));

        (double X, double Y)[] places = [.. points.Places.Select(p => (x + Wide / 2 + (p.X - cx) * unit, y + Tall / 2 - (p.Y - cy) * unit))];
        var taken = places.Select(p => new Box(p.X - 5, p.Y - 5, 10, 10, default)).ToList();
        var listed = new List<int>();
        for (var i = 0; i < n; i++) sheet.Shapes.Add(new Disc(places[i].X, places[i].Y, points.Marked[i] ? 5 : 4, points.Marked[i] ? Color.Mark : Palette.Of(0.45), points.Names[i]));
        for (var i = 0; i < n; i++)
        {
            if (CellWidth.Of(points.Names[i]) <= LongestName && Put(sheet, taken, places[i], points.Names[i], points.Marked[i], x, y)) continue;
            listed.Add(i);
            if (!Put(sheet, taken, places[i], $"{i + 1}", points.Marked[i], x, y)) sheet.Shapes.Add(new Label(places[i].X + 7, places[i].Y + 4, $"{i + 1}", Size - 2, Color.Faint));
        }
        var end = y + Tall + 46;
        foreach (var i in listed)
            foreach (var (line, k) in Sheet.Wrapped($"{i + 1}  {points.Names[i]}", Wide, Size).Select((l, k) => (l, k)))
                sheet.Shapes.Add(new Label(x + (k > 0 ? 20 : 0), end += 18, line, Size, Color.Ink));
        return new(x + Wide + Sheet.Margin, end + Sheet.Margin, title, description, sheet.Shapes);
    }

    /// <summary>The same unit both ways, so that what is near is seen near.</summary>
    static (double X, double Y, double Unit) Fit((double X, double Y)[] points)
    {
        double left = points.Min(p => p.X), right = points.Max(p => p.X), low = points.Min(p => p.Y), high = points.Max(p => p.Y);
        var unit = Math.Min((Wide - 2 * Inner) / Math.Max(1e-9, right - left), (Tall - 2 * Inner) / Math.Max(1e-9, high - low));
        return ((left + right) / 2, (low + high) / 2, right - left + high - low < 1e-9 ? 1 : unit);
    }

    static void Axes(Sheet sheet, double x, double y, double cx, double cy, double unit)
    {
        sheet.Shapes.Add(new Box(x, y, Wide, Tall, new(0xF6, 0xF8, 0xFA)));
        var step = Step(Wide / unit / 6);
        var form = step >= 1 ? "F0" : step >= 0.1 ? "F1" : step >= 0.01 ? "F2" : "F3";
        for (var v = Math.Ceiling((cx - Wide / 2 / unit) / step) * step; x + Wide / 2 + (v - cx) * unit < x + Wide; v += step)
        {
            var at = x + Wide / 2 + (v - cx) * unit;
            sheet.Shapes.Add(new Stroke(at, y, at, y + Tall, Math.Abs(v) < step / 2 ? 1.4 : 0.7, Color.Line));
            sheet.Shapes.Add(new Label(at, y + Tall + 16, Number(v, step, form), 10.5, Color.Faint, Anchor.Middle));
        }
        for (var v = Math.Ceiling((cy - Tall / 2 / unit) / step) * step; y + Tall / 2 - (v - cy) * unit > y; v += step)
        {
            var at = y + Tall / 2 - (v - cy) * unit;
            sheet.Shapes.Add(new Stroke(x, at, x + Wide, at, Math.Abs(v) < step / 2 ? 1.4 : 0.7, Color.Line));
            sheet.Shapes.Add(new Label(x - 8, at + 4, Number(v, step, form), 10.5, Color.Faint, Anchor.End));
        }
    }

    static string Number(double v, double step, string form) => (Math.Abs(v) < step / 2 ? 0 : v).ToString(form).Replace('-', '−');

    /// <summary>1, 2 or 5 times a power of ten.</summary>
    static double Step(double about)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(about)));
        return (about / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
    }

    /// <summary>Puts a name right of its point, else left, above, below; false where it would cover something.</summary>
    static bool Put(Sheet sheet, List<Box> taken, (double X, double Y) at, string name, bool marked, double left, double top)
    {
        var width = Label.WidthOf(name, Size);
        (double X, double Y, Anchor Anchor)[] sides = [(at.X + 9, at.Y - 7, Anchor.Start), (at.X - 9 - width, at.Y - 7, Anchor.End), (at.X - width / 2, at.Y - 22, Anchor.Middle), (at.X - width / 2, at.Y + 7, Anchor.Middle)];
        foreach (var (x, y, anchor) in sides)
        {
            var box = new Box(x, y, width, 14, default);
            if (x < left || x + width > left + Wide || y < top || y + 14 > top + Tall || taken.Any(t => t.X < x + width && x < t.X + t.Width && t.Y < y + 14 && y < t.Y + t.Height)) continue;
            taken.Add(box);
            sheet.Shapes.Add(new Label(anchor switch { Anchor.Start => x, Anchor.End => x + width, _ => at.X }, y + 11, name, Size, marked ? Color.Mark : Color.Ink, anchor));
            return true;
        }
        return false;
    }
}
