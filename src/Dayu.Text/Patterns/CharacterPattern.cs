using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>Matches characters of a kind, each by itself.</summary>
sealed class CharacterPattern(Func<Rune, bool> kind) : Pattern
{
    /// <summary><c>\p{N}</c>, which has ½ too.</summary>
    public static CharacterPattern Numeric { get; } = new(c => Rune.GetUnicodeCategory(c)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber);

    /// <summary>Unicode's White_Space.</summary>
    public static CharacterPattern WhiteSpace { get; } = new(Rune.IsWhiteSpace);

    /// <summary><c>\p{P}</c>, and the symbols that ASCII counts as punctuation: $ + &lt; = > ^ ` | ~</summary>
    public static CharacterPattern Punctuation { get; } = new(c => Rune.IsPunctuation(c) || c.IsAscii && Rune.IsSymbol(c));

    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int start = at;
            at += rune.Utf16SequenceLength;
            if (kind(rune)) found.Add((start, at));
        }
        return found;
    }
}
