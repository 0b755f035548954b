using System.Collections.Concurrent;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// One thread's working memory: a cache of the ids of words met before, and the ids of the text at hand.
/// </summary>
sealed class CachingWorkspace
{
    /// <summary>Workspaces that no thread uses at the moment.</summary>
    public sealed class Pool
    {
        readonly ConcurrentBag<CachingWorkspace> idle = [];

        public CachingWorkspace Rent() => idle.TryTake(out var work) ? work : new();

        /// <summary>
        /// Gives a workspace back. One that is not given back, after an error, is lost, and made anew when needed.
        /// </summary>
        public void Return(CachingWorkspace work)
        {
            work.Trim();
            idle.Add(work);
        }
    }

    /// <summary>Larger arrays are released after use: one huge text must not hold memory for ever.</summary>
    public const int Kept = 1 << 20;

    byte[] key = new byte[256];

    public PreTokenCache Cache { get; } = new();

    public IdBuffer Ids { get; } = new();

    /// <summary>Removes the ids, and releases memory that only a huge text needs.</summary>
    public void Trim()
    {
        Ids.Clear(Kept);
        if (key.Length > Kept) key = new byte[256];
    }

    /// <summary>
    /// The text's UTF-8, with the slack behind it that <see cref="Cache"/> reads. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Utf8WithSlack(ReadOnlySpan<char> text, out int length)
    {
        int most = text.Length < 256 ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text);
        int room = most + PreTokenCache.Slack;
        if (key.Length < room) key = new byte[2 * room];
        length = Encoding.UTF8.GetBytes(text, key);
        return key;
    }

    /// <summary>
    /// A copy of a word, with the slack behind it that <see cref="Cache"/> reads. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> WithSlack(ReadOnlySpan<byte> word)
    {
        if (key.Length < word.Length + PreTokenCache.Slack) key = new byte[2 * word.Length + PreTokenCache.Slack];
        word.CopyTo(key);
        return key;
    }
}
