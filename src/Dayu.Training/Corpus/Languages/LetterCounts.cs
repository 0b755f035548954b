using System.Globalization;

namespace Dayu.Training;

/// <summary>
/// How many letters of each script a text has, in letters of an alphabet: a character of Chinese, Kana and Hangul counts as three,
/// about what a syllable takes in English.
/// </summary>
struct LetterCounts
{
    /// <summary>What a Chinese character, a Kana or a syllable of Hangul counts.</summary>
    public const int Syllable = 3;

    /// <summary>Chinese characters, with Bopomofo.</summary>
    public int Han { get; private set; }

    /// <summary>Hiragana and Katakana.</summary>
    public int Kana { get; private set; }

    /// <summary>Latin letters.</summary>
    public int Latin { get; private set; }

    /// <summary>Letters of any other script.</summary>
    public int Other { get; private set; }

    /// <summary>Digits and signs that are neither letters nor white space nor marks on letters.</summary>
    public int Signs { get; private set; }

    /// <summary>Of the signs those that programs have many of and formulas and marked-up texts do not: { } [ ] ( ) ; _ \ |.</summary>
    public int CodeSigns { get; private set; }

    /// <summary>Letters of all scripts.</summary>
    public readonly int All => Han + Kana + Latin + Other;

    /// <summary>Counts a piece too.</summary>
    public void Add(ReadOnlySpan<char> piece)
    {
        int han = 0, latin = 0, signs = 0, code = 0;
        foreach (var c in piece)
        {
            if (c < 128)
            {
                var kind = Ascii[c];
                if (kind == 1) latin++;
                else if (kind >= 2) signs++;
                if (kind == 3) code++;
            }
            else if (c is >= '\u4E00' and <= '\u9FFF') han += Syllable;
            else AddRare(c);
        }
        (Han, Latin, Signs, CodeSigns) = (Han + han, Latin + latin, Signs + signs, CodeSigns + code);
    }

    void AddRare(char c)
    {
        if (c is >= '\u3041' and <= '\u30FF' and not '\u30FB' or >= '\u31F0' and <= '\u31FF') Kana += Syllable;
        else if (c is >= '\uAC00' and <= '\uD7A3') Other += Syllable;
        else if (IsRareHan(c)) Han += Syllable;
        else if (LatinLetters.IsAccented(c) || c is >= '\uFF21' and <= '\uFF3A' or >= '\uFF41' and <= '\uFF5A') Latin++;
        else switch (char.GetUnicodeCategory(c))
        {
            case <= UnicodeCategory.OtherLetter: Other++; break;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark: break;
            case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator: break;
            case UnicodeCategory.Surrogate when char.IsLowSurrogate(c): break;       // its high half was counted
            default: Signs++; break;
        }
    }

    /// <summary>Extension A, compatibility characters, Bopomofo, 々 and 〇; the high halves of planes 2 and 3.</summary>
    static bool IsRareHan(char c) => c is >= '\u3400' and <= '\u4DBF' or >= '\uF900' and <= '\uFAFF' or >= '\u3105' and <= '\u312F'
        or '\u3005' or '\u3007' or >= '\uD840' and <= '\uD8BF';

    /// <summary>0 white space and controls, 1 letters, 2 signs, 3 signs of code.</summary>
    static ReadOnlySpan<byte> Ascii =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 2, 2, 2,
        2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 2, 3,
        2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 2, 0,
    ];
}
