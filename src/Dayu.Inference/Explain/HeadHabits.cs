namespace Dayu.Inference;

/// <summary>What a head looks at over a whole text. Shares are means over its pieces, 0 to 1.</summary>
/// <param name="Query">The piece of the strongest look: not at itself, and not at the first piece.</param>
/// <param name="Key">The piece that it looks at.</param>
/// <param name="Strongest">How strong that look is.</param>
/// <param name="Self">How much pieces look at themselves.</param>
/// <param name="Before">How much they look at the piece before.</param>
/// <param name="First">How much they look at the first piece.</param>
/// <param name="Bits">The entropy of where they look: how spread out it is.</param>
public sealed record HeadHabits(int Query, int Key, double Strongest, double Self, double Before, double First, double Bits)
{
    /// <summary>The habits of a head.</summary>
    /// <param name="maps">What each head looked at.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    public static HeadHabits Of(AttentionMaps maps, int layer, int head)
    {
        var map = maps.Map((layer, head));
        var n = map.GetLength(0);
        double self = 0, before = 0, first = 0, bits = 0;
        var (strongest, query, key) = (0.0, 0, 0);
        for (var q = 0; q < n; q++)
        {
            (self, first, before) = (self + map[q, q], first + map[q, 0], before + (q > 0 ? map[q, q - 1] : 0));
            for (var k = 0; k < n; k++)
            {
                if (map[q, k] > 0) bits -= map[q, k] * Math.Log2(map[q, k]);
                if (map[q, k] > strongest && q != k && k > 0) (strongest, query, key) = (map[q, k], q, k);
            }
        }
        return new(query, key, strongest, self / n, before / Math.Max(1, n - 1), first / n, bits / n);
    }
}
