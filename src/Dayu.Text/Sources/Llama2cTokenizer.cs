using System.Buffers.Binary;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// The tokenizer file of llama2.c: an int32 (the longest token), then for each token a float32 score, an int32 length
/// and that many bytes, little-endian, to the end of the file. Spaces are written as spaces. By convention id 0 is the
/// unknown token, 1 begins a text, 2 ends one, and 3 to 258 are the bytes.
/// </summary>
static class Llama2cTokenizer
{
    const int FirstByte = 3, FirstNormal = FirstByte + 256;

    public static Tokenizer Read(ReadOnlySpan<byte> file)
    {
        var (tokens, scores) = ReadTokens(file);
        if (tokens.Count < FirstNormal)
            throw new TokenizerException($"llama2.c tokenizer: {tokens.Count} tokens; at least {FirstNormal} were expected "
                + "(3 special ones and 256 bytes). The file is cut off, or is something else.");
        // The file writes the last two with line feeds around them.
        (tokens[0], tokens[1], tokens[2]) = ("<unk>", "<s>", "</s>");

        var vocabulary = new SentencePieceVocabulary(tokens, scores, [.. Enumerable.Range(0, tokens.Count).Select(KindOf)]);
        AddedToken[] added = [new(0, tokens[0]), new(1, tokens[1]), new(2, tokens[2])];
        // llama2.c also stops at the beginning-of-text token: it begins the next story.
        var special = new SpecialTokens(added, bos: 1, eos: 2, unk: 0, addBos: true, alsoEnd: 1);
        return new SentencePieceBpe(vocabulary, special, new(' ', prefixSpace: true), PrependScheme.Always);
    }

    static TokenKind KindOf(int id) => id switch
    {
        0 => TokenKind.Unknown,
        < FirstByte => TokenKind.Control,
        < FirstNormal => TokenKind.Byte,
        _ => TokenKind.Normal,
    };

    static (List<string> Tokens, List<float> Scores) ReadTokens(ReadOnlySpan<byte> file)
    {
        var (tokens, scores) = (new List<string>(), new List<float>());
        for (int at = sizeof(int); at < file.Length;)
        {
            int left = file.Length - at;
            if (left < 8) throw Damaged(at, tokens.Count, $"8 bytes (score and length) were expected, {left} are left");
            float score = BinaryPrimitives.ReadSingleLittleEndian(file[at..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            (at, left) = (at + 8, left - 8);
            if (length < 0 || length > left)
                throw Damaged(at, tokens.Count, $"its length is {length}, and {left} bytes are left");
            tokens.Add(Encoding.UTF8.GetString(file.Slice(at, length)));
            scores.Add(score);
            at += length;
        }
        return (tokens, scores);
    }

    static TokenizerException Damaged(int at, int token, string what) =>
        new($"llama2.c tokenizer, byte {at}, token {token}: {what}. "
            + "The file is cut off or damaged, or is no llama2.c tokenizer: copy it again.");
}
