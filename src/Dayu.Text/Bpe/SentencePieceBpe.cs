using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's BPE (Llama 2; Kudo and Richardson 2018, arXiv:1808.06226): any two neighbours whose text together is a token merge, the highest score first;
/// a character without a token becomes its bytes, <c>&lt;0xE4&gt;</c>. Spaces are part of tokens; SentencePiece writes them as U+2581, here they are spaces.
/// </summary>
public sealed class SentencePieceBpe : BpeTokenizer
{
    readonly SentencePieces pieces;
    readonly PrependScheme prefix;

    /// <param name="pieces">The vocabulary.</param> <param name="special">Special tokens.</param>
    /// <param name="normalizer">What is done to text first; it leaves spaces spaces.</param> <param name="prefix">Where it puts one that the text did not have.</param>
    internal SentencePieceBpe(SentencePieces pieces, SpecialTokens special, SentencePieceNormalizer normalizer, PrependScheme prefix)
        : base(pieces.Vocabulary, pieces.Merges, new(pieces.JoinWords ? new WholeSplitter() : new SpaceSplitter(), Normalizer: normalizer), special) =>
        (this.pieces, this.prefix) = (pieces, prefix);

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => prefix;

    /// <inheritdoc/>
    public override string Kind => "SentencePiece BPE";

    private protected override int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> symbols)
    {
        int count = 0;
        while (!piece.IsEmpty)
        {
            Rune.DecodeFromUtf8(piece, out var rune, out int length);
            if (pieces.SymbolOf(rune) is { } symbol) symbols[count++] = symbol;
            else count += Bytes(piece[..length], symbols[count..], count > 0 ? symbols[count - 1] : null);
            piece = piece[length..];
        }
        return count;
    }

    private protected override void Unmerged(int symbol, IdBuffer ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<int> symbols = stackalloc int[4];
        int length = pieces.CharacterOf(symbol).EncodeToUtf8(utf8);
        ids.AddRange(symbols[..Bytes(utf8[..length], symbols, previous: null)]);
    }

    /// <summary>A character that has no token: one id for each byte; where the vocabulary has no bytes, one unknown token for a run of such characters.</summary>
    int Bytes(ReadOnlySpan<byte> utf8, Span<int> symbols, int? previous)
    {
        for (int i = 0; i < utf8.Length; i++)
        {
            if (pieces.ByteIds[utf8[i]] is var id && id < 0) return previous is not null && previous == Special.Unk ? 0 : Unknown(utf8, symbols);
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
