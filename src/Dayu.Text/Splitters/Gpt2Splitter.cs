namespace Dayu.Text;

/// <summary>
/// GPT-2's splitter: English contractions; then letters, digits, or anything else, each with the one space before it;
/// then white space.
/// <code>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</code>
/// </summary>
sealed class Gpt2Splitter : Splitter
{
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        if (Contraction(utf8[start..]) is > 0 and var length) return start + length;
        int body = utf8[start] == ' ' ? start + 1 : start;
        if (body < utf8.Length && utf8.ClassAt(body, out int next) is not CharacterClass.Space and var kind)
            return utf8.EndOfRun(next, kind);
        int end = utf8.EndOfRun(start, CharacterClass.Space);
        return utf8.EndOfSpaces(start, end, atEnd: end == utf8.Length);
    }

    /// <summary>The length of the contraction that the text begins with; 0 if it begins with none.</summary>
    static int Contraction(ReadOnlySpan<byte> text) => text is not [(byte)'\'', var first, ..] ? 0 : first switch
    {
        (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d' => 2,
        (byte)'r' or (byte)'v' when text is [_, _, (byte)'e', ..] => 3,
        (byte)'l' when text is [_, _, (byte)'l', ..] => 3,
        _ => 0,
    };
}
