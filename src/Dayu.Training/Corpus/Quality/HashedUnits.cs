using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Units of a text as hashes, with their lengths: what compares them looks at no characters any more.</summary>
sealed class HashedUnits
{
    const ulong Base = 0x9E3779B97F4A7C15;

    readonly int[] ends;                                             // characters of the units up to each, with it

    /// <summary>Hashes them.</summary>
    public HashedUnits(IReadOnlyList<string> units)
    {
        (Hashes, ends) = (new(units.Count), new int[units.Count + 1]);
        for (var i = 0; i < units.Count; i++)
        {
            Hashes.Add(MinHash.HashOf(units[i]));
            ends[i + 1] = ends[i] + units[i].Length;
        }
    }

    /// <summary>A hash for each unit.</summary>
    public List<ulong> Hashes { get; }

    /// <summary>Characters of all of them.</summary>
    public int Characters => ends[^1];

    /// <summary>Characters of some that follow one another.</summary>
    public int LengthOf(int first, int count) => ends[first + count] - ends[first];

    /// <summary>
    /// A hash of every n units that follow one another: a polynomial, which moves on by one unit in two steps (Karp and Rabin 1987).
    /// </summary>
    public IEnumerable<ulong> Grams(int n)
    {
        var (hash, top) = (0UL, 1UL);
        for (var i = 0; i < n; i++) top *= Base;                     // Baseⁿ: the weight of the unit that leaves
        for (var i = 0; i < Hashes.Count; i++)
        {
            hash = hash * Base + Hashes[i];
            if (i >= n) hash -= top * Hashes[i - n];
            if (i >= n - 1) yield return CounterRng.Mix(hash);
        }
    }
}
