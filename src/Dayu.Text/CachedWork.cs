using System.Collections.Concurrent;
using System.Text;

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
            work.Trim();
            idle.Add(work);
        }
    }

    /// <summary>Larger working memory is not kept: one huge text must not be paid for ever after.</summary>
    public const int Kept = 1 << 20;

    byte[] key = new byte[256];

    public PreTokenCache Cache { get; } = new();

    public IdBuffer Ids { get; } = new();

    /// <summary>Forgets the ids, and gives memory back that only a huge text needs.</summary>
    public void Trim()
    {
        Ids.Clear(Kept);
        if (key.Length > Kept) key = new byte[256];
    }

    /// <summary>The text's UTF-8 with the bytes behind it that <see cref="Cache"/> reads; valid until the next.</summary>
    public ReadOnlySpan<byte> Utf8WithSlack(ReadOnlySpan<char> text, out int length)
    {
        int room = (text.Length < 256 ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text)) + PreTokenCache.Slack;
        if (key.Length < room) key = new byte[2 * room];
        length = Encoding.UTF8.GetBytes(text, key);
        return key;
    }

    /// <summary>A copy with the bytes behind it that <see cref="Cache"/> reads; valid until the next.</summary>
    public ReadOnlySpan<byte> WithSlack(ReadOnlySpan<byte> piece)
    {
        if (key.Length < piece.Length + PreTokenCache.Slack) key = new byte[2 * piece.Length + PreTokenCache.Slack];
        piece.CopyTo(key);
        return key;
    }
}
