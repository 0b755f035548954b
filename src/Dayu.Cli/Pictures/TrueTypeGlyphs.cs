namespace Dayu.Cli;

/// <summary>Outlines of quadratic curves: the tables <c>loca</c> and <c>glyf</c>.</summary>
/// <param name="places">Where each glyph begins.</param>
/// <param name="data">The glyphs.</param>
/// <param name="wide">Whether places are 32 bits.</param>
sealed class TrueTypeGlyphs(FontBytes places, FontBytes data, bool wide) : IGlyphs
{
    const int MostParts = 64;                                        // of a glyph made of glyphs

    public void Draw(int glyph, Outline outline)
    {
        var parts = MostParts;
        Draw(glyph, outline, ref parts);
    }

    void Draw(int glyph, Outline outline, ref int parts)
    {
        var (start, end) = (Place(glyph), Place(glyph + 1));
        if (end <= start || parts-- <= 0) return;
        var g = data.Part(start, end - start);
        if (g.I16(0) >= 0) Simple(g, outline);
        else Composite(g, outline, ref parts);
    }

    int Place(int glyph) => wide ? places.U32(4 * glyph) : 2 * places.U16(2 * glyph);

    static void Simple(FontBytes g, Outline outline)
    {
        var rings = g.I16(0);
        if (rings == 0) return;
        var count = g.U16(10 + 2 * (rings - 1)) + 1;
        var at = 12 + 2 * rings + g.U16(10 + 2 * rings);             // behind the instructions
        var flags = new byte[count];
        for (var i = 0; i < count; i++)
        {
            flags[i] = g.U8(at++);
            if ((flags[i] & 8) == 0) continue;
            for (var again = g.U8(at++); again > 0 && i + 1 < count; again--) flags[++i] = flags[i - 1];
        }
        var x = Coordinates(g, flags, ref at, small: 2, same: 16);
        var y = Coordinates(g, flags, ref at, small: 4, same: 32);
        for (int r = 0, first = 0; r < rings; r++)
        {
            var last = Math.Min(g.U16(10 + 2 * r), count - 1);
            Ring(first, last, flags, x, y, outline);
            first = last + 1;
        }
    }

    static int[] Coordinates(FontBytes g, byte[] flags, ref int at, int small, int same)
    {
        var values = new int[flags.Length];
        for (int i = 0, value = 0; i < flags.Length; i++)
        {
            if ((flags[i] & small) != 0) value += (flags[i] & same) != 0 ? g.U8(at++) : -g.U8(at++);
            else if ((flags[i] & same) == 0) (value, at) = (value + g.I16(at), at + 2);
            values[i] = value;
        }
        return values;
    }

    /// <summary>Points on the curve and control points beside it; between two control points lies a point that is not written.</summary>
    static void Ring(int first, int last, byte[] flags, int[] x, int[] y, Outline outline)
    {
        var n = last - first + 1;
        if (n < 2) return;
        var start = Enumerable.Range(first, n).FirstOrDefault(i => (flags[i] & 1) != 0, -1);
        var (sx, sy) = start >= 0 ? (x[start], y[start]) : ((x[first] + x[last]) / 2.0, (y[first] + y[last]) / 2.0);
        outline.Move(sx, sy);
        (double X, double Y)? control = null;
        for (var k = 1; k <= n; k++)
        {
            var i = first + ((start >= 0 ? start - first : -1) + k) % n;
            var (px, py, on) = ((double)x[i], (double)y[i], (flags[i] & 1) != 0);
            if (control is not { } c)
            {
                if (on) outline.Line(px, py);
                else control = (px, py);
                continue;
            }
            if (on) outline.Quadratic(c.X, c.Y, px, py);
            else outline.Quadratic(c.X, c.Y, (c.X + px) / 2, (c.Y + py) / 2);
            control = on ? null : (px, py);
        }
        if (control is { } open) outline.Quadratic(open.X, open.Y, sx, sy);
        outline.Close();
    }

    void Composite(FontBytes g, Outline outline, ref int parts)
    {
        for (int at = 10, flags = 32; (flags & 32) != 0 && parts > 0;)
        {
            flags = g.U16(at);
            var (part, words, xy) = (g.U16(at + 2), (flags & 1) != 0, (flags & 2) != 0);
            var (dx, dy) = !xy ? (0, 0) : words ? (g.I16(at + 4), g.I16(at + 6)) : ((sbyte)g.U8(at + 4), (sbyte)g.U8(at + 5));
            at += words ? 8 : 6;
            double a = 1, b = 0, c = 0, d = 1;
            if ((flags & 8) != 0) a = d = Fraction(ref at);
            else if ((flags & 64) != 0) (a, d) = (Fraction(ref at), Fraction(ref at));
            else if ((flags & 128) != 0) (a, b, c, d) = (Fraction(ref at), Fraction(ref at), Fraction(ref at), Fraction(ref at));
            var inner = new Outline();
            Draw(part, inner, ref parts);
            inner.Close();
            outline.Add(inner, a, b, c, d, dx, dy);
        }

        double Fraction(ref int at) => g.I16((at += 2) - 2) / 16384.0;
    }
}
