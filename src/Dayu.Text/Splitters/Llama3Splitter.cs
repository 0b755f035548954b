namespace Dayu.Text;

/// <summary>
/// Llama 3's splitter, which is that of OpenAI's cl100k, and Qwen's, which differs in how many digits stay together.
/// <code>
/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
/// |\s*[\r\n]+|\s+(?!\S)|\s+
/// </code>
/// </summary>
/// <param name="digits">Llama 3: 3. Qwen: 1.</param>
sealed class Llama3Splitter(int digits) : Splitter
{
    public static string Pattern(int digits) =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + DigitPattern(digits)
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Runs of at most so many digits.</summary>
    public static string DigitPattern(int digits) => digits == 1 ? @"\p{N}" : $@"\p{{N}}{{1,{digits}}}";

    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        if (Contraction(utf8[start..]) is > 0 and var length) return start + length;

        var kind = utf8.ClassAt(start, out int next);
        if (kind == CharacterClass.Letter) return utf8.EndOfRun(next, kind);
        if (kind == CharacterClass.Number) return utf8.EndOfDigits(next, digits - 1);

        // Anything but a line end goes with the letters after it; only a space goes with other characters.
        if (!utf8[start].IsLineEnd() && next < utf8.Length)
        {
            var second = utf8.ClassAt(next, out int afterSecond);
            if (second == CharacterClass.Letter) return utf8.EndOfRun(afterSecond, second);
            if (second == CharacterClass.Other && utf8[start] == ' ') (kind, next) = (second, afterSecond);
        }
        if (kind == CharacterClass.Other)
        {
            int body = utf8.EndOfRun(next, kind);
            while (body < utf8.Length && utf8[body].IsLineEnd()) body++;
            return body;
        }
        return utf8.EndOfLinesAndSpaces(start);
    }

    /// <summary>
    /// The length of the contraction that the text begins with, in either case; 0 if it begins with none. To a pattern
    /// that ignores case ſ (U+017F) is an s.
    /// </summary>
    public static int Contraction(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'\'', var first, ..]) return 0;
        int second = text.Length > 2 ? text[2] | 0x20 : 0;
        return (first | 0x20) switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' or 'v' when second == 'e' => 3,
            'l' when second == 'l' => 3,
            _ => text[1..].StartsWith("ſ"u8) ? 3 : 0,
        };
    }
}
