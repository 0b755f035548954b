using System.Text;

namespace Dayu.Text;

/// <summary>Merges as files write them, "Ġ t" in order of rank, made into a table of ids. Large vocabularies have hundreds of thousands, which several threads look up.</summary>
/// <param name="ids">The vocabulary, in UTF-8.</param> <param name="pairs">What was read already, if anything; further ones are added to it.</param> <param name="where">For messages.</param>
/// <param name="prefix">What right halves begin with (<c>##</c>), and what they become together does not repeat.</param>
sealed class RankedMerges(TokenTable ids, Utf8Texts pairs, string where, string prefix = "")
{
    const int Unknown = -1, Chunk = 1 << 14;

    readonly byte[] prefix = Encoding.UTF8.GetBytes(prefix);

    /// <summary>Where a pair's space stands: known of those that were added as two and whose first space is not the one between them.</summary>
    readonly Dictionary<int, int> spaces = [];

    public void Add(ReadOnlySpan<byte> pair) => pairs.Add(pair);

    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.IsEmpty || left.Contains((byte)' ')) spaces[pairs.Count] = left.Length;
        pairs.Add([.. left, (byte)' ', .. right]);
    }

    /// <summary>The table of all merges.</summary>
    /// <exception cref="TokenizerException">One of them is no pair, or of tokens that the vocabulary lacks.</exception>
    public MergeTable Table()
    {
        var ranked = new (int Left, int Right, int Rank, int Merged)[pairs.Count];
        Batch.For((ranked.Length + Chunk - 1) / Chunk, Environment.ProcessorCount, chunk =>
        {
            int next = 0;
            for (int rank = chunk * Chunk; rank < Math.Min(ranked.Length, (chunk + 1) * Chunk); rank++)
            {
                int space = Space(rank);
                ReadOnlySpan<byte> pair = pairs.Utf8(rank), left = pair[..space], right = pair[(space + 1)..];
                ranked[rank] = (Find(left), Find(right), rank, ids.TryGetNext(left, Rest(right), ref next, out int merged) ? merged : Unknown);      // most vocabularies list what merges make in the order of these
            }
        });
        foreach (var (left, right, rank, merged) in ranked)
            if (left == Unknown || right == Unknown || merged == Unknown) throw Missing(rank, left == Unknown, right == Unknown);
        return new(ranked);
    }

    int Find(ReadOnlySpan<byte> token) => ids.TryGet(token, out int id) ? id : Unknown;

    /// <summary>What a right half adds to the left one.</summary>
    ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> right) => right.StartsWith(prefix) ? right[prefix.Length..] : right;

    int Space(int rank)
    {
        var pair = pairs.Utf8(rank);
        if (spaces.Count > 0 && spaces.TryGetValue(rank, out int known)) return known;
        int space = pair.Length > 1 ? pair[1..].IndexOf((byte)' ') + 1 : 0;
        return space > 0 && space + 1 < pair.Length ? space : throw new TokenizerException($"{where}[{rank}]: '{pairs[rank]}' is no merge; two tokens with a space between them were expected.");
    }

    TokenizerException Missing(int rank, bool left, bool right)
    {
        int space = Space(rank);
        ReadOnlySpan<byte> first = pairs.Utf8(rank)[..space], second = pairs.Utf8(rank)[(space + 1)..];
        string token = Encoding.UTF8.GetString(left ? first : right ? second : [.. first, .. Rest(second)]);
        return new($"{where}[{rank}] ({pairs[rank]}): '{token}' is not in the vocabulary. Both halves of a merge and what they become must be tokens; merges and vocabulary are not of one file.");
    }
}
