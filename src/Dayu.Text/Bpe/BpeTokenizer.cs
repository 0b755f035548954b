using System.Collections.Concurrent;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// What all byte-pair encodings share: text cut into pieces, those to UTF-8 and cut on, each piece's symbols merged. A kind says how text is prepared and what the first symbols are.
/// </summary>
public abstract class BpeTokenizer : Tokenizer
{
    /// <summary>One thread's working memory.</summary>
    sealed class Workspace(MergeTable merges)
    {
        public readonly Merger Merger = new(merges);
        public readonly PreTokenCache Cache = new();
        public readonly IdBuffer Ids = new();
        public byte[] Text = new byte[4096];
        public int[] Symbols = new int[256];
    }

    /// <summary>A text is worked on in parts of about so many characters, so that its bytes and ids stay in the processor's caches.</summary>
    const int Part = 1 << 14;

    /// <summary>Larger working memory is not kept: one huge text that cannot be cut must not be paid for ever after.</summary>
    const int Kept = 1 << 20;

    readonly Vocabulary vocabulary;
    readonly PreTokenizer? pre;
    readonly Splitter splitter;
    readonly MergeTable merges;
    readonly ConcurrentBag<Workspace> idle = [];

    private protected BpeTokenizer(Vocabulary vocabulary, MergeTable merges, PreTokenization preTokenization, SpecialTokens special) : base(special, preTokenization.Normalizer) =>
        (this.vocabulary, this.merges, pre, splitter) = (vocabulary, merges, preTokenization.Pre, preTokenization.Splitter);

    /// <inheritdoc/>
    public sealed override int VocabularySize => vocabulary.Count;

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <summary>The symbols a piece begins with, at most one for each byte; returns how many. A symbol from <see cref="VocabularySize"/> on is no id: merging may use it up.</summary>
    private protected abstract int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> symbols);

    /// <summary>Appends the ids for a symbol that is no id and was not merged.</summary>
    private protected abstract void Unmerged(int symbol, IdBuffer ids);

    /// <inheritdoc/>
    protected sealed override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (!idle.TryTake(out var work)) work = new(merges);
        if (pre is null) EncodeRun(work, text, ids);
        else CutFirst(work, text, first, ids, pre);
        if (work.Text.Length > Kept) work.Text = new byte[4096];
        if (work.Symbols.Length > Kept) work.Symbols = new int[256];
        idle.Add(work);
    }

    /// <summary>A long text in parts, each by whichever thread is free.</summary>
    private protected sealed override void EncodeLong(ReadOnlySpan<char> text, bool first, List<int> ids, int threads)
    {
        if (threads == 1 || pre is not null || text.Length <= Batch.LongText)
        {
            EncodeOrdinary(text, first, ids);
            return;
        }
        string whole = text.ToString();
        List<int> cuts = [0];
        while (cuts[^1] < whole.Length) cuts.Add(whole.Length - cuts[^1] <= Batch.LongText / 4 ? whole.Length : splitter.CutAfter(whole, cuts[^1] + Batch.LongText / 4));
        var parts = new List<int>[cuts.Count - 1];
        Batch.For(parts.Length, threads, i => EncodeOrdinary(whole.AsSpan(cuts[i], cuts[i + 1] - cuts[i]), first: false, parts[i] = []));
        foreach (var part in parts) ids.AddRange(part);
    }

    void CutFirst(Workspace work, ReadOnlySpan<char> text, bool first, List<int> ids, PreTokenizer pre) => pre.Cut(text, first, (piece, _) => EncodeRun(work, piece, ids));

    void EncodeRun(Workspace work, ReadOnlySpan<char> text, List<int> ids)
    {
        for (int from = 0, to; from < text.Length; from = to)
        {
            to = text.Length - from <= 2 * Part ? text.Length : splitter.CutAfter(text, from + Part);
            EncodePart(work, text[from..to]);
            if (from == 0 && to < text.Length) ids.EnsureCapacity(ids.Count + (int)Math.Min(int.MaxValue / 2, work.Ids.Count * 1.1 * text.Length / to));
            ids.AddRange(work.Ids.Ids);
            work.Ids.Clear(Kept);
        }
    }

    void EncodePart(Workspace work, ReadOnlySpan<char> text)
    {
        int room = text.Length <= Part ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text);
        if (work.Text.Length < room + PreTokenCache.Slack) work.Text = new byte[room + PreTokenCache.Slack];
        int length = Encoding.UTF8.GetBytes(text, work.Text);
        ReadOnlySpan<byte> withSlack = work.Text, utf8 = withSlack[..length];
        for (int start = 0, end; start < length; start = end)
        {
            end = splitter.Next(utf8, start);
            if (!work.Cache.TryGet(withSlack, start, end - start, work.Ids)) EncodePiece(work, start, end - start);
        }
    }

    void EncodePiece(Workspace work, int start, int length)
    {
        if (work.Symbols.Length < length) work.Symbols = new int[Math.Max(length, 2 * work.Symbols.Length)];
        int count = FirstSymbols(work.Text.AsSpan(start, length), work.Symbols);
        count = work.Merger.Merge(work.Symbols.AsSpan(0, count));
        int before = work.Ids.Count;
        foreach (int symbol in work.Symbols.AsSpan(0, count))
            if (symbol < VocabularySize) work.Ids.Add(symbol);
            else Unmerged(symbol, work.Ids);
        work.Cache.Set(work.Text, start, length, work.Ids.Ids[before..]);
    }
}
