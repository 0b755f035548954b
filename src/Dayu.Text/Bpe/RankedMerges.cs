namespace Dayu.Text;

/// <summary>Merges as files write them, "Ġ t" in order of rank, made into a table of ids.</summary>
static class RankedMerges
{
    /// <summary>The two halves of a merge written as one string.</summary>
    public static (string Left, string Right) Halves(string pair, string where)
    {
        int space = pair.IndexOf(' ', Math.Min(1, pair.Length));
        return space > 0 && space + 1 < pair.Length ? (pair[..space], pair[(space + 1)..])
            : throw new TokenizerException($"{where}: '{pair}' is no merge; two tokens with a space between them were expected.");
    }

    /// <param name="ids">The vocabulary.</param> <param name="merges">In order of rank.</param> <param name="where">For messages.</param>
    /// <param name="prefix">What right halves begin with (<c>##</c>), and what they become together does not repeat.</param>
    public static MergeTable Read(Dictionary<string, int> ids, IEnumerable<(string Left, string Right)> merges, string where, string prefix = "")
    {
        var ranked = new List<(int, int, int, int)>();
        foreach (var (left, right) in merges)
        {
            ranked.Add((Id(left), Id(right), ranked.Count, Id(left + (right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right))));

            int Id(string token) => ids.TryGetValue(token, out int id) ? id : throw new TokenizerException(
                $"{where}[{ranked.Count}] ({left} {right}): '{token}' is not in the vocabulary. Both halves of a merge and what they become must be tokens; merges and vocabulary are not of one file.");
        }
        return new(ranked);
    }
}
