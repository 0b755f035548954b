namespace Dayu.Text;

/// <summary>
/// Cuts before spaces, each run of them with the word that follows. A SentencePiece vocabulary in which no token has a space behind another character cannot merge across
/// these cuts, so that cutting changes no id and lets words be remembered.
/// </summary>
sealed class SpaceSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        int word = utf8[start..].IndexOfAnyExcept((byte)' ');
        if (word < 0) return utf8.Length;
        int space = utf8[(start + word)..].IndexOf((byte)' ');
        return space < 0 ? utf8.Length : start + word + space;
    }
}

/// <summary>Leaves the text whole.</summary>
sealed class WholeSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> utf8, int start) => utf8.Length;
}
