namespace Dayu.Cli;

/// <summary>Fills outlines with soft edges: each edge adds, row by row, the exact area to its right, and a running sum along the row is how much of each pixel is covered.</summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
sealed class Coverage(int width, int height)
{
    readonly float[] change = new float[(width + 2) * height];

    /// <summary>An edge, in pixels from the upper left corner; parts above and below are left out, parts beside count as at the border.</summary>
    public void Edge(double x0, double y0, double x1, double y1)
    {
        if (y0 == y1 || !double.IsFinite(x0 + y0 + x1 + y1)) return;
        var sign = y0 < y1 ? 1f : -1f;
        if (y0 > y1) (x0, y0, x1, y1) = (x1, y1, x0, y0);
        var slope = (x1 - x0) / (y1 - y0);
        for (var row = Math.Max(0, (int)Math.Floor(Math.Max(y0, 0))); row < height && row < y1; row++)
        {
            var (top, bottom) = (Math.Max(y0, row), Math.Min(y1, row + 1));
            Row(row, Clamped(x0 + (top - y0) * slope), Clamped(x0 + (bottom - y0) * slope), sign * (float)(bottom - top));
        }
    }

    double Clamped(double x) => Math.Clamp(x, 0, width);

    /// <summary>A piece of an edge within a row: its height is shared among the columns that it crosses, each by the part of the pixel right of it.</summary>
    void Row(int row, double xa, double xb, float tall)
    {
        if (xa > xb) (xa, xb) = (xb, xa);
        var line = change.AsSpan(row * (width + 2), width + 2);
        int first = (int)xa, last = (int)xb;
        for (var column = first; column <= last; column++)
        {
            var (from, to) = (Math.Max(xa, column), Math.Min(xb, column + 1));
            var share = xb > xa ? tall * (float)((to - from) / (xb - xa)) : tall;
            var right = (float)(column + 1 - (from + to) / 2);
            line[column] += share * right;
            line[column + 1] += share * (1 - right);
        }
    }

    /// <summary>How much of each pixel of a row is covered, 0 to 1.</summary>
    public void Read(int row, Span<float> covered)
    {
        var sum = 0f;
        for (var x = 0; x < width; x++)
        {
            sum += change[row * (width + 2) + x];
            covered[x] = Math.Min(1, Math.Abs(sum));
        }
    }
}
