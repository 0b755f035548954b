using System.Buffers;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's unigram tokenizers (T5, ALBERT, XLM-R; Kudo and Richardson 2018, arXiv:1808.06226): a text is cut into its most probable tokens (<see cref="Unigram"/>).
/// A character that is no token becomes its bytes, <c>&lt;0xE4></c>, where the vocabulary has them; otherwise a run of such characters is one unknown token.
/// </summary>
public sealed class UnigramTokenizer : Tokenizer
{
    readonly Vocabulary vocabulary;
    readonly Unigram unigram;
    readonly PreTokenizer? pieces;
    readonly int[]? byteIds;

    /// <param name="tokens">Texts by id, with U+2581 for a space.</param> <param name="scores">Natural logarithms of their probabilities.</param> <param name="kinds">What each is.</param>
    /// <param name="special">Special and added tokens.</param>
    /// <param name="normalizer">What is done to text first.</param> <param name="pieces">Cuts text further, if anything does. One of the two writes spaces as U+2581.</param>
    /// <param name="bytesOf">The bytes of a token's text; null for the text with spaces, and a byte token's byte.</param>
    /// <param name="single">Adds scores in single precision, as SentencePiece does.</param>
    internal UnigramTokenizer(IReadOnlyList<string> tokens, IReadOnlyList<double> scores, IReadOnlyList<PieceKind> kinds, SpecialTokens special,
        Normalizer? normalizer, PreTokenizer? pieces = null, Func<string, byte[]>? bytesOf = null, bool single = false) : base(special, normalizer)
    {
        this.pieces = pieces;
        unigram = new(tokens.Index().Where(token => kinds[token.Index] == PieceKind.Normal), scores, single);
        var byId = Enumerable.Range(0, tokens.Count);
        vocabulary = new([.. byId.Select(id => bytesOf is not null ? bytesOf(tokens[id]) : kinds[id] == PieceKind.Byte ? [SentencePieces.ByteOf(tokens[id], id)] : Encoding.UTF8.GetBytes(tokens[id].Replace(SentencePieces.Underline, ' ')))]);
        var bytes = new int?[256];
        foreach (int id in byId) if (kinds[id] == PieceKind.Byte) bytes[SentencePieces.ByteOf(tokens[id], id)] = id;
        if (bytes.All(id => id is not null)) byteIds = [.. bytes.Select(id => id!.Value)];
    }

    /// <inheritdoc/>
    public override string Kind => "unigram";

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Count;

    /// <summary>Whether every text has ids that say all of it: a character that is no token becomes bytes.</summary>
    public bool HasBytes => byteIds is not null;

    /// <summary>Where a space is put before and behind a text, which decoding takes away again.</summary>
    internal (PrependScheme Before, bool Behind) Spaces { get; init; }

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => Spaces.Before;

    /// <inheritdoc/>
    public override bool EndsWithSpace => Spaces.Behind;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <inheritdoc/>
    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (pieces is null) EncodePiece(text, ids);
        else pieces.Cut(text, first, (piece, _) => EncodePiece(piece, ids));
    }

    void EncodePiece(ReadOnlySpan<char> text, List<int> ids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var utf8 = buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
        bool afterUnknown = false;
        foreach (var (start, end, id) in unigram.Cut(utf8))
        {
            if (id != ByteTrie.None) ids.Add(id);
            else if (byteIds is not null) foreach (byte b in utf8[start..end]) ids.Add(byteIds[b]);
            else if (!afterUnknown) ids.Add(Unknown(utf8[start..end]));
            afterUnknown = id == ByteTrie.None;
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    int Unknown(ReadOnlySpan<byte> character) => Special.Unk ?? throw new TokenizerException(
        $"The text has '{Encoding.UTF8.GetString(character)}' (UTF-8 {Convert.ToHexString(character)}), for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, nor an unknown token.");
}
