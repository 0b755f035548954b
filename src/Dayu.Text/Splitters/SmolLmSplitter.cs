namespace Dayu.Text;

/// <summary>
/// SmolLM's and StarCoder's splitter: every digit (<c>\p{N}</c>) by itself, then GPT-2's rules for what lies between
/// digits. White space before a digit is therefore at the end of such a stretch, and stays whole.
/// </summary>
sealed class SmolLmSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        if (utf8.ClassAt(start, out int next) == CharacterClass.Number) return next;
        int end = utf8.EndOfRun(start, CharacterClass.Space);
        bool digitFollows = end < utf8.Length && utf8.ClassAt(end, out _) == CharacterClass.Number;
        return end > start && digitFollows ? end : Gpt2.Next(utf8, start);
    }
}
