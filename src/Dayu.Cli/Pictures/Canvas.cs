namespace Dayu.Cli;

/// <summary>Pixels that outlines are painted on; white at first.</summary>
sealed class Canvas
{
    readonly byte[] pixels;

    public Canvas(int width, int height)
    {
        (Width, Height, pixels) = (width, height, new byte[width * height * 3]);
        pixels.AsSpan().Fill(255);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>A row of pixels: red, green, blue.</summary>
    public ReadOnlySpan<byte> Row(int y) => pixels.AsSpan(y * Width * 3, Width * 3);

    /// <summary>Fills outlines; where they overlap the same way round they are one.</summary>
    public void Fill(Outline outline, Color color)
    {
        var points = outline.Rings.SelectMany(r => r);
        if (!points.Any()) return;
        int left = Inside(points.Min(p => p.X), Width), right = Inside(points.Max(p => p.X) + 1, Width), top = Inside(points.Min(p => p.Y), Height), bottom = Inside(points.Max(p => p.Y) + 1, Height);
        if (left >= right || top >= bottom) return;
        var coverage = new Coverage(right - left, bottom - top);
        foreach (var ring in outline.Rings)
            for (var i = 0; i < ring.Length; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                coverage.Edge(a.X - left, a.Y - top, b.X - left, b.Y - top);
            }
        var covered = new float[right - left];
        for (var y = top; y < bottom; y++)
        {
            coverage.Read(y - top, covered);
            for (var x = left; x < right; x++) Blend(pixels.AsSpan((y * Width + x) * 3, 3), color, covered[x - left]);
        }
    }

    static int Inside(double x, int size) => (int)Math.Clamp(Math.Floor(x), 0, size);

    static void Blend(Span<byte> pixel, Color color, float share)
    {
        if (share < 1 / 512f) return;
        var mixed = new Color(pixel[0], pixel[1], pixel[2]).Mixed(color, share);
        (pixel[0], pixel[1], pixel[2]) = (mixed.R, mixed.G, mixed.B);
    }
}
