namespace Dayu.Text;

/// <summary>
/// Splits before spaces, and keeps each run of them with the word that follows. Where no token of a SentencePiece
/// vocabulary has a space behind another character, nothing merges across these splits, so that they change no id and
/// let words be cached.
/// </summary>
/// <param name="underlined">Whether a space is written ▁ (U+2581).</param>
sealed class SpaceSplitter(bool underlined = false) : Splitter
{
    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var space = underlined ? "\u2581"u8 : " "u8;
        int word = start;
        while (utf8[word..].StartsWith(space)) word += space.Length;
        int next = utf8[word..].IndexOf(space);
        return next < 0 ? utf8.Length : word + next;
    }

    public override int SafeSplit(ReadOnlySpan<char> text, int from)
    {
        char space = underlined ? SentencePieceText.Space : ' ';
        for (int at = from; at < text.Length; at++)
            if (text[at] == space && text[at - 1] != space) return at;
        return text.Length;
    }
}

/// <summary>Leaves the text whole.</summary>
sealed class WholeSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> utf8, int start) => utf8.Length;

    public override int SafeSplit(ReadOnlySpan<char> text, int from) => text.Length;
}
