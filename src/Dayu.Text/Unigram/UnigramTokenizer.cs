using System.Collections.Concurrent;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's unigram tokenizers (T5, ALBERT, XLM-R; Kudo and Richardson 2018, arXiv:1808.06226): the most
/// probable segmentation of a text (<see cref="Unigram"/>). A character that is no token becomes its bytes,
/// <c>&lt;0xE4></c>, where the vocabulary has them; otherwise a run of such characters is one unknown token.
/// </summary>
sealed class UnigramTokenizer : Tokenizer
{
    readonly Vocabulary vocabulary;
    readonly Unigram unigram;
    readonly PreTokenizer? preTokenizer;
    readonly int[]? byteIds;
    readonly ConcurrentBag<Workspace> idle = [];

    /// <param name="tokens">Texts by id, with U+2581 for a space.</param>
    /// <param name="scores">Natural logarithms of their probabilities.</param>
    /// <param name="kinds">The kind of each.</param>
    /// <param name="special">Special and added tokens.</param>
    /// <param name="normalizer">What is done to text first. It or the pre-tokenizer writes spaces as U+2581.</param>
    /// <param name="preTokenizer">Splits text first; null if nothing does.</param>
    /// <param name="bytesOf">
    /// The bytes of a token's text; null for the text with spaces, and a byte token's byte.
    /// </param>
    /// <param name="singlePrecision">Adds scores in single precision, as SentencePiece does.</param>
    public UnigramTokenizer(
        IReadOnlyList<string> tokens, IReadOnlyList<double> scores, IReadOnlyList<TokenKind> kinds,
        SpecialTokens special, Normalizer? normalizer, PreTokenizer? preTokenizer = null,
        Func<string, byte[]>? bytesOf = null, bool singlePrecision = false)
        : base(special, normalizer)
    {
        this.preTokenizer = preTokenizer;
        unigram = new(tokens.Index().Where(token => kinds[token.Index] == TokenKind.Normal), scores, singlePrecision);
        vocabulary = new([.. tokens.Select(Bytes)]);
        byteIds = ByteIds(tokens, kinds);

        byte[] Bytes(string token, int id) =>
            bytesOf is null ? SentencePieceText.BytesOf(token, kinds[id], id) : bytesOf(token);
    }

    /// <summary>The id of each byte's token; null if a byte has none.</summary>
    static int[]? ByteIds(IReadOnlyList<string> tokens, IReadOnlyList<TokenKind> kinds)
    {
        var ids = new int?[256];
        for (int id = 0; id < tokens.Count; id++)
            if (kinds[id] == TokenKind.Byte) ids[SentencePieceText.ByteOf(tokens[id], id)] = id;
        return ids.All(id => id is not null) ? [.. ids.Select(id => id!.Value)] : null;
    }

    public override string Kind => "unigram";

    public override int VocabularySize => vocabulary.Count;

    /// <summary>The space at either end of a text that decoding removes.</summary>
    public (PrependScheme Prefix, bool Suffix) Spaces { get; init; }

    public override PrependScheme PrefixSpace => Spaces.Prefix;

    public override bool EndsWithSpace => Spaces.Suffix;

    public override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <summary>One thread's working memory.</summary>
    sealed class Workspace
    {
        public readonly CachingWorkspace Words = new();
        public readonly List<(int Start, int End, int Id)> Path = [];
        public Unigram.Step[] Best = new Unigram.Step[256];
    }

    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (!idle.TryTake(out var work)) work = new();
        if (preTokenizer is null) EncodePreToken(text, work);
        else preTokenizer.PreTokenize(text, first, (preToken, _) => EncodePreToken(preToken, work));
        ids.AddRange(work.Words.Ids.Ids);
        work.Words.Trim();
        if (work.Best.Length > CachingWorkspace.Kept) (work.Best, work.Path.Capacity) = (new Unigram.Step[256], 0);
        idle.Add(work);
    }

    /// <summary>How many ids a text has that is a pre-token already.</summary>
    internal int CountPreToken(ReadOnlySpan<char> text)
    {
        if (!idle.TryTake(out var work)) work = new();
        EncodePreToken(text, work);
        int count = work.Words.Ids.Count;
        work.Words.Trim();
        idle.Add(work);
        return count;
    }

    /// <summary>Looks the pre-token up in the cache, and encodes it if it is not there.</summary>
    void EncodePreToken(ReadOnlySpan<char> text, Workspace work)
    {
        var (words, ids) = (work.Words, work.Words.Ids);
        var withSlack = words.Utf8WithSlack(text, out int length);
        if (words.Cache.TryGet(withSlack, 0, length, ids)) return;
        int before = ids.Count;
        Segment(withSlack[..length], work);
        words.Cache.Set(withSlack, 0, length, ids.Ids[before..]);
    }

    void Segment(ReadOnlySpan<byte> utf8, Workspace work)
    {
        unigram.SegmentBackwards(utf8, ref work.Best, work.Path);
        bool afterUnknown = false;
        for (int i = work.Path.Count - 1; i >= 0; i--)
        {
            var (start, end, id) = work.Path[i];
            if (id != ByteTrie.None) work.Words.Ids.Add(id);
            else if (byteIds is not null)
                foreach (byte b in utf8[start..end]) work.Words.Ids.Add(byteIds[b]);
            else if (!afterUnknown) work.Words.Ids.Add(Special.Unk ?? throw SentencePieceText.NoToken(utf8[start..end]));
            afterUnknown = id == ByteTrie.None;
        }
        work.Path.Clear();
    }
}
