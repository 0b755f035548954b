using System.Collections.Concurrent;
using System.Runtime.InteropServices;
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
        public readonly PieceCache Cache = new();
        public byte[] Text = new byte[4096];
        public int[] Symbols = new int[256];
    }

    /// <summary>Larger working memory is not kept: one huge text must not be paid for ever after.</summary>
    const int KeptBytes = 1 << 20;

    readonly Vocabulary vocabulary;
    readonly PreTokenizer? pre;
    readonly Splitter splitter;
    readonly MergeTable merges;
    readonly ConcurrentBag<Workspace> idle = [];

    private protected BpeTokenizer(Vocabulary vocabulary, MergeTable merges, Cutting cutting, SpecialTokens special) : base(special, cutting.Normalizer) =>
        (this.vocabulary, this.merges, pre, splitter) = (vocabulary, merges, cutting.Pre, cutting.Splitter);

    /// <inheritdoc/>
    public sealed override int VocabularySize => vocabulary.Count;

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <summary>Writes the text as UTF-8 to <paramref name="buffer"/>, which it makes longer (by <paramref name="slack"/> bytes more than the text) where it must; returns the length.</summary>
    private protected virtual int ToUtf8(ReadOnlySpan<char> text, ref byte[] buffer, int slack)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (buffer.Length < length + slack) buffer = new byte[length + slack];
        return Encoding.UTF8.GetBytes(text, buffer);
    }

    /// <summary>The symbols a piece begins with, at most one for each byte; returns how many. A symbol from <see cref="VocabularySize"/> on is no id: merging may use it up.</summary>
    private protected abstract int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> symbols);

    /// <summary>Appends the ids for a symbol that is no id and was not merged.</summary>
    private protected abstract void Unmerged(int symbol, List<int> ids);

    /// <inheritdoc/>
    protected sealed override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (!idle.TryTake(out var work)) work = new(merges);
        if (pre is null) EncodeRun(work, text, ids);
        else CutFirst(work, text, first, ids, pre);
        if (work.Text.Length <= KeptBytes) idle.Add(work);
    }

    void CutFirst(Workspace work, ReadOnlySpan<char> text, bool first, List<int> ids, PreTokenizer pre) => pre.Cut(text, first, (piece, _) => EncodeRun(work, piece, ids));

    void EncodeRun(Workspace work, ReadOnlySpan<char> text, List<int> ids)
    {
        int length = ToUtf8(text, ref work.Text, PieceCache.Slack);
        var utf8 = work.Text.AsSpan(0, length);
        for (int start = 0, end; start < length; start = end)
        {
            end = splitter.Next(utf8, start);
            if (!work.Cache.TryGet(work.Text, start, end - start, ids)) EncodePiece(work, start, end - start, ids);
        }
    }

    void EncodePiece(Workspace work, int start, int length, List<int> ids)
    {
        if (work.Symbols.Length < length) work.Symbols = new int[Math.Max(length, 2 * work.Symbols.Length)];
        int count = FirstSymbols(work.Text.AsSpan(start, length), work.Symbols);
        count = work.Merger.Merge(work.Symbols.AsSpan(0, count));
        int before = ids.Count;
        foreach (int symbol in work.Symbols.AsSpan(0, count))
            if (symbol < VocabularySize) ids.Add(symbol);
            else Unmerged(symbol, ids);
        work.Cache.Set(work.Text, start, length, CollectionsMarshal.AsSpan(ids)[before..]);
    }
}
