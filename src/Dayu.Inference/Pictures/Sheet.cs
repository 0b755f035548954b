namespace Dayu.Inference;

/// <summary>Shapes being put on a page, with what all figures share: a title, lines of text, a scale of colours.</summary>
sealed class Sheet
{
    public const double Margin = 24;
    const double TitleSize = 18, TextSize = 12.5, LineHeight = 18, Steps = 60;

    public List<Shape> Shapes { get; } = [];

    /// <summary>A title and lines under it; where they end.</summary>
    public double Head(string title, string lines, double width)
    {
        var y = Margin + TitleSize * 0.8;
        foreach (var line in Wrapped(title, width, TitleSize))
        {
            Shapes.Add(new Label(Margin, y, line, TitleSize, Color.Ink));
            y += TitleSize * 1.3;
        }
        y += 2;
        foreach (var line in lines.Split('\n').SelectMany(l => Wrapped(l, width, TextSize)))
        {
            Shapes.Add(new Label(Margin, y, line, TextSize, Color.Faint));
            y += LineHeight;
        }
        return y - LineHeight * 0.4;
    }

    /// <summary>The name of an axis, in the middle of its place.</summary>
    /// <param name="x">Middle.</param>
    /// <param name="y">Base line.</param>
    /// <param name="text">The name.</param>
    /// <param name="turn">Degrees, clockwise.</param>
    public void Caption(double x, double y, string text, double turn = 0) =>
        Shapes.Add(new Label(x, y, text, 11, Color.Faint, Anchor.Middle, turn));

    /// <summary>A bar of all colours with numbers beside it; where it ends below.</summary>
    /// <param name="x">Left.</param>
    /// <param name="y">Top.</param>
    /// <param name="height">Of the bar.</param>
    /// <param name="low">The number below.</param>
    /// <param name="high">The number above.</param>
    /// <param name="title">What the numbers are.</param>
    /// <param name="hidden">What cells without a number mean; empty: there are none.</param>
    public double Scale(double x, double y, double height, double low, double high, string title, string hidden)
    {
        Shapes.Add(new Label(x, y - 12, title, 11, Color.Faint));
        for (var i = 0; i < Steps; i++)
        {
            var overlap = i + 1 < Steps ? 0.5 : 0;
            Shapes.Add(new Box(x, y + height * i / Steps, 14, height / Steps + overlap, Palette.Of(1 - (i + 0.5) / Steps)));
        }
        var form = high - low < 0.1 ? "F3" : "F2";
        for (var tick = 0; tick <= 4; tick++)
        {
            var at = y + height * (1 - tick / 4.0);
            Shapes.Add(new Stroke(x + 14, at, x + 18, at, 1, Color.Faint));
            Shapes.Add(new Label(x + 22, at + 4, (low + (high - low) * tick / 4).ToString(form), 11, Color.Faint));
        }
        if (hidden.Length == 0) return y + height;
        Shapes.Add(new Box(x, y + height + 16, 14, 14, Color.Masked));
        Shapes.Add(new Label(x + 22, y + height + 27, hidden, 11, Color.Faint));
        return y + height + 32;
    }

    /// <summary>How wide that is.</summary>
    public static double ScaleWidth(string title, string hidden) =>
        Math.Max(Math.Max(Label.WidthOf(title, 11), 70), hidden.Length > 0 ? 22 + Label.WidthOf(hidden, 11) : 0);

    /// <summary>A frame.</summary>
    public void Frame(double x, double y, double width, double height, double thickness, Color color)
    {
        Shapes.Add(new Stroke(x - thickness / 2, y, x + width + thickness / 2, y, thickness, color));
        Shapes.Add(new Stroke(x - thickness / 2, y + height, x + width + thickness / 2, y + height, thickness, color));
        Shapes.Add(new Stroke(x, y, x, y + height, thickness, color));
        Shapes.Add(new Stroke(x + width, y, x + width, y + height, thickness, color));
    }

    /// <summary>Lines that are not wider than this: cut between words, or within Chinese, anywhere.</summary>
    public static IEnumerable<string> Wrapped(string text, double width, double size)
    {
        var line = "";
        foreach (var word in Words(text))
        {
            if (line.Length > 0 && Label.WidthOf((line + word).TrimEnd(), size) > width)
            {
                yield return line.TrimEnd();
                line = word.TrimStart();
            }
            else line += word;
        }
        if (line.Length > 0) yield return line.TrimEnd();
    }

    static IEnumerable<string> Words(string text)
    {
        var word = "";
        foreach (var rune in text.EnumerateRunes())
        {
            word += rune.ToString();
            if (rune.Value != ' ' && CellWidth.Of(rune) < 2 && word.Length < 40) continue;
            yield return word;
            word = "";
        }
        if (word.Length > 0) yield return word;
    }
}
