using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// One forward pass: packed tokens [T] of one or more sequences, where each stands in its sequence, what the sequences carry on from earlier passes,
/// and what is wanted of it. Everything a pass needs travels in here; nothing is ambient.
/// </summary>
public sealed class Pass
{
    readonly KvCache? cache;
    readonly Tensor? slots;                                          // I32 [T]: the cache rows of this pass's keys and values
    readonly Dictionary<RopeSpec, Tensor> angles = [];

    /// <summary>Sequences that stand alone: training, scoring.</summary>
    /// <param name="arena">Where its activations live; reset here, so results of the arena's last pass are gone.</param>
    /// <param name="ids">Token ids of all sequences, one after another.</param>
    /// <param name="starts">[S + 1]: where each sequence begins, and the end; none: one sequence.</param>
    public Pass(Arena arena, ReadOnlySpan<int> ids, params int[] starts)
    {
        if (starts.Length == 0) starts = [0, ids.Length];
        arena.Reset();
        (Arena, Layout) = (arena, SequenceLayout.Packed(starts));
        (Ids, Positions) = (arena.Ints(ids), arena.Keep(arena.Ints(PositionsIn(Layout))));
    }

    /// <summary>Sequences that go on from what a cache holds of them; afterwards it holds these tokens too.</summary>
    /// <param name="arena">Where its activations live; reset here.</param>
    /// <param name="cache">Keys and values so far.</param>
    /// <param name="parts">The next tokens of each sequence.</param>
    public Pass(Arena arena, KvCache cache, params ReadOnlySpan<(KvSequence Sequence, ReadOnlyMemory<int> Ids)> parts)
    {
        arena.Reset();
        this.cache = cache;
        var starts = new int[parts.Length + 1];
        for (var s = 0; s < parts.Length; s++) starts[s + 1] = starts[s] + parts[s].Ids.Length;
        int[] ids = new int[starts[^1]], rows = new int[starts[^1]], counts = new int[parts.Length];
        var blocks = new int[parts.Length][];
        for (var s = 0; s < parts.Length; s++)
        {
            var (sequence, next) = parts[s];
            next.Span.CopyTo(ids.AsSpan(starts[s]));
            blocks[s] = sequence.Extend(next.Length, rows.AsSpan(starts[s], next.Length));
            counts[s] = sequence.Length;
        }
        (Arena, Layout) = (arena, new(starts, counts, blocks, cache.BlockSize));
        (Ids, Positions, slots) = (arena.Ints(ids), arena.Keep(arena.Ints(PositionsIn(Layout))), arena.Keep(arena.Ints(rows)));
    }

    /// <summary>Owner of the activations.</summary>
    public Arena Arena { get; }

    /// <summary>Token ids, I32 [T].</summary>
    public Tensor Ids { get; }

    /// <summary>Where each token stands in its sequence, from 0; I32 [T].</summary>
    public Tensor Positions { get; }

    /// <summary>Which sentence of a pair each token is of (<c>token_type_ids</c>), I32 [T]; the first, where nothing else was said.</summary>
    public Tensor TokenTypeIds => field ??= Arena.Keep(Arena.Ints(TokenTypes ?? new int[Ids.Width]));

    /// <summary>[T]: 0 for tokens of the first sentence, 1 for the second; null: there is one sentence.</summary>
    public int[]? TokenTypes { get; init; }

    /// <summary>Which tokens and keys belong together.</summary>
    public SequenceLayout Layout { get; }

    /// <summary>The rows whose results are wanted; null: the last of each sequence.</summary>
    public int[]? SelectedRows { get; init; }

    /// <summary>Looks inside; null: nothing is handed out and nothing costs.</summary>
    public Probe? Probe { get; init; }

    /// <summary>Every position is wanted: for training and scoring.</summary>
    public static int[] Every(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>The wanted rows of x: a head never multiplies what nobody reads.</summary>
    /// <param name="x">[T, C]</param>
    /// <returns>[W, C]</returns>
    public Tensor Select(Tensor x)
    {
        var rows = SelectedRows ?? LastOfEach();
        return rows.Length == x.Rows ? x : Op.Gather(x, Arena.Ints(rows));
    }

    /// <summary>The rows of x that begin a sequence.</summary>
    /// <param name="x">[T, C]</param>
    /// <returns>[S, C]</returns>
    public Tensor FirstOfEach(Tensor x) => Op.Gather(x, Arena.Ints(Layout.QueryStarts.AsSpan(0, Layout.Count)));

    int[] LastOfEach()
    {
        var rows = new int[Layout.Count];
        for (var s = 0; s < rows.Length; s++) rows[s] = Layout.QueryStarts[s + 1] - 1;
        return rows;
    }

    /// <summary>Turns queries or keys by their positions; the angles are computed once a pass.</summary>
    /// <param name="x">[T, H·D]</param>
    /// <param name="spec">Frequencies and pairing.</param>
    public Tensor Rope(Tensor x, RopeSpec spec)
    {
        if (!angles.TryGetValue(spec, out var a)) angles[spec] = a = Arena.Keep(Op.RopeAngles(Positions, spec));
        return Op.Rope(x, a, spec);
    }

    /// <summary>Attention of a layer: over the cache where there is one (this pass's keys and values are put there first), else over the pass itself.</summary>
    /// <param name="layer">Who asks: the cache keeps a part for each.</param>
    /// <param name="q">[T, H·D]</param>
    /// <param name="k">[T, Hkv·D]</param>
    /// <param name="v">[T, Hkv·D]</param>
    /// <param name="spec">Heads and mask.</param>
    /// <returns>[T, H·D]</returns>
    public Tensor Attend(object layer, Tensor q, Tensor k, Tensor v, AttentionSpec spec)
    {
        if (cache is not null)
        {
            var (keys, values) = cache.Of(layer, k.Width);
            Op.Scatter(keys, k, slots!);
            Op.Scatter(values, v, slots!);
            (k, v) = (keys, values);
        }
        return Probe is null ? Op.Attention(q, k, v, Layout, spec)
            : Op.AttentionComposed(q, k, v, Layout, spec, w => Probe.Take(layer, w, Layout, spec));
    }

    static int[] PositionsIn(SequenceLayout layout)
    {
        var positions = new int[layout.Queries];
        for (var s = 0; s < layout.Count; s++)
            for (var t = layout.QueryStarts[s]; t < layout.QueryStarts[s + 1]; t++) positions[t] = layout.Position(s, t);
        return positions;
    }
}
