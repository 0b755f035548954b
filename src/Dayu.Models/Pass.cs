using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// One forward pass: packed tokens [T] of one or more sequences, where each stands in its sequence, what the sequences
/// carry on from earlier passes, and what is wanted of it. Everything a pass needs travels in here; nothing is ambient.
/// It binds an arena, which its owner resets: several passes (an encoder's and a decoder's) may share one.
/// </summary>
public sealed partial class Pass
{
    readonly int[] starts;                                           // [S + 1]
    readonly Dictionary<RopeSpec, Tensor> angles = [];
    SequenceLayout? layout;

    /// <summary>Sequences that stand alone: training, scoring.</summary>
    /// <param name="arena">Where its activations live, until the owner of the arena resets it.</param>
    /// <param name="ids">Token ids of all sequences, one after another.</param>
    /// <param name="starts">[S + 1]: where each sequence begins, and the end; none: one sequence.</param>
    public Pass(Arena arena, ReadOnlySpan<int> ids, params int[] starts)
    {
        (Arena, this.starts, sequences) = (arena, starts.Length == 0 ? [0, ids.Length] : starts, []);
        lengths = new int[this.starts.Length - 1];
        Ids = arena.Keep(arena.Ints(ids));
    }

    /// <summary>Owner of the activations.</summary>
    public Arena Arena { get; }

    /// <summary>Token ids, I32 [T].</summary>
    public Tensor Ids { get; }

    /// <summary>Where each token stands in its sequence, from 0; I32 [T].</summary>
    public Tensor Positions => field ??= Arena.Keep(Arena.Ints(PositionsInSequences()));

    /// <summary>
    /// Which part of a text each token is of (<c>token_type_ids</c>), I32 [T]; part 0, where nothing else was said.
    /// </summary>
    public Tensor TokenTypeIds => field ??= Arena.Keep(Arena.Ints(TokenTypes ?? new int[Ids.Width]));

    /// <summary>[T]: 0 for tokens of a pair's first sentence, 1 for the second; null: there is one sentence.</summary>
    public int[]? TokenTypes { get; init; }

    /// <summary>
    /// Which tokens and keys belong together. Sequences of a cache grow when this is first asked for: the first layer's
    /// attention does.
    /// </summary>
    /// <exception cref="InvalidOperationException">The cache is full, or a sequence has changed since the pass was
    /// made; no sequence has grown.</exception>
    /// <exception cref="ArgumentException">A sequence comes twice or without tokens, or lies in another cache; a
    /// selected row is none of the pass's.</exception>
    public SequenceLayout Layout => layout ??= Bind();

    /// <summary>Number of sequences, S.</summary>
    public int Sequences => starts.Length - 1;

    /// <summary>The rows whose hidden states, and so logits, are computed; null: the last of each sequence.</summary>
    public int[]? SelectedRows { get; init; }

    /// <summary>Looks inside; null: nothing is handed out and nothing costs.</summary>
    public Probe? Probe { get; init; }

    /// <summary>Seed and step of dropout; null: nothing is dropped.</summary>
    public DropoutSeed? Dropout { get; init; }

    /// <summary>Whether blocks keep only their input for the backward pass and compute the rest again: less memory, a
    /// third more time, the same bits. Chen et al. 2016, arXiv:1604.06174.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>
    /// What recurrent layers go on from and leave behind, where there is no cache; null: sequences begin anew, and
    /// their last states are forgotten.
    /// </summary>
    public RecurrentStates? States { get; init; }

    /// <summary>Which of those each sequence goes on from and leaves its own as; null: the one in its place.</summary>
    public StateRows? StateRows { get; init; }

    /// <summary>
    /// A block is computed once more for the backward pass: what it tells or leaves behind, it has told and left
    /// before.
    /// </summary>
    internal bool IsReplaying { get; set; }

    /// <summary>Every row is selected: for training and scoring.</summary>
    public static int[] Every(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>The selected rows of x: neither a norm nor a head computes what nobody reads.</summary>
    /// <param name="x">[T, C]</param>
    /// <returns>[R, C]</returns>
    public Tensor Select(Tensor x)
    {
        var rows = SelectedRows ?? LastOfEach();
        return rows.Length == x.Rows ? x : Op.Gather(x, Arena.Ints(rows));
    }

    /// <summary>The rows of x that begin a sequence.</summary>
    /// <param name="x">[T, C]</param>
    /// <returns>[S, C]</returns>
    public Tensor FirstOfEach(Tensor x) => Op.Gather(x, Arena.Ints(starts.AsSpan(0, Sequences)));

    int[] LastOfEach() => Array.ConvertAll(starts[1..], end => end - 1);

    /// <summary>Rotates queries or keys by their positions; the angles are computed once a pass.</summary>
    /// <param name="x">[T, H·D]</param>
    /// <param name="spec">Frequencies and pairing.</param>
    public Tensor Rope(Tensor x, RopeSpec spec)
    {
        if (!angles.TryGetValue(spec, out var a)) angles[spec] = a = Arena.Keep(Op.RopeAngles(Positions, spec));
        return Op.Rope(x, a, spec);
    }

    /// <summary>
    /// Attention of a layer: over the cache where there is one (this pass's keys and values are put there first), else
    /// over the pass itself.
    /// </summary>
    /// <param name="layer">Who asks: the cache keeps a part for each.</param>
    /// <param name="q">[T, H·D]</param>
    /// <param name="k">[T, Hkv·D]</param>
    /// <param name="v">[T, Hkv·D]</param>
    /// <param name="spec">Heads and mask.</param>
    /// <param name="dropout">Of the weights, where the pass drops; null: none.</param>
    /// <returns>[T, H·D]</returns>
    /// <exception cref="InvalidOperationException">There is a cache, and gradients are recorded: they do not reach what
    /// was kept.</exception>
    public Tensor Attend(object layer, Tensor q, Tensor k, Tensor v, AttentionSpec spec, Dropout? dropout = null)
    {
        var bound = Layout;
        if (cache is not null) (k, v) = Kept(layer, k, v);
        if (dropout is not null && Dropout is not null)
            return Op.AttentionComposed(q, k, v, bound, spec, dropout: w => dropout.Forward(w, this));
        var isWatched = Probe is { TakesAttention: true } && !IsReplaying;
        return isWatched ? Probe!.Attend(layer, q, k, v, bound, spec) : Op.Attention(q, k, v, bound, spec);
    }

    int[] PositionsInSequences()
    {
        var positions = new int[Ids.Width];
        for (var s = 0; s < Sequences; s++)
            for (var t = starts[s]; t < starts[s + 1]; t++) positions[t] = lengths[s] + t - starts[s];
        return positions;
    }
}
