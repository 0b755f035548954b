using System.Text;

namespace Dayu.Text;

/// <summary>
/// Merges as files write them, "Ġ t" in order of rank, turned into a table of ids. Large vocabularies have hundreds of
/// thousands, which several threads look up.
/// </summary>
/// <param name="ids">The vocabulary, in UTF-8.</param>
/// <param name="pairs">The merges that were read already; further ones are added to it.</param>
/// <param name="where">Where the file has them, for errors.</param>
/// <param name="prefix">What right halves begin with (<c>##</c>) that is not repeated within the merged token.</param>
sealed class RankedMerges(TokenTable ids, Utf8Texts pairs, string where, string prefix = "")
{
    const int Unknown = -1, MergesPerChunk = 1 << 14;

    readonly byte[] prefix = Encoding.UTF8.GetBytes(prefix);

    /// <summary>
    /// Where the halves of a pair meet, for pairs that were added as two halves and have another space before that.
    /// </summary>
    readonly Dictionary<int, int> spaces = [];

    public void Add(ReadOnlySpan<byte> pair) => pairs.Add(pair);

    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.IsEmpty || left.Contains((byte)' ')) spaces[pairs.Count] = left.Length;
        pairs.Add([.. left, (byte)' ', .. right]);
    }

    /// <summary>The table of all merges.</summary>
    /// <exception cref="TokenizerException">A merge is no pair, or is of tokens that the vocabulary lacks.</exception>
    public MergeTable Table()
    {
        var ranked = new (int Left, int Right, int Rank, int Merged)[pairs.Count];
        Batch.For((ranked.Length + MergesPerChunk - 1) / MergesPerChunk, Environment.ProcessorCount, chunk =>
        {
            int next = 0, end = Math.Min(ranked.Length, (chunk + 1) * MergesPerChunk);
            for (int rank = chunk * MergesPerChunk; rank < end; rank++) ranked[rank] = Lookup(rank, ref next);
        });
        foreach (var (left, right, rank, merged) in ranked)
            if (left == Unknown || right == Unknown || merged == Unknown) throw Missing(rank, left == Unknown, right == Unknown);
        return new(ranked);
    }

    /// <param name="rank">The merge.</param>
    /// <param name="next">
    /// Which token it probably makes: most vocabularies list merged tokens in the order of the merges.
    /// </param>
    (int Left, int Right, int Rank, int Merged) Lookup(int rank, ref int next)
    {
        int space = Space(rank);
        ReadOnlySpan<byte> pair = pairs.Utf8(rank), left = pair[..space], right = pair[(space + 1)..];
        bool isToken = ids.TryGetNext(left, WithoutPrefix(right), ref next, out int merged);
        return (Find(left), Find(right), rank, isToken ? merged : Unknown);
    }

    int Find(ReadOnlySpan<byte> token) => ids.TryGet(token, out int id) ? id : Unknown;

    ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> right) => right.StartsWith(prefix) ? right[prefix.Length..] : right;

    /// <summary>Where the space between a pair's halves stands.</summary>
    int Space(int rank)
    {
        var pair = pairs.Utf8(rank);
        if (spaces.Count > 0 && spaces.TryGetValue(rank, out int known)) return known;
        int space = pair.Length > 1 ? pair[1..].IndexOf((byte)' ') + 1 : 0;
        return space > 0 && space + 1 < pair.Length ? space : throw new TokenizerException(
            $"{where}[{rank}]: '{pairs[rank]}' is no merge; two tokens with a space between them were expected.");
    }

    TokenizerException Missing(int rank, bool left, bool right)
    {
        int space = Space(rank);
        ReadOnlySpan<byte> first = pairs.Utf8(rank)[..space], second = pairs.Utf8(rank)[(space + 1)..];
        string token = Encoding.UTF8.GetString(left ? first : right ? second : [.. first, .. WithoutPrefix(second)]);
        return new($"{where}[{rank}] ({pairs[rank]}): '{token}' is not in the vocabulary. Both halves of a merge and what "
            + "they become must be tokens; merges and vocabulary are not of one file.");
    }
}
