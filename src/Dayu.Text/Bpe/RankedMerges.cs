namespace Dayu.Text;

/// <summary>
/// Merges as files write them, "Ġ t" in order of rank, made into a table of ids. Large vocabularies have hundreds of thousands: their text is gathered in one array,
/// in which a merge's halves stand next to each other and so are what they become, and looked up by several threads.
/// </summary>
/// <param name="ids">The vocabulary.</param> <param name="where">For messages.</param> <param name="expected">About how many there will be.</param>
/// <param name="prefix">What right halves begin with (<c>##</c>), and what they become together does not repeat.</param>
sealed class RankedMerges(Dictionary<string, int> ids, string where, int expected = 0, string prefix = "")
{
    /// <summary>Where a merge stands in the text, how long its left half and all of it are, and whether the right half's prefix was left out.</summary>
    readonly record struct Written(int Start, int Left, int Length, bool Prefixed);

    const int Unknown = -1, Chunk = 1 << 14;

    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    readonly CharBuffer text = new(16 * expected + 16);
    readonly List<Written> merges = new(expected);

    /// <summary>A merge written as one string, with a space between its halves.</summary>
    public void Add(ReadOnlySpan<char> pair)
    {
        int space = pair.Length > 1 ? pair[1..].IndexOf(' ') + 1 : 0;
        if (space <= 0 || space + 1 >= pair.Length) throw new TokenizerException($"{where}[{merges.Count}]: '{pair}' is no merge; two tokens with a space between them were expected.");
        Add(pair[..space], pair[(space + 1)..]);
    }

    public void Add(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        bool prefixed = prefix.Length > 0 && right.StartsWith(prefix, StringComparison.Ordinal);
        if (prefixed) right = right[prefix.Length..];
        merges.Add(new(text.Written.Length, left.Length, left.Length + right.Length, prefixed));
        text.Append(left);
        text.Append(right);
    }

    /// <summary>The table of all merges added.</summary>
    /// <exception cref="TokenizerException">One of them is of tokens that the vocabulary lacks.</exception>
    public MergeTable Table()
    {
        var ranked = new (int Left, int Right, int Rank, int Merged)[merges.Count];
        var tokens = ById();
        Batch.For((ranked.Length + Chunk - 1) / Chunk, Environment.ProcessorCount, chunk =>
        {
            int merged = Unknown;
            for (int rank = chunk * Chunk; rank < Math.Min(ranked.Length, (chunk + 1) * Chunk); rank++)
            {
                var next = Merged(merges[rank]);                              // most vocabularies list what merges make in the order of these
                merged = (uint)(merged + 1) < (uint)tokens.Length && next.SequenceEqual(tokens[merged + 1]) ? merged + 1 : Find(next);
                ranked[rank] = (Find(Left(merges[rank])), Find(Right(merges[rank])), rank, merged);
            }
        });
        foreach (var (left, right, rank, merged) in ranked)
            if (left == Unknown) throw Missing(rank, Left(merges[rank]));
            else if (right == Unknown) throw Missing(rank, Right(merges[rank]));
            else if (merged == Unknown) throw Missing(rank, Merged(merges[rank]));
        return new(ranked);
    }

    /// <summary>Tokens by id, as far as ids are about as many as tokens.</summary>
    string?[] ById()
    {
        var tokens = new string?[ids.Count];
        foreach (var (token, id) in ids)
            if ((uint)id < (uint)tokens.Length) tokens[id] = token;
        return tokens;
    }

    int Find(ReadOnlySpan<char> token) => bySpan.TryGetValue(token, out int id) ? id : Unknown;

    ReadOnlySpan<char> Left(Written merge) => text.Written.Slice(merge.Start, merge.Left);

    ReadOnlySpan<char> Right(Written merge)
    {
        var right = text.Written.Slice(merge.Start + merge.Left, merge.Length - merge.Left);
        return merge.Prefixed ? string.Concat(prefix, right) : right;
    }

    ReadOnlySpan<char> Merged(Written merge) => text.Written.Slice(merge.Start, merge.Length);

    TokenizerException Missing(int rank, ReadOnlySpan<char> token) => new(
        $"{where}[{rank}] ({Left(merges[rank])} {Right(merges[rank])}): '{token}' is not in the vocabulary. Both halves of a merge and what they become must be tokens; merges and vocabulary are not of one file.");
}
