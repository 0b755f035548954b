using System.Text;

namespace Dayu.Text;

/// <summary>Cuts a long text in two that have the same pre-tokens apart as together.</summary>
public static class SafeCut
{
    static readonly byte[][] afterWord = [[(byte)' '], [(byte)'\n'], [(byte)','], [(byte)'.'], [.. "。"u8], [.. "，"u8], [.. "、"u8]];

    /// <summary>
    /// The last place where a letter ends and white space, a comma or a full stop begins: there every splitter ends a
    /// pre-token, and no Unicode form joins the two. 0 if there is none.
    /// </summary>
    /// <param name="utf8">Valid UTF-8, but that the last character may be incomplete.</param>
    public static int Last(ReadOnlySpan<byte> utf8)
    {
        for (int at = utf8.Length - 1; at > 0; at--)
            if (BeginsEnd(utf8[at..]) && EndsWithLetter(utf8[..at])) return at;
        return 0;
    }

    /// <summary>The last beginning of a character, after the first.</summary>
    public static int LastCharacter(ReadOnlySpan<byte> utf8)
    {
        int at = utf8.Length - 1;
        while (at > 0 && (utf8[at] & 0xC0) == 0x80) at--;
        return at;
    }

    static bool BeginsEnd(ReadOnlySpan<byte> utf8)
    {
        foreach (var end in afterWord)
            if (utf8.StartsWith(end)) return true;
        return false;
    }

    static bool EndsWithLetter(ReadOnlySpan<byte> utf8)
    {
        Rune.DecodeLastFromUtf8(utf8, out var rune, out _);
        return Rune.IsLetter(rune);
    }
}
