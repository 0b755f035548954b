namespace Dayu.Text;

/// <summary>
/// GPT-2's pre-tokenizer where something comes after it, or where the model is no byte-level BPE: cuts, and writes bytes as the characters of <see cref="ByteAlphabet"/>.
/// At the end of a byte-level BPE's chain a <see cref="Splitter"/> does the same on bytes.
/// </summary>
/// <param name="prefixSpace">Puts a space before a text that has none.</param> <param name="cuts">Whether it cuts, or only writes.</param>
sealed class ByteLevelPreTokenizer(bool prefixSpace, bool cuts) : PreTokenizer
{
    static readonly Split gpt2 = new(new RegexPattern(Gpt2Splitter.Pattern), SplitBehavior.Isolated);

    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        if (prefixSpace && text is not [' ', ..]) text = string.Concat(" ", text);
        if (cuts) gpt2.Cut(text, first, (piece, first) => take(ByteAlphabet.Encode(piece), first));
        else take(ByteAlphabet.Encode(text), first);
    }
}

/// <summary>Puts a space before a text that has none; the splitter that follows does the rest.</summary>
sealed class SpaceBefore : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take) => take(text is [' ', ..] ? text : string.Concat(" ", text), first);
}
