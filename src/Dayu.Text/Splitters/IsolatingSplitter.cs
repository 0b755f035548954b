namespace Dayu.Text;

/// <summary>
/// Chinese characters, or groups of digits, each by itself; then another splitter for each stretch between them, as if it
/// were a text of its own.
/// </summary>
/// <param name="inner">Splits the stretches. It looks at most <see cref="Lookahead"/> bytes beyond white space.</param>
/// <param name="han">Whether each Chinese character (<c>\p{Han}</c>) stands alone.</param>
/// <param name="digits">The most digits (<c>\p{N}</c>) of a group; 0: digits are the inner splitter's.</param>
sealed class IsolatingSplitter(Splitter inner, bool han, int digits) : Splitter
{
    /// <summary>The patterns of the steps that isolate, as a regular expression.</summary>
    public const string Han = @"\p{Han}", ThreeDigits = @"\p{N}{1,3}";

    const int Lookahead = 8, FirstWindow = 64;

    /// <summary>What such a pattern isolates.</summary>
    public static bool TryPattern(string regex, out bool han, out int digits)
    {
        (han, digits) = (regex == Han, regex == ThreeDigits ? 3 : 0);
        return han || digits > 0;
    }

    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        if (IsIsolated(utf8, start, out int next))
            return digits > 0 && utf8.ClassAt(start, out _) == CharacterClass.Number ? utf8.EndOfDigits(next, digits - 1) : next;
        // What is looked at grows with the pre-token, not with the text.
        for (int size = FirstWindow; ; size *= 2)
        {
            int window = Math.Min(utf8.Length, start + size);
            while (window < utf8.Length && (utf8[window] & 0xC0) == 0x80) window++;
            int stretch = EndOfStretch(utf8[..window], next);
            int end = inner.Next(utf8[..stretch], start);
            if (stretch < window || window == utf8.Length) return end;
            if (utf8[..window].EndOfRun(end, CharacterClass.Space) + Lookahead <= window) return end;
        }
    }

    /// <summary>Where the first character that is isolated stands; the text's end if there is none.</summary>
    int EndOfStretch(ReadOnlySpan<byte> utf8, int from)
    {
        int at = from;
        while (at < utf8.Length && !IsIsolated(utf8, at, out int next)) at = next;
        return at;
    }

    bool IsIsolated(ReadOnlySpan<byte> utf8, int at, out int next)
    {
        int character = CharacterTable.Decode(utf8, at, out next);
        return han && Scripts.IsHan(character)
            || digits > 0 && utf8.ClassAt(at, out _) == CharacterClass.Number;
    }
}
