using SkiaSharp;

namespace Dayu.Tests;

/// <summary>The pixels of a PNG file.</summary>
sealed class PngFile
{
    readonly SKColor[] pixels;

    public PngFile(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        using var bitmap = SKBitmap.Decode(file);
        (Width, Height, pixels) = (bitmap.Width, bitmap.Height, bitmap.Pixels);
    }

    public int Width { get; }

    public int Height { get; }

    public (byte R, byte G, byte B) this[int x, int y] => Of(pixels[y * Width + x]);

    /// <summary>Number of colours.</summary>
    public int Colors => pixels.Distinct().Count();

    /// <summary>How many pixels have a colour.</summary>
    public int Count(byte r, byte g, byte b) => pixels.Count(p => Of(p) == (r, g, b));

    static (byte, byte, byte) Of(SKColor c) => (c.Red, c.Green, c.Blue);
}
