using System.Runtime.InteropServices;

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
    public static double Top(HashedUnits units, int n)
    {
        var (counts, most, start) = (new Dictionary<ulong, int>(), 0L, 0);
        foreach (var hash in units.Grams(n))
        {
            var times = ++CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out _);
            if (times > 1) most = Math.Max(most, (long)times * units.LengthOf(start, n));
            start++;
        }
        return Math.Min(1, MeasuredText.Share(most, units.Characters));
    }

    /// <summary>The share of characters in n units that stood in this order before; none is counted twice.</summary>
    public static double Duplicates(HashedUnits units, int n)
    {
        var (seen, repeated, counted, start) = (new HashSet<ulong>(), 0L, 0, 0);   // units before `counted` are counted
        foreach (var hash in units.Grams(n))
        {
            if (!seen.Add(hash))
            {
                counted = Math.Max(counted, start);
                repeated += units.LengthOf(counted, start + n - counted);
                counted = start + n;
            }
            start++;
        }
        return MeasuredText.Share(repeated, units.Characters);
    }
}
