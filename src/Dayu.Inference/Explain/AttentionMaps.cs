using Dayu.Models;

namespace Dayu.Inference;

/// <summary>
/// What each head of a model looks at, piece by piece of a text. A stretch of several tokens looks as the mean of its
/// tokens, and is looked at as much as all of them together: so what a piece looks at still sums to 1.
/// </summary>
/// <param name="layers">Attention weights of each layer.</param>
/// <param name="pieces">The text.</param>
public sealed class AttentionMaps(IReadOnlyList<AttentionWeights> layers, TextSpans pieces)
{
    /// <summary>The text, and which part of it each token is.</summary>
    public TextSpans Pieces => pieces;

    /// <summary>Number of layers.</summary>
    public int Layers => layers.Count;

    /// <summary>Number of heads of a layer.</summary>
    public int Heads(int layer) => layers[layer].Heads;

    /// <summary>Every head there is: layers and heads, from 0.</summary>
    public IEnumerable<(int Layer, int Head)> All =>
        Enumerable.Range(0, Layers).SelectMany(l => Enumerable.Range(0, Heads(l)).Select(h => (l, h)));

    /// <summary>How much each piece looks at each, [pieces, pieces]; of several heads their mean.</summary>
    public double[,] Map(params IReadOnlyList<(int Layer, int Head)> heads)
    {
        var n = pieces.All.Count;
        var map = new double[n, n];
        foreach (var (layer, head) in heads)
            for (var q = 0; q < n; q++)
                for (var k = 0; k < n; k++) map[q, k] += Weight(layer, head, (q, 1), (k, 1)) / heads.Count;
        return map;
    }

    /// <summary>How much a stretch of pieces looks at another in a head.</summary>
    public double Weight(int layer, int head, (int First, int Count) query, (int First, int Count) key)
    {
        var (w, sum) = (layers[layer], 0.0);
        var ((q0, q1), (k0, k1)) = (Tokens(query), Tokens(key));
        for (var q = q0; q < q1; q++)
            for (var k = k0; k < k1; k++) sum += w[head, q, k];
        return sum / (q1 - q0);
    }

    /// <summary>How much pieces look at a stretch in a head, on average; 0 where there are none.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    /// <param name="queries">The pieces that look.</param>
    /// <param name="key">The stretch that is looked at.</param>
    public double MeanWeight(int layer, int head, IReadOnlyCollection<int> queries, (int First, int Count) key) =>
        queries.Count == 0 ? 0 : queries.Average(q => Weight(layer, head, (q, 1), key));

    (int First, int End) Tokens((int First, int Count) stretch)
    {
        var last = pieces.All[stretch.First + stretch.Count - 1];
        return (pieces.All[stretch.First].First, last.First + last.Count);
    }
}
