using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>What a pass hands out for explanations.</summary>
public sealed class Probe
{
    readonly List<AttentionWeights> attention = [];

    /// <summary>The attention weights of each layer, in the order in which the layers ran.</summary>
    public IReadOnlyList<AttentionWeights> Attention => attention;

    internal void Take(object layer, Tensor weights, SequenceLayout layout, AttentionSpec spec) =>
        attention.Add(new(layer, weights.ToArray(), spec.Heads, layout.Queries, layout.LongestKeys));
}

/// <summary>How much each query looked at each key.</summary>
/// <param name="Layer">The layer that computed them.</param>
/// <param name="Values">[H, T, K], rows summing to 1; K counts keys within a sequence, what is masked or beyond is 0.</param>
/// <param name="Heads">H.</param>
/// <param name="Queries">T.</param>
/// <param name="Keys">K, of the longest sequence.</param>
public sealed record AttentionWeights(object Layer, float[] Values, int Heads, int Queries, int Keys)
{
    /// <summary>One weight.</summary>
    public float this[int head, int query, int key] => Values[((long)head * Queries + query) * Keys + key];
}
