using System.Collections.Concurrent;
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
    readonly ConcurrentBag<Workspace> idle = [];

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

    /// <summary>One thread's working memory.</summary>
    sealed class Workspace
    {
        public readonly CachedWork Words = new();
        public readonly List<(int Start, int End, int Id)> Way = [];
        public Unigram.Step[] Best = new Unigram.Step[256];
    }

    /// <inheritdoc/>
    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (!idle.TryTake(out var work)) work = new();
        if (pieces is null) EncodePiece(text, work);
        else pieces.Cut(text, first, (piece, _) => EncodePiece(piece, work));
        ids.AddRange(work.Words.Ids.Ids);
        work.Words.Trim();
        if (work.Best.Length > CachedWork.Kept) (work.Best, work.Way.Capacity) = (new Unigram.Step[256], 0);
        idle.Add(work);
    }

    /// <summary>A piece met before has the ids that it had.</summary>
    void EncodePiece(ReadOnlySpan<char> text, Workspace work)
    {
        var (words, ids) = (work.Words, work.Words.Ids);
        var withSlack = words.Utf8WithSlack(text, out int length);
        if (words.Cache.TryGet(withSlack, 0, length, ids)) return;
        int before = ids.Count;
        Cut(withSlack[..length], work);
        words.Cache.Set(withSlack, 0, length, ids.Ids[before..]);
    }

    void Cut(ReadOnlySpan<byte> utf8, Workspace work)
    {
        unigram.CutBackwards(utf8, ref work.Best, work.Way);
        bool afterUnknown = false;
        for (int i = work.Way.Count - 1; i >= 0; i--)
        {
            var (start, end, id) = work.Way[i];
            if (id != ByteTrie.None) work.Words.Ids.Add(id);
            else if (byteIds is not null) foreach (byte b in utf8[start..end]) work.Words.Ids.Add(byteIds[b]);
            else if (!afterUnknown) work.Words.Ids.Add(Unknown(utf8[start..end]));
            afterUnknown = id == ByteTrie.None;
        }
        work.Way.Clear();
    }

    int Unknown(ReadOnlySpan<byte> character) => Special.Unk ?? throw new TokenizerException(
        $"The text has '{Encoding.UTF8.GetString(character)}' (UTF-8 {Convert.ToHexString(character)}), for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, nor an unknown token.");
}
