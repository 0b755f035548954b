using System.Numerics;

namespace Dayu.Training;

/// <summary>How long things are, in buckets of a thirty-second of an octave: quantiles are exact below 64, and to 3 % above.</summary>
public sealed class LengthHistogram
{
    const int Fine = 5;                                              // bits behind the first that tell buckets apart

    readonly long[] counts = new long[64 << Fine];

    /// <summary>Things so far.</summary>
    public long Count { get; private set; }

    /// <summary>The longest; 0: there is none.</summary>
    public long Longest { get; private set; }

    /// <summary>One more.</summary>
    public void Add(long length)
    {
        counts[Bucket(length)]++;
        Count++;
        Longest = Math.Max(Longest, length);
    }

    /// <summary>The length that a share of the things does not exceed; 0: there is none.</summary>
    /// <param name="share">0 … 1.</param>
    public long Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        if (Count == 0) return 0;
        for (var i = 0; i < counts.Length; i++)
            if ((left -= counts[i]) <= 0 && counts[i] > 0) return Math.Min(Longest, Upper(i));
        return Longest;
    }

    static int Bucket(long length)
    {
        var octave = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)Math.Max(1, length)) - Fine);
        return (int)(length >> octave) + (octave << Fine);
    }

    /// <summary>The greatest length of a bucket.</summary>
    static long Upper(int bucket)
    {
        var octave = Math.Max(0, (bucket >> Fine) - 1);
        return ((bucket - ((long)octave << Fine) + 1) << octave) - 1;
    }
}
