using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>A normalizer that looks at each character by itself: what becomes of it, or that it goes.</summary>
/// <param name="changes">Whether anything becomes of a character.</param> <param name="map">What it becomes: any number of characters.</param>
sealed class MapCharacters(Func<Rune, bool> changes, Func<Rune, string> map) : Normalizer
{
    /// <summary>Lower case, each character by itself: İ (U+0130), alone of all, becomes two.</summary>
    public static MapCharacters Lowercase { get; } = new(c => c.Value == 0x130 || Rune.ToLowerInvariant(c) != c, c => c.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(c).ToString());

    /// <summary>Without combining marks; letters that hold their accent in themselves keep it, unless form D comes before.</summary>
    public static MapCharacters StripAccents { get; } = new(IsMark, _ => "");

    /// <summary>What neural machine translation throws out (SentencePiece's <c>nmt</c> rules): control characters go, white space that is none of its own becomes a space.</summary>
    public static MapCharacters Nmt { get; } = new(c => IsNmtControl(c.Value) || IsNmtSpace(c.Value), c => IsNmtControl(c.Value) ? "" : " ");

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

    static bool IsMark(Rune c) => Rune.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    static bool IsNmtControl(int c) => c is (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F;

    static bool IsNmtSpace(int c) => c is '\t' or '\n' or '\f' or '\r' or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
