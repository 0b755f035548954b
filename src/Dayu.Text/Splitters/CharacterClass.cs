namespace Dayu.Text;

/// <summary>The classes of characters that splitters distinguish.</summary>
enum CharacterClass : byte
{
    /// <summary><c>[^\s\p{L}\p{N}]</c></summary>
    Other,
    /// <summary><c>\p{L}</c></summary>
    Letter,
    /// <summary><c>\p{N}</c></summary>
    Number,
    /// <summary><c>\s</c>: Unicode's White_Space</summary>
    Space,
}

/// <summary>Character classes of UTF-8 text.</summary>
static class CharacterClasses
{
    /// <summary>The class of the character at <paramref name="at"/>, and where the next one begins.</summary>
    public static CharacterClass ClassAt(this ReadOnlySpan<byte> utf8, int at, out int next)
    {
        byte first = utf8[at];
        if (first >= 128) return CharacterTable.ClassOf(CharacterTable.Decode(utf8, at, out next));
        next = at + 1;
        return CharacterTable.ClassOf(first);
    }

    /// <summary>The end of the run of characters of a class that begins at <paramref name="at"/>.</summary>
    public static int EndOfRun(this ReadOnlySpan<byte> utf8, int at, CharacterClass of)
    {
        while ((uint)at < (uint)utf8.Length)
        {
            byte first = utf8[at];
            int next = at + 1;
            var kind = first < 128
                ? CharacterTable.ClassOf(first)
                : CharacterTable.ClassOf(CharacterTable.Decode(utf8, at, out next));
            if (kind != of) break;
            at = next;
        }
        return at;
    }

    /// <summary>The end of at most so many characters of <c>\p{N}</c>.</summary>
    public static int EndOfDigits(this ReadOnlySpan<byte> utf8, int at, int most)
    {
        for (int i = 0; i < most && at < utf8.Length && utf8.ClassAt(at, out int next) == CharacterClass.Number; i++) at = next;
        return at;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>, at white space.</summary>
    public static int EndOfLinesAndSpaces(this ReadOnlySpan<byte> utf8, int start)
    {
        int end = utf8.EndOfRun(start, CharacterClass.Space);
        int lineEnd = utf8[start..end].LastIndexOfAny((byte)'\r', (byte)'\n');
        return lineEnd >= 0 ? start + lineEnd + 1 : utf8.EndOfSpaces(start, end, atEnd: end == utf8.Length);
    }

    /// <summary><c>[\r\n]</c></summary>
    public static bool IsLineEnd(this byte b) => b is (byte)'\r' or (byte)'\n';

    /// <summary>
    /// <c>\s+(?!\S)|\s+</c>: white space without its last character, which goes with what follows; all of it at the end
    /// of the text, or where it is one character.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="start">Where the white space begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="atEnd">Whether nothing follows it.</param>
    public static int EndOfSpaces(this ReadOnlySpan<byte> utf8, int start, int end, bool atEnd)
    {
        if (atEnd) return end;
        int last = end - 1;
        while ((utf8[last] & 0xC0) == 0x80) last--;
        return last > start ? last : end;
    }
}
