using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Sees the residual stream between two blocks, and may change it.</summary>
/// <param name="depth">Blocks that it has passed: 0 … L.</param>
/// <param name="x">[T, C]</param>
/// <returns>What the next block reads, [T, C]; <paramref name="x"/> itself where nothing is changed.</returns>
public delegate Tensor ResidualHook(int depth, Tensor x);

/// <summary>What a pass hands out for explanations.</summary>
public sealed class Probe
{
    readonly List<AttentionWeights> attention = [];

    /// <summary>Whether attention weights are taken.</summary>
    public bool TakesAttention { get; init; } = true;

    /// <summary>
    /// The rows of the pass whose attention weights are wanted; null: all, computed by the composed path. Of some rows
    /// they are computed beside the fused path: [H, R, K] for R tokens of a long text, never [H, T, T].
    /// </summary>
    public int[]? Rows { get; init; }

    /// <summary>Watches and changes the residual stream; null: nobody does.</summary>
    public ResidualHook? Residual { get; init; }

    /// <summary>The attention weights of each layer, in the order in which the layers ran.</summary>
    public IReadOnlyList<AttentionWeights> Attention => attention;

    /// <summary>A layer's attention, whose weights are taken on the way.</summary>
    internal Tensor Attend(object layer, Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        // what it sees depends on its place: a single row does not tell
        var seesAround = spec is { Causal: false, Window: not null };
        if (Rows is not { } rows || seesAround)
            return Op.AttentionComposed(q, k, v, layout, spec,
                w => Take(new(layer, w.ToArray(), spec.Heads, layout.Queries, layout.LongestKeys)));
        using (q.Arena.Tape.Pause())
        {
            var (mark, part) = (q.Arena.Mark(), layout.OfRows(rows, spec.Causal));
            Op.AttentionComposed(Op.Gather(q, q.Arena.Ints(rows)), k, v, part, spec,
                w => attention.Add(new(layer, w.ToArray(), spec.Heads, part.Queries, part.LongestKeys) { Rows = rows }));
            q.Arena.Recycle(mark);
        }
        return Op.Attention(q, k, v, layout, spec);
    }

    void Take(AttentionWeights all) => attention.Add(Rows is { } rows ? all.Of(rows) : all);
}

/// <summary>How much each query looked at each key.</summary>
/// <param name="Layer">The layer that computed them.</param>
/// <param name="Values">[H, T, K], rows summing to 1; K counts keys within a sequence, what is masked or beyond is
/// 0.</param>
/// <param name="Heads">H.</param>
/// <param name="Queries">T, or the number of rows that were asked for.</param>
/// <param name="Keys">K, of the longest sequence.</param>
public sealed record AttentionWeights(object Layer, float[] Values, int Heads, int Queries, int Keys)
{
    /// <summary>Which row of the pass each query is; null: query t is row t.</summary>
    public int[]? Rows { get; init; }

    /// <summary>One weight.</summary>
    public float this[int head, int query, int key] => Values[((long)head * Queries + query) * Keys + key];

    /// <summary>Those of some rows.</summary>
    internal AttentionWeights Of(int[] rows)
    {
        var values = new float[(long)Heads * rows.Length * Keys];
        for (var h = 0; h < Heads; h++)
            for (var r = 0; r < rows.Length; r++)
                Values.AsSpan((h * Queries + rows[r]) * Keys, Keys).CopyTo(values.AsSpan((h * rows.Length + r) * Keys));
        return new(Layer, values, Heads, rows.Length, Keys) { Rows = rows };
    }
}
