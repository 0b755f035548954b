namespace Dayu.Text;

/// <summary>Merges as files write them, "Ġ t" in order of rank, made into a table of ids. Nothing is allocated for a merge: large vocabularies have hundreds of thousands.</summary>
/// <param name="ids">The vocabulary.</param> <param name="where">For messages.</param> <param name="expected">About how many there will be.</param>
/// <param name="prefix">What right halves begin with (<c>##</c>), and what they become together does not repeat.</param>
sealed class RankedMerges(Dictionary<string, int> ids, string where, int expected = 0, string prefix = "")
{
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    readonly List<(int, int, int, int)> ranked = new(expected);
    char[] buffer = new char[256];

    /// <summary>The table of all merges added.</summary>
    public MergeTable Table() => new(ranked);

    /// <summary>A merge written as one string, with a space between its halves.</summary>
    public void Add(ReadOnlySpan<char> pair)
    {
        int space = pair.Length > 1 ? pair[1..].IndexOf(' ') + 1 : 0;
        if (space <= 0 || space + 1 >= pair.Length) throw new TokenizerException($"{where}[{ranked.Count}]: '{pair}' is no merge; two tokens with a space between them were expected.");
        Add(pair[..space], pair[(space + 1)..]);
    }

    public void Add(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var rest = right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right;
        int length = left.Length + rest.Length;
        if (buffer.Length < length) buffer = new char[2 * length];
        left.CopyTo(buffer);
        rest.CopyTo(buffer.AsSpan(left.Length));
        if (!bySpan.TryGetValue(left, out int leftId)) throw Missing(left, left, right);
        if (!bySpan.TryGetValue(right, out int rightId)) throw Missing(right, left, right);
        if (!bySpan.TryGetValue(buffer.AsSpan(0, length), out int merged)) throw Missing(buffer.AsSpan(0, length), left, right);
        ranked.Add((leftId, rightId, ranked.Count, merged));
    }

    TokenizerException Missing(ReadOnlySpan<char> token, ReadOnlySpan<char> left, ReadOnlySpan<char> right) => new(
        $"{where}[{ranked.Count}] ({left} {right}): '{token}' is not in the vocabulary. Both halves of a merge and what they become must be tokens; merges and vocabulary are not of one file.");
}
