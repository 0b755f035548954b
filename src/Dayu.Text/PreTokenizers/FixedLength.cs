namespace Dayu.Text;

/// <summary>Cuts after every so many characters.</summary>
sealed class FixedLength(int length) : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        int start = 0, at = 0, characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            if (++characters % length != 0 && at < text.Length) continue;
            take(text[start..at], first && start == 0);
            start = at;
        }
    }
}
