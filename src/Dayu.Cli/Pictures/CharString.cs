namespace Dayu.Cli;

/// <summary>Draws one glyph as its little program says (Adobe Technical Note 5177, Type 2 charstrings). Hints, which fit glyphs to coarse pixels, are passed over.</summary>
/// <param name="outline">Drawn on.</param>
/// <param name="common">Subroutines of the font.</param>
/// <param name="own">Subroutines of the glyph's group.</param>
sealed class CharString(Outline outline, FontBytes[] common, FontBytes[] own)
{
    const int Deepest = 10, MostSteps = 50_000, MostNumbers = 513;

    readonly List<double> s = [];                                    // the stack; operators read it from its bottom
    double x, y;
    int hints, steps;
    bool ended;

    public void Run(FontBytes program) => Run(program, 0);

    void Run(FontBytes p, int depth)
    {
        if (depth > Deepest) throw new InvalidDataException("a glyph's subroutines call each other too deeply");
        for (var at = 0; at < p.Length && !ended;)
        {
            if (++steps > MostSteps || s.Count > MostNumbers) throw new InvalidDataException("a glyph's program is too long");
            int b = p.U8(at++);
            if (b == 28) s.Add(p.I16((at += 2) - 2));
            else if (b == 255) s.Add(p.I32((at += 4) - 4) / 65536.0);
            else if (b >= 32) s.Add(b <= 246 ? b - 139 : b <= 250 ? (b - 247) * 256 + p.U8(at++) + 108 : -(b - 251) * 256 - p.U8(at++) - 108);
            else if (b is 10 or 29) Call(b == 10 ? own : common, depth);
            else if (b == 11) return;
            else if (b is 19 or 20) at += Mask();
            else Do(b == 12 ? 1200 + p.U8(at++) : b);
        }
    }

    void Call(FontBytes[] subroutines, int depth)
    {
        if (s.Count == 0) throw new InvalidDataException("a glyph calls a subroutine without saying which");
        var n = (int)s[^1] + (subroutines.Length < 1240 ? 107 : subroutines.Length < 33900 ? 1131 : 32768);
        s.RemoveAt(s.Count - 1);
        if (n < 0 || n >= subroutines.Length) throw new InvalidDataException($"a glyph calls subroutine {n} of {subroutines.Length}");
        Run(subroutines[n], depth + 1);
    }

    /// <summary>Stems may be on the stack; a bit for each hint follows.</summary>
    int Mask()
    {
        hints += s.Count / 2;
        s.Clear();
        return (hints + 7) / 8;
    }

    void Do(int op)
    {
        switch (op)
        {
            case 1 or 3 or 18 or 23: hints += s.Count / 2; break;    // stems
            case 21 when s.Count >= 2: Move(s[^2], s[^1]); break;    // below, there may be the glyph's width
            case 22 when s.Count >= 1: Move(s[^1], 0); break;
            case 4 when s.Count >= 1: Move(0, s[^1]); break;
            case 5: for (var i = 0; i + 1 < s.Count; i += 2) Line(s[i], s[i + 1]); break;
            case 6: Staircase(level: true); break;
            case 7: Staircase(level: false); break;
            case 8: Curves(0, s.Count); break;
            case 24: Curves(0, s.Count - 2); Line(s[^2], s[^1]); break;
            case 25:
                for (var i = 0; i + 7 < s.Count; i += 2) Line(s[i], s[i + 1]);
                Curves(s.Count - 6, s.Count);
                break;
            case 26: Parallel(level: false); break;
            case 27: Parallel(level: true); break;
            case 30: Alternating(level: false); break;
            case 31: Alternating(level: true); break;
            case 14: ended = true; outline.Close(); break;
            case 1235: Curves(0, 12); break;                         // flex: two curves that small sizes draw as a line
            case 1234: Curve(s[0], 0, s[1], s[2], s[3], 0); Curve(s[4], 0, s[5], -s[2], s[6], 0); break;
            case 1236: Curve(s[0], s[1], s[2], s[3], s[4], 0); Curve(s[5], 0, s[6], s[7], s[8], -(s[1] + s[3] + s[7])); break;
            case 1237: Flex1(); break;
        }
        s.Clear();
    }

    void Move(double dx, double dy) => outline.Move(x += dx, y += dy);

    void Line(double dx, double dy) => outline.Line(x += dx, y += dy);

    void Curve(double ax, double ay, double bx, double by, double dx, double dy)
    {
        var (x1, y1) = (x + ax, y + ay);
        var (x2, y2) = (x1 + bx, y1 + by);
        outline.Cubic(x1, y1, x2, y2, x = x2 + dx, y = y2 + dy);
    }

    void Curves(int from, int to)
    {
        for (var i = Math.Max(0, from); i + 5 < to; i += 6) Curve(s[i], s[i + 1], s[i + 2], s[i + 3], s[i + 4], s[i + 5]);
    }

    void Staircase(bool level)
    {
        foreach (var d in s)
        {
            Line(level ? d : 0, level ? 0 : d);
            level = !level;
        }
    }

    /// <summary>Curves that begin and end in the same direction.</summary>
    void Parallel(bool level)
    {
        var (i, first) = (s.Count % 4 == 1 ? 1 : 0, s.Count % 4 == 1 ? s[0] : 0);
        for (; i + 3 < s.Count; i += 4)
        {
            if (level) Curve(s[i], first, s[i + 1], s[i + 2], s[i + 3], 0);
            else Curve(first, s[i], s[i + 1], s[i + 2], 0, s[i + 3]);
            first = 0;
        }
    }

    /// <summary>Curves that begin level and end upright, the next the other way round; the very last may end askew.</summary>
    void Alternating(bool level)
    {
        for (var i = 0; i + 3 < s.Count; i += 4, level = !level)
        {
            var last = s.Count - i == 5 ? s[i + 4] : 0;
            if (level) Curve(s[i], 0, s[i + 1], s[i + 2], last, s[i + 3]);
            else Curve(0, s[i], s[i + 1], s[i + 2], s[i + 3], last);
        }
    }

    /// <summary>The last point lies level with the first, or straight above it: whichever it went further in.</summary>
    void Flex1()
    {
        double dx = s[0] + s[2] + s[4] + s[6] + s[8], dy = s[1] + s[3] + s[5] + s[7] + s[9];
        var wide = Math.Abs(dx) > Math.Abs(dy);
        Curve(s[0], s[1], s[2], s[3], s[4], s[5]);
        Curve(s[6], s[7], s[8], s[9], wide ? s[10] : -dx, wide ? -dy : s[10]);
    }
}
