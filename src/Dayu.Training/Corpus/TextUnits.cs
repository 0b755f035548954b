using System.Security.Cryptography;
using System.Text;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// What a text is counted and compared in: words of letters and digits, in lower case; of scripts without spaces between words (Chinese,
/// Japanese) each character. Spaces, punctuation and marks are none, so that texts that differ only in them have the same.
/// </summary>
static class TextUnits
{
    /// <summary>The units in their order.</summary>
    public static List<string> Of(string text)
    {
        var (units, word) = (new List<string>(), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            var alone = IsAlone(rune);
            if (!alone && (Rune.IsLetterOrDigit(rune) || word.Length > 0 && IsMark(rune)))
            {
                word.Append(Rune.ToLowerInvariant(rune));
                continue;
            }
            if (word.Length > 0) units.Add(word.ToString());
            word.Clear();
            if (alone) units.Add(rune.ToString());
        }
        if (word.Length > 0) units.Add(word.ToString());
        return units;
    }

    /// <summary>SHA-256 of a text's units; without a letter it has nothing but its signs.</summary>
    public static byte[] HashOf(IReadOnlyList<string> units, string text) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(units.Count > 0 ? string.Join(' ', units) : text));

    /// <summary>Han, with its extensions, and Kana.</summary>
    public static bool IsAlone(Rune rune) => Scripts.IsHan(rune.Value) || rune.Value is >= 0x3041 and <= 0x30FF and not 0x30FB;

    static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark
        or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
