using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's BPE (Llama 2; Kudo and Richardson 2018, arXiv:1808.06226): any two neighbours whose text together is
/// a token merge, the highest score first; a character without a token becomes its bytes, <c>&lt;0xE4&gt;</c>. Spaces
/// are part of tokens; SentencePiece writes them as U+2581, here they are spaces.
/// </summary>
sealed class SentencePieceBpe : BpeTokenizer
{
    readonly SentencePieceVocabulary vocabulary;
    readonly PrependScheme prefix;

    /// <param name="vocabulary">Tokens and their scores.</param>
    /// <param name="special">Special tokens.</param>
    /// <param name="normalizer">What is done to text first; it writes spaces as spaces.</param>
    /// <param name="prefix">Where it adds one.</param>
    public SentencePieceBpe(
        SentencePieceVocabulary vocabulary, SpecialTokens special, SentencePieceNormalizer normalizer, PrependScheme prefix)
        : base(vocabulary.Bytes, vocabulary.Merges, new(SplitterFor(vocabulary), Normalizer: normalizer), special) =>
        (this.vocabulary, this.prefix) = (vocabulary, prefix);

    static Splitter SplitterFor(SentencePieceVocabulary vocabulary) =>
        vocabulary.JoinsWords ? new WholeSplitter() : new SpaceSplitter();

    public override PrependScheme PrefixSpace => prefix;

    public override string Kind => "SentencePiece BPE";

    private protected override int FirstSymbols(ReadOnlySpan<byte> preToken, Span<int> symbols)
    {
        int count = 0;
        while (!preToken.IsEmpty)
        {
            Rune.DecodeFromUtf8(preToken, out var rune, out int length);
            if (vocabulary.SymbolOf(rune) is { } symbol) symbols[count++] = symbol;
            else count += Bytes(preToken[..length], symbols[count..], count > 0 ? symbols[count - 1] : null);
            preToken = preToken[length..];
        }
        return count;
    }

    private protected override void Unmerged(int symbol, IdBuffer ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<int> symbols = stackalloc int[4];
        int length = vocabulary.CharacterOf(symbol).EncodeToUtf8(utf8);
        ids.AddRange(symbols[..Bytes(utf8[..length], symbols, previous: null)]);
    }

    /// <summary>
    /// A character that has no token: one id for each byte; where the vocabulary has no bytes, one unknown token for a
    /// run of such characters.
    /// </summary>
    int Bytes(ReadOnlySpan<byte> utf8, Span<int> symbols, int? previous)
    {
        for (int i = 0; i < utf8.Length; i++)
        {
            int id = vocabulary.ByteIds[utf8[i]];
            if (id < 0) return previous is not null && previous == Special.Unk ? 0 : Unknown(utf8, symbols);
            symbols[i] = id;
        }
        return utf8.Length;
    }

    int Unknown(ReadOnlySpan<byte> utf8, Span<int> symbols)
    {
        symbols[0] = Special.Unk ?? throw SentencePieceText.NoToken(utf8);
        return 1;
    }
}
