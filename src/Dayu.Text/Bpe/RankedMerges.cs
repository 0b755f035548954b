using System.Text;

namespace Dayu.Text;

/// <summary>
/// Merges as files write them, "Ġ t" in order of rank, made into a table of ids. Large vocabularies have hundreds of thousands: they are kept without the space, so that
/// their halves and what they become stand in one place, and looked up by several threads.
/// </summary>
/// <param name="ids">The vocabulary, in UTF-8.</param> <param name="where">For messages.</param> <param name="expected">About how many there will be.</param>
/// <param name="prefix">What right halves begin with (<c>##</c>), and what they become together does not repeat.</param>
sealed class RankedMerges(PieceTable ids, string where, int expected = 0, string prefix = "")
{
    /// <summary>How long a merge's left half is, and whether the right half's prefix was left out.</summary>
    readonly record struct Cut(int Left, bool Prefixed);

    const int Unknown = -1, Chunk = 1 << 14;

    readonly byte[] prefix = Encoding.UTF8.GetBytes(prefix);
    readonly ByteStrings merged = new(expected);
    readonly List<Cut> cuts = new(expected);

    /// <summary>The table of merges written as one text each, with a space between its halves.</summary>
    public static MergeTable Table(PieceTable ids, Utf8Texts pairs, string where)
    {
        var merges = new RankedMerges(ids, where, pairs.Count);
        for (int rank = 0; rank < pairs.Count; rank++) merges.Add(pairs.Utf8(rank));
        return merges.Table();
    }

    /// <summary>A merge written as one text, with a space between its halves.</summary>
    public void Add(ReadOnlySpan<byte> pair)
    {
        int space = pair.Length > 1 ? pair[1..].IndexOf((byte)' ') + 1 : 0;
        if (space <= 0 || space + 1 >= pair.Length)
            throw new TokenizerException($"{where}[{merged.Count}]: '{Encoding.UTF8.GetString(pair)}' is no merge; two tokens with a space between them were expected.");
        Add(pair[..space], pair[(space + 1)..]);
    }

    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        bool prefixed = prefix.Length > 0 && right.StartsWith(prefix);
        if (prefixed) right = right[prefix.Length..];
        merged.Add(left, right);
        cuts.Add(new(left.Length, prefixed));
    }

    /// <summary>The table of all merges added.</summary>
    /// <exception cref="TokenizerException">One of them is of tokens that the vocabulary lacks.</exception>
    public MergeTable Table()
    {
        var ranked = new (int Left, int Right, int Rank, int Merged)[merged.Count];
        Batch.For((ranked.Length + Chunk - 1) / Chunk, Environment.ProcessorCount, chunk =>
        {
            int near = 0;
            for (int rank = chunk * Chunk; rank < Math.Min(ranked.Length, (chunk + 1) * Chunk); rank++)
                ranked[rank] = (Find(Left(rank)), Find(Right(rank)), rank, ids.TryGetNear(merged[rank], ref near, out int id) ? id : Unknown);      // most vocabularies list what merges make in the order of these
        });
        foreach (var (left, right, rank, made) in ranked)
            if (left == Unknown) throw Missing(rank, Left(rank));
            else if (right == Unknown) throw Missing(rank, Right(rank));
            else if (made == Unknown) throw Missing(rank, merged[rank]);
        return new(ranked);
    }

    int Find(ReadOnlySpan<byte> token) => ids.TryGet(token, out int id) ? id : Unknown;

    ReadOnlySpan<byte> Left(int rank) => merged[rank][..cuts[rank].Left];

    ReadOnlySpan<byte> Right(int rank)
    {
        var right = merged[rank][cuts[rank].Left..];
        return cuts[rank].Prefixed ? (byte[])[.. prefix, .. right] : right;
    }

    TokenizerException Missing(int rank, ReadOnlySpan<byte> token) => new(
        $"{where}[{rank}] ({Encoding.UTF8.GetString(Left(rank))} {Encoding.UTF8.GetString(Right(rank))}): '{Encoding.UTF8.GetString(token)}' is not in the vocabulary. Both halves of a merge and what they become must be tokens; merges and vocabulary are not of one file.");
}
