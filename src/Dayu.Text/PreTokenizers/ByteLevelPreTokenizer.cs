namespace Dayu.Text;

/// <summary>
/// GPT-2's pre-tokenizer where something comes after it, or where the model is no byte-level BPE: splits, and writes
/// bytes as the characters of <see cref="ByteAlphabet"/>. At the end of a byte-level BPE's chain a
/// <see cref="Splitter"/> does the same on bytes.
/// </summary>
/// <param name="prefixSpace">Puts a space before a text that has none.</param>
/// <param name="splits">Whether it splits, or only rewrites.</param>
sealed class ByteLevelPreTokenizer(bool prefixSpace, bool splits) : PreTokenizer
{
    static readonly Split gpt2 = new(new RegexPattern(Gpt2Splitter.Pattern), SplitBehavior.Isolated);

    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        if (prefixSpace) text = SpaceBefore.Add(text);
        if (splits) gpt2.PreTokenize(text, first, (preToken, first) => handle(ByteAlphabet.Encode(preToken), first));
        else handle(ByteAlphabet.Encode(text), first);
    }
}

/// <summary>Puts a space before a text that has none; the splitter that follows does the rest.</summary>
sealed class SpaceBefore : PreTokenizer
{
    public static ReadOnlySpan<char> Add(ReadOnlySpan<char> text) => text is [' ', ..] ? text : string.Concat(" ", text);

    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle) => handle(Add(text), first);
}
