using System.Collections.Concurrent;

namespace Dayu.Text;

/// <summary>One thread's working memory where words are remembered: what is known of words met before, and the ids of the text at hand.</summary>
sealed class CachedWork
{
    /// <summary>Working memory that no thread has in hand.</summary>
    public sealed class Pool
    {
        readonly ConcurrentBag<CachedWork> idle = [];

        public CachedWork Rent() => idle.TryTake(out var work) ? work : new();

        /// <summary>What is not given back (an error was thrown) is simply made anew.</summary>
        public void Return(CachedWork work)
        {
            work.Ids.Clear(Kept);
            if (work.key.Length > Kept) work.key = new byte[256];
            idle.Add(work);
        }
    }

    /// <summary>Larger working memory is not kept: one huge text must not be paid for ever after.</summary>
    const int Kept = 1 << 20;

    byte[] key = new byte[256];

    public PieceCache Cache { get; } = new();

    public IdBuffer Ids { get; } = new();

    /// <summary>A copy with the bytes behind it that <see cref="Cache"/> reads; valid until the next.</summary>
    public ReadOnlySpan<byte> WithSlack(ReadOnlySpan<byte> piece)
    {
        if (key.Length < piece.Length + PieceCache.Slack) key = new byte[2 * piece.Length + PieceCache.Slack];
        piece.CopyTo(key);
        return key;
    }
}
