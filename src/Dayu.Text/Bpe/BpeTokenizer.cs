using System.Collections.Concurrent;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// What all byte-pair encodings share: text is pre-tokenized, and the symbols of each pre-token are merged. A kind says
/// what is done to text before, and what the first symbols are.
/// </summary>
abstract class BpeTokenizer : Tokenizer
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

    /// <summary>
    /// Characters of a text that are encoded at a time, few enough for their bytes and ids to stay in the processor's
    /// caches.
    /// </summary>
    const int Part = 1 << 14;

    /// <summary>Larger arrays are released after use: one huge pre-token must not hold memory for ever.</summary>
    const int Kept = 1 << 20;

    readonly Vocabulary vocabulary;
    readonly PreTokenizer? preTokenizer;
    readonly Splitter splitter;
    readonly MergeTable merges;
    readonly ConcurrentBag<Workspace> idle = [];

    private protected BpeTokenizer(
        Vocabulary vocabulary, MergeTable merges, PreTokenization preTokenization, SpecialTokens special)
        : base(special, preTokenization.Normalizer)
    {
        (this.vocabulary, this.merges) = (vocabulary, merges);
        (preTokenizer, splitter) = (preTokenization.PreTokenizer, preTokenization.Splitter);
    }

    public sealed override int VocabularySize => vocabulary.Count;

    public sealed override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <summary>
    /// Writes the symbols that a pre-token begins with, at most one for each byte, and returns how many there are. A
    /// symbol from <see cref="VocabularySize"/> on is no id; merging may use it up.
    /// </summary>
    private protected abstract int FirstSymbols(ReadOnlySpan<byte> preToken, Span<int> symbols);

    /// <summary>Appends the ids for a symbol that is no id and was not merged.</summary>
    private protected abstract void Unmerged(int symbol, IdBuffer ids);

    protected sealed override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (!idle.TryTake(out var work)) work = new(merges);
        if (preTokenizer is null) EncodeRun(work, text, ids);
        else PreTokenize(work, text, first, ids, preTokenizer);
        if (work.Text.Length > Kept) work.Text = new byte[4096];
        if (work.Symbols.Length > Kept) work.Symbols = new int[256];
        idle.Add(work);
    }

    /// <summary>Encodes a long text in parts, on several threads.</summary>
    private protected sealed override void EncodeLong(ReadOnlySpan<char> text, bool first, List<int> ids, int threads)
    {
        if (threads == 1 || preTokenizer is not null || text.Length <= Batch.LongText)
        {
            EncodeOrdinary(text, first, ids);
            return;
        }
        string whole = text.ToString();
        var bounds = PartBounds(whole);
        var parts = new List<int>[bounds.Count - 1];
        Batch.For(parts.Length, threads, i =>
            EncodeOrdinary(whole.AsSpan(bounds[i]..bounds[i + 1]), first: false, parts[i] = []));
        foreach (var part in parts) ids.AddRange(part);
    }

    /// <summary>Where the parts of a long text begin, and its length.</summary>
    List<int> PartBounds(string text)
    {
        const int length = Batch.LongText / 4;
        List<int> bounds = [0];
        while (bounds[^1] < text.Length)
            bounds.Add(text.Length - bounds[^1] <= length ? text.Length : splitter.SafeSplit(text, bounds[^1] + length));
        return bounds;
    }

    void PreTokenize(Workspace work, ReadOnlySpan<char> text, bool first, List<int> ids, PreTokenizer preTokenizer) =>
        preTokenizer.PreTokenize(text, first, (preToken, _) => EncodeRun(work, preToken, ids));

    void EncodeRun(Workspace work, ReadOnlySpan<char> text, List<int> ids)
    {
        for (int from = 0, to; from < text.Length; from = to)
        {
            to = text.Length - from <= 2 * Part ? text.Length : splitter.SafeSplit(text, from + Part);
            EncodePart(work, text[from..to]);
            if (from == 0 && to < text.Length) ids.EnsureCapacity(ids.Count + Estimate(work.Ids.Count, to, text.Length));
            ids.AddRange(work.Ids.Ids);
            work.Ids.Clear(Kept);
        }
    }

    /// <summary>About how many ids a text has whose first part has so many.</summary>
    static int Estimate(int ids, int partLength, int length) => (int)Math.Min(int.MaxValue / 2, ids * 1.1 * length / partLength);

    void EncodePart(Workspace work, ReadOnlySpan<char> text)
    {
        int room = text.Length <= Part ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text);
        if (work.Text.Length < room + PreTokenCache.Slack) work.Text = new byte[room + PreTokenCache.Slack];
        int length = Encoding.UTF8.GetBytes(text, work.Text);
        ReadOnlySpan<byte> withSlack = work.Text, utf8 = withSlack[..length];
        for (int start = 0, end; start < length; start = end)
        {
            end = splitter.Next(utf8, start);
            if (!work.Cache.TryGet(withSlack, start, end - start, work.Ids)) EncodePreToken(work, start, end - start);
        }
    }

    void EncodePreToken(Workspace work, int start, int length)
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
