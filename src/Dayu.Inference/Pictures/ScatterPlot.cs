namespace Dayu.Inference;

/// <summary>Named points in a plane.</summary>
/// <param name="Names">What each is.</param>
/// <param name="Places">Where it is.</param>
/// <param name="Marked">Which are the ones asked for; others are their surroundings.</param>
public sealed record Points(string[] Names, (double X, double Y)[] Places, bool[] Marked);

/// <summary>What is written around points.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Lines">More of it, line by line.</param>
/// <param name="Across">What the axis from left to right is.</param>
/// <param name="Up">What the axis from bottom to top is.</param>
public sealed record ScatterTexts(string Title, string Lines, string Across, string Up);

/// <summary>
/// Lays points out, each with its name beside it where that finds room, else with a number that a list explains.
/// </summary>
public static class ScatterPlot
{
    const double Wide = 640, Tall = 460, Size = 12, Inner = 36, NameHeight = 14;
    const int LongestName = 26;

    /// <summary>Draws points in a plane, with their names.</summary>
    /// <param name="points">At least one.</param>
    /// <param name="texts">What is written around them.</param>
    /// <param name="description">For those who do not see it.</param>
    public static Picture Of(Points points, ScatterTexts texts, string description)
    {
        var (sheet, x) = (new Sheet(), Sheet.Margin + 44);
        var y = sheet.Head(texts.Title, texts.Lines, Wide) + 14;
        var (cx, cy, unit) = Fit(points.Places);
        Axes(sheet, x, y, cx, cy, unit);
        sheet.Caption(x + Wide / 2, y + Tall + 36, texts.Across);
        sheet.Caption(Sheet.Margin + 4, y + Tall / 2, texts.Up, -90);

        (double X, double Y)[] places = [.. points.Places.Select(OnSheet)];
        foreach (var (i, at) in places.Index())
        {
            var (radius, color) = points.Marked[i] ? (5, Color.Mark) : (4, Palette.Of(0.45));
            sheet.Shapes.Add(new Disc(at.X, at.Y, radius, color, points.Names[i]));
        }
        var end = y + Tall + 46;
        foreach (var i in Named(sheet, points, places, x, y))
            foreach (var (k, line) in Sheet.Wrapped($"{i + 1}  {points.Names[i]}", Wide, Size).Index())
                sheet.Shapes.Add(new Label(x + (k > 0 ? 20 : 0), end += 18, line, Size, Color.Ink));
        return new(x + Wide + Sheet.Margin, end + Sheet.Margin, texts.Title, description, sheet.Shapes);

        (double, double) OnSheet((double X, double Y) p) => (x + Wide / 2 + (p.X - cx) * unit, y + Tall / 2 - (p.Y - cy) * unit);
    }

    /// <summary>Puts names beside points.</summary>
    /// <returns>Those that found no room and have a number instead.</returns>
    static List<int> Named(Sheet sheet, Points points, (double X, double Y)[] places, double left, double top)
    {
        var taken = places.Select(p => new Box(p.X - 5, p.Y - 5, 10, 10, default)).ToList();
        var listed = new List<int>();
        foreach (var (i, at) in places.Index())
        {
            var (name, marked) = (points.Names[i], points.Marked[i]);
            if (CellWidth.Of(name) <= LongestName && Put(sheet, taken, at, name, marked, left, top)) continue;
            listed.Add(i);
            if (Put(sheet, taken, at, $"{i + 1}", marked, left, top)) continue;
            sheet.Shapes.Add(new Label(at.X + 7, at.Y + 4, $"{i + 1}", Size - 2, Color.Faint));
        }
        return listed;
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
        var step = Ticks.Step(Wide / unit / 6);
        var form = step >= 1 ? "F0" : step >= 0.1 ? "F1" : step >= 0.01 ? "F2" : "F3";
        for (var v = Math.Ceiling((cx - Wide / 2 / unit) / step) * step; x + Wide / 2 + (v - cx) * unit < x + Wide; v += step)
        {
            var at = x + Wide / 2 + (v - cx) * unit;
            sheet.Shapes.Add(new Stroke(at, y, at, y + Tall, Thickness(v, step), Color.Line));
            sheet.Shapes.Add(new Label(at, y + Tall + 16, Number(v, step, form), 10.5, Color.Faint, Anchor.Middle));
        }
        for (var v = Math.Ceiling((cy - Tall / 2 / unit) / step) * step; y + Tall / 2 - (v - cy) * unit > y; v += step)
        {
            var at = y + Tall / 2 - (v - cy) * unit;
            sheet.Shapes.Add(new Stroke(x, at, x + Wide, at, Thickness(v, step), Color.Line));
            sheet.Shapes.Add(new Label(x - 8, at + 4, Number(v, step, form), 10.5, Color.Faint, Anchor.End));
        }
    }

    static bool IsZero(double v, double step) => Math.Abs(v) < step / 2;

    static double Thickness(double v, double step) => IsZero(v, step) ? 1.4 : 0.7;

    static string Number(double v, double step, string form) => (IsZero(v, step) ? 0 : v).ToString(form).Replace('-', '−');

    /// <summary>Puts a name right of its point, else left, above, below; false where it would cover something.</summary>
    static bool Put(Sheet sheet, List<Box> taken, (double X, double Y) at, string name, bool marked, double left, double top)
    {
        var width = Label.WidthOf(name, Size);
        (double X, double Y, Anchor Anchor)[] sides =
        [
            (at.X + 9, at.Y - 7, Anchor.Start),
            (at.X - 9 - width, at.Y - 7, Anchor.End),
            (at.X - width / 2, at.Y - 22, Anchor.Middle),
            (at.X - width / 2, at.Y + 7, Anchor.Middle),
        ];
        foreach (var (x, y, anchor) in sides)
        {
            var box = new Box(x, y, width, NameHeight, default);
            var inside = x >= left && x + width <= left + Wide && y >= top && y + NameHeight <= top + Tall;
            if (!inside || taken.Any(t => Overlap(t, box))) continue;
            taken.Add(box);
            var start = anchor switch { Anchor.Start => x, Anchor.End => x + width, _ => at.X };
            sheet.Shapes.Add(new Label(start, y + 11, name, Size, marked ? Color.Mark : Color.Ink, anchor));
            return true;
        }
        return false;
    }

    static bool Overlap(Box a, Box b) => a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height;
}
