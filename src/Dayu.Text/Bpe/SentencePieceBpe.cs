using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's BPE (Llama 2; Kudo and Richardson 2018, arXiv:1808.06226): any two neighbours whose text together is a token merge, the highest score first;
/// a character without a token becomes its bytes, <c>&lt;0xE4&gt;</c>. Spaces are part of tokens; SentencePiece writes them as U+2581, here they are spaces.
/// </summary>
public sealed class SentencePieceBpe : BpeTokenizer
{
    readonly SentencePieces pieces;
    readonly bool prefixSpace;

    internal SentencePieceBpe(SentencePieces pieces, SpecialTokens special, bool prefixSpace)
        : base(pieces.Vocabulary, pieces.Merges, new(pieces.JoinWords ? new WholeSplitter() : new SpaceSplitter()), special) =>
        (this.pieces, this.prefixSpace) = (pieces, prefixSpace);

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => prefixSpace ? PrependScheme.Always : PrependScheme.Never;

    private protected override int ToUtf8(ReadOnlySpan<char> text, ref byte[] buffer, int slack)
    {
        if (text.Contains(SentencePieces.Underline)) text = text.ToString().Replace(SentencePieces.Underline, ' ');
        int prefix = prefixSpace ? 1 : 0, length = prefix + Encoding.UTF8.GetByteCount(text);
        if (buffer.Length < length + slack) buffer = new byte[length + slack];
        buffer[0] = (byte)' ';
        Encoding.UTF8.GetBytes(text, buffer.AsSpan(prefix));
        return length;
    }

    private protected override int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> symbols)
    {
        int count = 0;
        while (!piece.IsEmpty)
        {
            Rune.DecodeFromUtf8(piece, out var rune, out int length);
            if (pieces.SymbolOf(rune) is { } symbol) symbols[count++] = symbol;
            else count += Bytes(piece[..length], symbols[count..]);
            piece = piece[length..];
        }
        return count;
    }

    private protected override void Unmerged(int symbol, List<int> ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<int> symbols = stackalloc int[4];
        int length = pieces.CharacterOf(symbol).EncodeToUtf8(utf8);
        ids.AddRange(symbols[..Bytes(utf8[..length], symbols)]);
    }

    /// <summary>A character that has no token: one id for each byte, or the unknown token where the vocabulary has no bytes.</summary>
    int Bytes(ReadOnlySpan<byte> utf8, Span<int> symbols)
    {
        for (int i = 0; i < utf8.Length; i++)
        {
            if (pieces.ByteIds[utf8[i]] is var id && id < 0) return Unknown(utf8, symbols);
            symbols[i] = id;
        }
        return utf8.Length;
    }

    int Unknown(ReadOnlySpan<byte> utf8, Span<int> symbols)
    {
        symbols[0] = Special.Unk ?? throw new TokenizerException(
            $"The text has '{Encoding.UTF8.GetString(utf8)}' (UTF-8 {Convert.ToHexString(utf8)}), for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, nor an unknown token.");
        return 1;
    }
}
