namespace Dayu.Cli;

/// <summary>Closed curves, as straight pieces that are short enough for the eye.</summary>
sealed class Outline
{
    const int Pieces = 6;                                            // of a curve: glyphs are small

    readonly List<(double X, double Y)[]> rings = [];
    readonly List<(double X, double Y)> ring = [];

    /// <summary>Each a polygon.</summary>
    public IReadOnlyList<(double X, double Y)[]> Rings => rings;

    (double X, double Y) At => ring[^1];

    public void Move(double x, double y)
    {
        Close();
        ring.Add((x, y));
    }

    public void Line(double x, double y) => ring.Add((x, y));

    /// <summary>A quadratic Bézier curve.</summary>
    public void Quadratic(double cx, double cy, double x, double y)
    {
        if (ring.Count == 0) return;
        var (x0, y0) = At;
        Cubic(x0 + (cx - x0) * 2 / 3, y0 + (cy - y0) * 2 / 3, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y);
    }

    /// <summary>A cubic Bézier curve.</summary>
    public void Cubic(double ax, double ay, double bx, double by, double x, double y)
    {
        if (ring.Count == 0) return;
        var (x0, y0) = At;
        for (var i = 1; i <= Pieces; i++)
        {
            var t = (double)i / Pieces;
            var (w0, w1, w2, w3) = ((1 - t) * (1 - t) * (1 - t), 3 * t * (1 - t) * (1 - t), 3 * t * t * (1 - t), t * t * t);
            ring.Add((w0 * x0 + w1 * ax + w2 * bx + w3 * x, w0 * y0 + w1 * ay + w2 * by + w3 * y));
        }
    }

    public void Close()
    {
        if (ring.Count > 2) rings.Add([.. ring]);
        ring.Clear();
    }

    /// <summary>Another outline, moved and turned: x' = a·x + c·y + dx, y' = b·x + d·y + dy.</summary>
    public void Add(Outline other, double a, double b, double c, double d, double dx, double dy)
    {
        foreach (var polygon in other.rings) rings.Add([.. polygon.Select(p => (a * p.X + c * p.Y + dx, b * p.X + d * p.Y + dy))]);
    }

    /// <summary>A polygon.</summary>
    public static Outline Of(params (double X, double Y)[] corners)
    {
        var outline = new Outline();
        outline.rings.Add(corners);
        return outline;
    }
}
