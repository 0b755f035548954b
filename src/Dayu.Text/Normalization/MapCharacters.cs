using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>A normalizer that replaces or drops characters, each by itself.</summary>
/// <param name="changes">Whether a character changes.</param>
/// <param name="map">What it becomes: any number of characters.</param>
sealed class MapCharacters(Func<Rune, bool> changes, Func<Rune, string> map) : Normalizer
{
    /// <summary>İ, the only character whose lower case is two.</summary>
    const int DottedCapitalI = 0x130;

    /// <summary>Lower case.</summary>
    public static MapCharacters Lowercase { get; } = new(
        c => c.Value == DottedCapitalI || Rune.ToLowerInvariant(c) != c,
        c => c.Value == DottedCapitalI ? "i\u0307" : Rune.ToLowerInvariant(c).ToString());

    /// <summary>Drops combining marks; precomposed letters keep their accent, unless NFD comes before.</summary>
    public static MapCharacters StripAccents { get; } = new(IsMark, _ => "");

    /// <summary>
    /// SentencePiece's <c>nmt</c> rules (neural machine translation): drops control characters, turns white space into
    /// spaces.
    /// </summary>
    public static MapCharacters Nmt { get; } = new(
        c => IsNmtControl(c.Value) || IsNmtSpace(c.Value),
        c => IsNmtControl(c.Value) ? "" : " ");

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        StringBuilder? changed = null;
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (changes(rune)) (changed ??= new StringBuilder(text.Length).Append(text[..at])).Append(map(rune));
            else changed?.Append(rune);
            at += rune.Utf16SequenceLength;      // a lone surrogate is U+FFFD, of the same length
        }
        return changed is null ? text : changed.ToString();
    }

    static bool IsMark(Rune c) => Rune.GetUnicodeCategory(c)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    static bool IsNmtControl(int c) => c is (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F;

    static bool IsNmtSpace(int c) => c
        is '\t' or '\n' or '\f' or '\r' or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
