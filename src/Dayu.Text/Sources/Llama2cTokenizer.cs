using System.Buffers.Binary;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// The tokenizer file of llama2.c: an int32 (the longest token), then for each token a float32 score, an int32 length and that many bytes, little-endian, to the end of the file.
/// Spaces are spaces. By convention id 0 is unknown, 1 begins a text, 2 ends one, 3 to 258 are the bytes.
/// </summary>
static class Llama2cTokenizer
{
    const int Bytes = 3, Ordinary = Bytes + 256;

    public static Tokenizer Read(ReadOnlySpan<byte> file)
    {
        var (tokens, scores) = ReadTokens(file);
        if (tokens.Count < Ordinary)
            throw new TokenizerException($"llama2.c tokenizer: {tokens.Count} tokens; at least {Ordinary} were expected (3 special ones and 256 bytes). The file is cut off, or is something else.");
        (tokens[0], tokens[1], tokens[2]) = ("<unk>", "<s>", "</s>");       // the file writes the last two with line feeds around them

        var kinds = new PieceKind[tokens.Count];
        for (int id = 0; id < kinds.Length; id++) kinds[id] = id switch { 0 => PieceKind.Unknown, < Bytes => PieceKind.Control, < Ordinary => PieceKind.Byte, _ => PieceKind.Normal };
        // A story ends where the next one would begin: llama2.c stops at the beginning-of-text token as well.
        var special = new SpecialTokens([new(0, tokens[0]), new(1, tokens[1]), new(2, tokens[2])], bos: 1, eos: 2, unk: 0, addBos: true, alsoEnd: 1);
        return new SentencePieceBpe(new(tokens, scores, kinds), special, new(' ', before: true), PrependScheme.Always);
    }

    static (List<string> Tokens, List<float> Scores) ReadTokens(ReadOnlySpan<byte> file)
    {
        var (tokens, scores) = (new List<string>(), new List<float>());
        for (int at = sizeof(int); at < file.Length;)
        {
            if (file.Length - at < 8) throw Cut(at, tokens.Count, $"8 bytes (score and length) were expected, {file.Length - at} are left");
            float score = BinaryPrimitives.ReadSingleLittleEndian(file[at..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            at += 8;
            if (length < 0 || length > file.Length - at) throw Cut(at, tokens.Count, $"its length is {length}, and {file.Length - at} bytes are left");
            tokens.Add(Encoding.UTF8.GetString(file.Slice(at, length)));
            scores.Add(score);
            at += length;
        }
        return (tokens, scores);
    }

    static TokenizerException Cut(int at, int token, string what) =>
        new($"llama2.c tokenizer, byte {at}, token {token}: {what}. The file is cut off or damaged, or is no llama2.c tokenizer: copy it again.");
}
