using System.Text;
using static System.Globalization.UnicodeCategory;

namespace Dayu.Inference;

/// <summary>
/// How many columns text takes on a terminal: Chinese characters and most emoji take two, combining marks none
/// (Unicode Standard Annex 11).
/// </summary>
public static class CellWidth
{
    static readonly (int First, int Last)[] wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
        (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x26A1, 0x26A1), (0x26BD, 0x26BE), (0x2705, 0x2705),
        (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x2753, 0x2755), (0x2795, 0x2797), (0x2B1B, 0x2B1C),
        (0x2B50, 0x2B50), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4E00, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18DFF),
        (0x1AFF0, 0x1B2FF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Columns of a character.</summary>
    public static int Of(Rune rune)
    {
        if (rune.Value < 0x300) return rune.Value < 0x20 || rune.Value is >= 0x7F and < 0xA0 ? 0 : 1;
        if (Rune.GetUnicodeCategory(rune) is NonSpacingMark or EnclosingMark or Format) return 0;
        foreach (var (first, last) in wide)
            if (rune.Value <= last) return rune.Value >= first ? 2 : 1;
        return 1;
    }

    /// <summary>Columns of a text.</summary>
    public static int Of(string text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes()) columns += Of(rune);
        return columns;
    }

    /// <summary>The text with blanks behind it (or before), until it takes so many columns.</summary>
    public static string Pad(string text, int columns, bool right = false)
    {
        var blanks = new string(' ', Math.Max(0, columns - Of(text)));
        return right ? blanks + text : text + blanks;
    }
}
