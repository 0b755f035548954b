using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>How much of a text says again what it said before: Rae et al. 2021 (arXiv:2112.11446), A.1.1 and table A1.</summary>
static class Repetition
{
    /// <summary>The share of parts that stood before.</summary>
    public static double OfParts(IReadOnlyList<string> parts)
    {
        var seen = new HashSet<string>();
        return MeasuredText.Share(parts.Count(p => !seen.Add(p)), parts.Count);
    }

    /// <summary>The share of their characters that stand in parts that stood before.</summary>
    public static double OfCharacters(IReadOnlyList<string> parts)
    {
        var seen = new HashSet<string>();
        return MeasuredText.Share(parts.Where(p => !seen.Add(p)).Sum(p => (long)p.Length), parts.Sum(p => (long)p.Length));
    }

    /// <summary>
    /// The share of characters in the n units that most often follow one another, each place counted; once is no repetition.
    /// </summary>
    public static double Top(IReadOnlyList<string> units, int n)
    {
        var counts = new Dictionary<ulong, (int Times, int Length)>();
        foreach (var (start, hash) in Grams(units, n))
        {
            var length = Enumerable.Range(start, n).Sum(i => units[i].Length);
            counts[hash] = (counts.GetValueOrDefault(hash).Times + 1, length);
        }
        var most = counts.Values.Where(c => c.Times > 1).Select(c => (long)c.Times * c.Length).DefaultIfEmpty().Max();
        return Math.Min(1, MeasuredText.Share(most, units.Sum(u => (long)u.Length)));
    }

    /// <summary>The share of characters in n units that stood in this order before; none is counted twice.</summary>
    public static double Duplicates(IReadOnlyList<string> units, int n)
    {
        var seen = new HashSet<ulong>();
        var (repeated, counted) = (0L, 0);                           // units before `counted` are counted
        foreach (var (start, hash) in Grams(units, n))
        {
            if (seen.Add(hash)) continue;
            for (counted = Math.Max(counted, start); counted < start + n; counted++) repeated += units[counted].Length;
        }
        return MeasuredText.Share(repeated, units.Sum(u => (long)u.Length));
    }

    static IEnumerable<(int Start, ulong Hash)> Grams(IReadOnlyList<string> units, int n)
    {
        ulong[] hashes = [.. units.Select(MinHash.HashOf)];
        for (var i = 0; i + n <= hashes.Length; i++)
        {
            var hash = 0UL;
            for (var k = i; k < i + n; k++) hash = CounterRng.Mix(hash * 31 + hashes[k]);
            yield return (i, hash);
        }
    }
}
