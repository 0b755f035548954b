namespace Dayu.Text;

/// <summary>Splits after every so many characters.</summary>
sealed class FixedLength(int length) : PreTokenizer
{
    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        int start = 0, at = 0, characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            if (++characters % length != 0 && at < text.Length) continue;
            handle(text[start..at], first && start == 0);
            start = at;
        }
    }
}
