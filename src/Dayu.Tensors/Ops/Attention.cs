namespace Dayu.Tensors;

/// <summary>
/// What attention computes: softmax(scale · q·kᵀ, masked) · v, head by head. Vaswani et al. 2017, arXiv:1706.03762;
/// grouped heads: Ainslie et al. 2023, arXiv:2305.13245.
/// </summary>
/// <param name="Heads">Query heads, H.</param>
/// <param name="KeyValueHeads">Key and value heads; H is a multiple: query head h reads key head h / (H /
/// KeyValueHeads).</param>
/// <param name="HeadWidth">Values of a head, D.</param>
/// <param name="Causal">A query sees its own position and those before it; else all of its sequence.</param>
/// <param name="Window">A query sees this many positions at most, its own included; null: all.</param>
/// <param name="Scale">Factor on the scores; null: 1/√D.</param>
public sealed record AttentionSpec(int Heads, int KeyValueHeads, int HeadWidth, bool Causal = true, int? Window = null, float? Scale = null)
{
    /// <summary>The factor on the scores.</summary>
    public float ScoreScale => Scale ?? 1 / MathF.Sqrt(HeadWidth);

    /// <summary>
    /// The keys [first, end) that a query at <paramref name="position"/> sees, of <paramref name="count"/> in its
    /// sequence.
    /// </summary>
    public (int First, int End) Sees(int position, int count)
    {
        var end = Causal ? Math.Min(position + 1, count) : count;
        var first = Window is { } w ? Math.Max(0, position - w + 1) : 0;
        if (Window is { } v && !Causal) end = Math.Min(end, position + v);
        return (Math.Min(first, end), end);
    }
}

/// <summary>
/// Which rows belong together: where the sequences of a pass begin among the packed queries, and in which rows their
/// keys and values lie, as blocks of a fixed size in any order. Keys of the pass itself and a contiguous cache are one
/// block a sequence.
/// </summary>
/// <param name="QueryStarts">[S + 1]: sequence s has the queries QueryStarts[s] … QueryStarts[s + 1] − 1; they are the
/// last positions of its keys.</param>
/// <param name="KeyCounts">[S]: keys of each sequence, those of this pass included.</param>
/// <param name="Blocks">[S]: for each sequence, the first row of each of its blocks.</param>
/// <param name="BlockSize">Keys in a block.</param>
public sealed record SequenceLayout(int[] QueryStarts, int[] KeyCounts, int[][] Blocks, int BlockSize)
{
    /// <summary>Number of sequences.</summary>
    public int Count => KeyCounts.Length;

    /// <summary>Queries in all.</summary>
    public int Queries => QueryStarts[^1];

    /// <summary>The longest sequence of keys.</summary>
    public int LongestKeys => KeyCounts.Length == 0 ? 0 : KeyCounts.Max();

    /// <summary>The row of key <paramref name="j"/> of sequence <paramref name="s"/>.</summary>
    public int Row(int s, int j) => Blocks[s][j / BlockSize] + j % BlockSize;

    /// <summary>Position in its sequence of query row <paramref name="t"/> of sequence <paramref name="s"/>.</summary>
    public int Position(int s, int t) => KeyCounts[s] - QueryStarts[s + 1] + t;

    /// <summary>Some queries of it, each a sequence of its own whose keys end where the query's sight does.</summary>
    /// <param name="rows">Query rows.</param>
    /// <param name="causal">Whether a query sees no key after its own position; else all of its sequence, without a
    /// window.</param>
    public SequenceLayout OfRows(int[] rows, bool causal)
    {
        var (counts, blocks) = (new int[rows.Length], new int[rows.Length][]);
        for (var i = 0; i < rows.Length; i++)
        {
            var s = 0;
            while (s < Count && rows[i] >= QueryStarts[s + 1]) s++;
            Check.That(rows[i] >= 0 && s < Count, "attention", $"row {rows[i]} is asked for, expected 0 … {Queries - 1}");
            (counts[i], blocks[i]) = (causal ? Position(s, rows[i]) + 1 : KeyCounts[s], Blocks[s]);
        }
        return new([.. Enumerable.Range(0, rows.Length + 1)], counts, blocks, BlockSize);
    }

    /// <summary>Throws where the parts contradict each other.</summary>
    internal void Validate()
    {
        Check.That(BlockSize > 0 && Blocks.Length == Count && QueryStarts.Length == Count + 1 && QueryStarts[0] == 0, "attention",
            $"{Count} sequences of keys, {Blocks.Length} lists of blocks of {BlockSize}, {QueryStarts.Length} query starts; "
                + $"expected as many lists, a size above 0, and one start more, the first 0");
        for (var s = 0; s < Count; s++)
        {
            var hasRoom = KeyCounts[s] >= 0 && Blocks[s].Length * (long)BlockSize >= KeyCounts[s];
            Check.That(QueryStarts[s] <= QueryStarts[s + 1], "attention",
                $"the queries of sequence {s} start at {QueryStarts[s]} and end at {QueryStarts[s + 1]}");
            Check.That(hasRoom, "attention", $"sequence {s} has {KeyCounts[s]} keys in {Blocks[s].Length} blocks of {BlockSize}");
        }
    }

    /// <summary>Sequences that stand alone, one after another: keys and values are those of the pass.</summary>
    /// <param name="starts">[S + 1]: where each begins, and the end.</param>
    public static SequenceLayout Packed(params int[] starts)
    {
        var counts = new int[starts.Length - 1];
        for (var s = 0; s < counts.Length; s++) counts[s] = starts[s + 1] - starts[s];
        return new(starts, counts, Array.ConvertAll(starts[..^1], start => new[] { start }), Math.Max(1, counts.DefaultIfEmpty().Max()));
    }

    /// <summary>Queries of one text that read keys of another (an encoder's): both packed in the same order.</summary>
    public static SequenceLayout Crossed(int[] queryStarts, int[] keyStarts) => Packed(keyStarts) with { QueryStarts = queryStarts };
}

public static partial class Op
{
    /// <summary>Attention; fused where the backend can, with no score ever stored.</summary>
    /// <param name="q">[T, H·D]</param>
    /// <param name="k">[R, Hkv·D]: the keys of the pass, or a cache in one of <see cref="CacheFormats"/>; only float32
    /// has a gradient.</param>
    /// <param name="v">[R, Hkv·D], in the same format.</param>
    /// <param name="layout">Which rows belong together.</param>
    /// <param name="spec">Heads, mask and scale.</param>
    /// <returns>[T, H·D]</returns>
    public static Tensor Attention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        CheckAttention(q, k, v, layout, spec);
        return q.On.Attention(q, k, v, layout, spec);
    }

    /// <summary>
    /// The same, from smaller ops: the default, the oracle of fused kernels, and the path that hands out the weights.
    /// </summary>
    /// <param name="q">[T, H·D]</param>
    /// <param name="k">[R, Hkv·D], as <see cref="Attention"/> takes it.</param>
    /// <param name="v">[R, Hkv·D], in the same format.</param>
    /// <param name="layout">Which rows belong together.</param>
    /// <param name="spec">Heads, mask and scale.</param>
    /// <param name="weights">Takes the weights [H·T, longest keys]: row h·T + t, key j of its sequence; what is masked
    /// or beyond is 0.</param>
    /// <param name="dropout">What is made of the weights before they meet the values, for training; null: nothing.</param>
    public static Tensor AttentionComposed(
        Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec, Action<Tensor>? weights = null,
        Func<Tensor, Tensor>? dropout = null)
    {
        CheckAttention(q, k, v, layout, spec);
        var w = Softmax(Scores(q, Decoded(k, q.Arena), layout, spec));
        weights?.Invoke(w);
        return WeightedValues(dropout?.Invoke(w) ?? w, Decoded(v, q.Arena), layout, spec);
    }

    /// <summary>A cache as float32, whole: who asks for weights has the time.</summary>
    static Tensor Decoded(Tensor cache, Arena arena) =>
        cache.DType == DType.F32 ? cache : Gather(cache, arena.Ints([.. Enumerable.Range(0, cache.Rows)]));

    /// <summary>scale · q·kᵀ; −∞ where a query does not see a key.</summary>
    static Tensor Scores(Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        var y = q.Arena.New((long)spec.Heads * q.Rows, layout.LongestKeys);
        q.On.AttentionScores(y, q, k, layout, spec);
        return y.Follows(q, k) ? y.Records(ScoresBackward(q, k, layout, spec)) : y;
    }

    static Action<Tensor> ScoresBackward(Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec) => dy =>
        dy.On.AttentionScoresBackward(q.GradOrNull, k.GradOrNull, dy, q, k, layout, spec);

    /// <summary>Σ weight · value.</summary>
    static Tensor WeightedValues(Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var y = w.Arena.New(layout.Queries, (long)spec.Heads * spec.HeadWidth);
        w.On.AttentionValues(y, w, v, layout, spec);
        return y.Follows(w, v) ? y.Records(WeightedValuesBackward(w, v, layout, spec)) : y;
    }

    static Action<Tensor> WeightedValuesBackward(Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec) => dy =>
        dy.On.AttentionValuesBackward(w.GradOrNull, v.GradOrNull, dy, w, v, layout, spec);

    static void CheckAttention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        Check.Floats("attention", q);
        Check.Cache("attention", k);
        Check.Type("attention", v, k.DType);
        var (hasGradients, hasGroups) = (k.NeedsGrad || v.NeedsGrad, spec.KeyValueHeads > 0 && spec.Heads % spec.KeyValueHeads == 0);
        Check.That(k.DType == DType.F32 || !hasGradients, "attention",
            $"a gradient is wanted of keys or values in {k.DType}; only float32 ones have one");
        Check.That(hasGroups, "attention", $"{spec.Heads} query heads are no multiple of {spec.KeyValueHeads} key heads");
        Check.Width("attention", q, (long)spec.Heads * spec.HeadWidth);
        Check.Width("attention", k, (long)spec.KeyValueHeads * spec.HeadWidth);
        Check.Same("attention", k, v);
        layout.Validate();
        Check.Rows("attention", q, layout.Queries);
        for (var s = 0; s < layout.Count; s++)
            for (int b = 0, left = layout.KeyCounts[s]; left > 0; b++, left -= layout.BlockSize)
            {
                var (row, last) = (layout.Blocks[s][b], k.Rows - Math.Min(left, layout.BlockSize));
                Check.That(row >= 0 && row <= last, "attention", $"block {b} of sequence {s} starts at row {row} of k {k.Shape}");
            }
    }
}

public abstract partial class Backend
{
    /// <summary>Attention in one pass over keys and values.</summary>
    public virtual Tensor Attention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec) =>
        Op.AttentionComposed(q, k, v, layout, spec);

    /// <summary>
    /// y[h·T + t, j] = scale · q[t, h]·k[j, h/group], −∞ where t does not see j or j is beyond its sequence.
    /// </summary>
    public abstract void AttentionScores(Tensor y, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec);

    /// <summary>Adds to dq and dk, where they are asked for.</summary>
    public abstract void AttentionScoresBackward(
        Tensor? dq, Tensor? dk, Tensor dy, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec);

    /// <summary>y[t, h] = Σⱼ w[h·T + t, j] · v[j, h/group].</summary>
    public abstract void AttentionValues(Tensor y, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec);

    /// <summary>Adds to dw and dv, where they are asked for.</summary>
    public abstract void AttentionValuesBackward(
        Tensor? dw, Tensor? dv, Tensor dy, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec);
}
