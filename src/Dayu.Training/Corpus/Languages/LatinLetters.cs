namespace Dayu.Training;

/// <summary>Latin text as the model of English sees it: 0 between words, 1 … 26 for a … z in either case, 27 for others.</summary>
static class LatinLetters
{
    /// <summary>Symbols there are.</summary>
    public const int Count = 28;

    /// <summary>The symbol of letters with accents and of marks on letters.</summary>
    public const int Accented = 27;

    /// <summary>A character's symbol.</summary>
    public static int Of(char c)
    {
        var letter = (uint)((c | 32) - 'a');
        if (letter < 26 && c < 128) return (int)letter + 1;
        return c >= 128 && (IsAccented(c) || c is >= '\u0300' and <= '\u036F') ? Accented : 0;
    }

    /// <summary>Whether a character is a Latin letter outside ASCII.</summary>
    public static bool IsAccented(char c) => c is >= '\u00C0' and <= '\u024F' and not ('\u00D7' or '\u00F7') or >= '\u1E00' and <= '\u1EFF'
        or '\u00AA' or '\u00BA' or >= '\u0250' and <= '\u02AF';
}
