namespace Dayu.Inference;

/// <summary>A colour, sRGB.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Color(byte R, byte G, byte B)
{
    const double EqualContrast = 0.215;                              // with white and with ink alike

    /// <summary>The ground of every picture.</summary>
    public static readonly Color White = new(255, 255, 255);

    /// <summary>Text.</summary>
    public static readonly Color Ink = new(31, 35, 40);

    /// <summary>Text of less weight: axes, legends.</summary>
    public static readonly Color Faint = new(89, 99, 110);

    /// <summary>Lines of a plot's grid.</summary>
    public static readonly Color Line = new(208, 215, 222);

    /// <summary>Cells that hold no number.</summary>
    public static readonly Color Masked = new(232, 235, 239);

    /// <summary>What the eye should find first.</summary>
    public static readonly Color Mark = new(214, 51, 108);

    /// <summary>As CSS and SVG write it: <c>#rrggbb</c>.</summary>
    public string Hex => $"#{R:x2}{G:x2}{B:x2}";

    /// <summary>Black or white: what is read on it (contrast of WCAG 2.2).</summary>
    public Color Over => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B) > EqualContrast ? Ink : White;

    static double Linear(byte channel) => Math.Pow(channel / 255.0, 2.2);

    /// <summary>This colour with a share of another in it.</summary>
    /// <param name="other">The other colour.</param>
    /// <param name="share">0: only this one; 1: only the other.</param>
    public Color Mixed(Color other, double share) => new(Mix(R, other.R, share), Mix(G, other.G, share), Mix(B, other.B, share));

    static byte Mix(byte a, byte b, double share) => (byte)Math.Round(a + (b - a) * share);
}

/// <summary>
/// Colours, first for numbers: viridis (van der Walt and Smith 2015, CC0) grows evenly brighter, also for the colour-blind and
/// in print.
/// </summary>
public static class Palette
{
    static readonly Color[] viridis =
    [
        new(0x44, 0x01, 0x54), new(0x48, 0x28, 0x78), new(0x3E, 0x4A, 0x89), new(0x31, 0x68, 0x8E), new(0x26, 0x82, 0x8E),
        new(0x1F, 0x9E, 0x89), new(0x35, 0xB7, 0x79), new(0x6D, 0xCD, 0x59), new(0xB4, 0xDE, 0x2C), new(0xFD, 0xE7, 0x25),
    ];

    /// <summary>
    /// Colours for things beside each other, told apart by the colour-blind too (Okabe and Ito 2008, without the yellow that white
    /// paper swallows).
    /// </summary>
    static readonly Color[] distinct =
    [
        new(0x00, 0x72, 0xB2), new(0xD5, 0x5E, 0x00), new(0x00, 0x9E, 0x73), new(0xCC, 0x79, 0xA7), new(0xE6, 0x9F, 0x00),
        new(0x56, 0xB4, 0xE9), new(0x1F, 0x23, 0x28),
    ];

    /// <summary>One of several colours that are told apart; of many, a step on the way through all.</summary>
    /// <param name="i">Which.</param>
    /// <param name="of">Of how many.</param>
    public static Color Distinct(int i, int of) => of <= distinct.Length ? distinct[i] : Of(0.92 * i / (of - 1));

    /// <summary>The colour of a share, 0 to 1.</summary>
    public static Color Of(double share)
    {
        var at = Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * (viridis.Length - 1);
        var low = Math.Min((int)at, viridis.Length - 2);
        return viridis[low].Mixed(viridis[low + 1], at - low);
    }
}
