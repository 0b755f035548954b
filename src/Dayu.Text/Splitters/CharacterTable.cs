using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// What splitters need to know of a character, in one byte: its <see cref="CharacterClass"/>, which part of a word it
/// may be (<see cref="WordPart"/>), whether it is punctuation to BERT. A two-stage table: the upper byte of a code
/// point selects a block of 256 entries, and equal blocks (all of Chinese) are shared, so that what a text needs stays
/// in the fastest cache.
/// </summary>
static class CharacterTable
{
    const int Classes = 3, Parts = 3, PartShift = 2, Punctuation = 1 << 4;

    static readonly byte[] blocks = new byte[256], kinds = Fill(blocks);

    public static CharacterClass ClassOf(byte ascii) => (CharacterClass)(kinds[ascii] & Classes);

    public static CharacterClass ClassOf(int codePoint) => (CharacterClass)(Kind(codePoint) & Classes);

    public static WordPart PartOf(byte ascii) => (WordPart)(kinds[ascii] >> PartShift & Parts);

    public static WordPart PartOf(int codePoint) => (WordPart)(Kind(codePoint) >> PartShift & Parts);

    /// <summary>
    /// Unicode's punctuation, and all of ASCII that is neither letter, digit, space nor control: $, +, &lt;, ^ too.
    /// </summary>
    public static bool IsBertPunctuation(int codePoint) => (Kind(codePoint) & Punctuation) != 0;

    /// <summary>The character at a place in valid UTF-8, and where the next one begins.</summary>
    public static int Decode(ReadOnlySpan<byte> utf8, int at, out int next)
    {
        int first = utf8[at];
        if (first < 0x80)
        {
            next = at + 1;
            return first;
        }
        if (first < 0xE0)
        {
            next = at + 2;
            return (first & 0x1F) << 6 | utf8[at + 1] & 0x3F;
        }
        if (first < 0xF0)
        {
            next = at + 3;
            return (first & 0x0F) << 12 | (utf8[at + 1] & 0x3F) << 6 | utf8[at + 2] & 0x3F;
        }
        next = at + 4;
        return (first & 0x07) << 18 | (utf8[at + 1] & 0x3F) << 12 | (utf8[at + 2] & 0x3F) << 6 | utf8[at + 3] & 0x3F;
    }

    /// <summary>Characters beyond U+FFFF are computed: a table of them would be large, and they are rare.</summary>
    static byte Kind(int codePoint) =>
        codePoint < 0x10000 ? kinds[blocks[codePoint >> 8] << 8 | codePoint & 0xFF] : Compute(codePoint);

    static byte Compute(int codePoint)
    {
        var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
        var kind = category switch
        {
            <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => Rune.IsValid(codePoint) && Rune.IsWhiteSpace(new(codePoint)) ? CharacterClass.Space : CharacterClass.Other,
        };
        var part = category switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => WordPart.Capital,
            UnicodeCategory.LowercaseLetter => WordPart.Small,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => WordPart.Capital | WordPart.Small,
            >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark => WordPart.Capital | WordPart.Small,
            _ => WordPart.None,
        };
        bool punctuation = codePoint < 128
            ? codePoint is > ' ' and < 127 && !char.IsAsciiLetterOrDigit((char)codePoint)
            : category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;
        return (byte)((int)kind | (int)part << PartShift | (punctuation ? Punctuation : 0));
    }

    /// <summary>
    /// Computes the distinct blocks, and which of them each upper byte has. The first 256 characters have the first
    /// block.
    /// </summary>
    static byte[] Fill(byte[] blocks)
    {
        var distinct = new List<byte[]>();
        for (int upper = 0; upper < 256; upper++)
        {
            var block = new byte[256];
            for (int lower = 0; lower < 256; lower++) block[lower] = Compute(upper << 8 | lower);
            int known = distinct.FindIndex(other => other.AsSpan().SequenceEqual(block));
            if (known < 0) distinct.Add(block);
            blocks[upper] = (byte)(known < 0 ? distinct.Count - 1 : known);
        }
        return [.. distinct.SelectMany(block => block)];
    }
}

/// <summary>
/// Which part of a word a character may be where words are split at capital letters; letters without case, and marks,
/// are both.
/// </summary>
[Flags]
enum WordPart : byte
{
    None = 0,
    Capital = 1,
    Small = 2,
}
