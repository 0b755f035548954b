using Dayu.Tensors;

namespace Dayu.Models;

// What a pass takes from a cache and leaves there.
public sealed partial class Pass
{
    readonly KvCache? cache;
    readonly KvSequence[] sequences;                                 // of the cache; none: the sequences stand alone
    readonly int[] lengths;                                          // [S]: tokens that each held when the pass was made
    readonly Dictionary<object, Tensor> begun = [];                  // by recurrent layer: what it begins with
    readonly List<(object Layer, Tensor State)> carried = [];
    Tensor? slots;                                                   // I32 [T]: the cache rows of this pass's keys and values

    /// <summary>
    /// Sequences that go on from what a cache holds of them; once the pass has succeeded it holds these tokens too,
    /// else what it held before.
    /// </summary>
    /// <param name="arena">Where its activations live, until the owner of the arena resets it.</param>
    /// <param name="cache">What the sequences carry on.</param>
    /// <param name="parts">The next tokens of each sequence.</param>
    public Pass(Arena arena, KvCache cache, params ReadOnlySpan<(KvSequence Sequence, ReadOnlyMemory<int> Ids)> parts)
    {
        (Arena, this.cache, starts) = (arena, cache, new int[parts.Length + 1]);
        (sequences, lengths) = (new KvSequence[parts.Length], new int[parts.Length]);
        for (var s = 0; s < parts.Length; s++)
        {
            (sequences[s], lengths[s]) = (parts[s].Sequence, parts[s].Sequence.Length);
            starts[s + 1] = starts[s] + parts[s].Ids.Length;
        }
        var ids = new int[starts[^1]];
        for (var s = 0; s < parts.Length; s++) parts[s].Ids.Span.CopyTo(ids.AsSpan(starts[s]));
        Ids = arena.Keep(arena.Ints(ids));
    }

    /// <summary>Every check first, then all sequences grow, or none.</summary>
    SequenceLayout Bind()
    {
        CheckRows();
        if (cache is null) return SequenceLayout.Packed(starts);
        CheckSequences(cache);
        try { return Grow(cache); }
        catch
        {
            for (var s = 0; s < sequences.Length; s++) sequences[s].Shorten(Math.Min(sequences[s].Length, lengths[s]));
            throw;
        }
    }

    SequenceLayout Grow(KvCache cache)
    {
        int[] slotRows = new int[Ids.Width], counts = new int[Sequences];
        var blocks = new int[Sequences][];
        for (var s = 0; s < Sequences; s++)
        {
            blocks[s] = sequences[s].Extend(starts[s + 1] - starts[s]);
            counts[s] = sequences[s].Length;
        }
        var bound = new SequenceLayout(starts, counts, blocks, cache.BlockSize);
        for (var s = 0; s < Sequences; s++)
            for (var t = starts[s]; t < starts[s + 1]; t++) slotRows[t] = bound.Row(s, bound.Position(s, t));
        slots = Arena.Keep(Arena.Ints(slotRows));
        return bound;
    }

    void CheckRows()
    {
        foreach (var row in SelectedRows ?? [])
            if ((uint)row >= (uint)Ids.Width)
                throw new ArgumentOutOfRangeException(
                    nameof(SelectedRows), row, $"pass: row {row} is selected, expected 0 … {Ids.Width - 1}");
    }

    void CheckSequences(KvCache cache)
    {
        var needed = 0;
        for (var s = 0; s < Sequences; s++)
        {
            var (sequence, tokens) = (sequences[s], starts[s + 1] - starts[s]);
            if (tokens == 0) throw new ArgumentException($"pass: sequence {s} comes without tokens, expected at least one");
            if (sequence.Cache != cache)
                throw new ArgumentException($"pass: sequence {s} lies in another cache; begin it in the one that is given");
            if (sequences.AsSpan(0, s).Contains(sequence))
                throw new ArgumentException($"pass: sequence {s} comes twice; put its tokens into one part");
            if (sequence.Length != lengths[s])
                throw new InvalidOperationException(
                    $"pass: sequence {s} held {lengths[s]} tokens when the pass was made and holds {sequence.Length} now; "
                    + "run a pass before the next one is made");
            needed = checked(needed + sequence.BlocksFor(tokens));
        }
        if (needed > cache.FreeBlocks)
            throw new InvalidOperationException(
                $"the cache is full: this pass needs {needed} more blocks of {cache.BlockSize} tokens, {cache.FreeBlocks} are free; "
                + "end a sequence, or make the cache larger");
    }

    /// <summary>Puts keys and values into the cache and gives its tables.</summary>
    (Tensor Keys, Tensor Values) Kept(object layer, Tensor k, Tensor v)
    {
        if (k.NeedsGrad || v.NeedsGrad)
            throw new InvalidOperationException("pass: gradients do not reach keys and values in a cache; "
                + "train without one, or pause the tape");
        var (keys, values) = cache!.Of(layer, k.Width);
        Op.Scatter(keys, k, slots!);
        Op.Scatter(values, v, slots!);
        return (keys, values);
    }

    /// <summary>
    /// What each sequence carries on from earlier passes for a recurrent layer: zeros where it begins. A block that is
    /// computed once more gets what it got first.
    /// </summary>
    /// <param name="layer">Who asks.</param>
    /// <param name="width">Values of a state: C for <c>h</c>, 2·C for <c>(h, c)</c>.</param>
    /// <returns>[S, width]; no gradient flows through it.</returns>
    public Tensor State(object layer, int width)
    {
        _ = Layout;
        if (begun.TryGetValue(layer, out var state)) return state;
        begun[layer] = state = Arena.Keep(Arena.New(Sequences, width));
        Arena.On.Fill(state, 0);
        if (cache is null && States?.Of(layer, Rows.Count, width) is { } last)
            for (var s = 0; s < Sequences; s++)
                if (Rows.From[s] is >= 0 and var row)
                    Arena.On.Copy(last.Address + (nint)row * width * sizeof(float),
                        state.WriteAddress + (nint)s * width * sizeof(float), (long)width * sizeof(float));
        for (var s = 0; s < sequences.Length; s++)
            if (sequences[s].State(layer) is { } kept)
                Arena.On.Copy(kept.Address, state.WriteAddress + (nint)s * width * sizeof(float), kept.Bytes);
        return state;
    }

    /// <summary>
    /// What each sequence carries on to the next pass. It counts once this pass has succeeded; without a cache or
    /// <see cref="States"/> it is forgotten.
    /// </summary>
    /// <param name="layer">Who carries it.</param>
    /// <param name="state">[S, width]</param>
    public void Carry(object layer, Tensor state)
    {
        if ((cache is not null || States is not null) && !IsReplaying) carried.Add((layer, Arena.Keep(state)));
    }

    StateRows Rows => field ??= StateRows is not { } said ? Models.StateRows.Each(Sequences)
        : said.From.Length == Sequences && said.To.Length == Sequences ? said
        : throw new ArgumentException($"pass: states of {said.From.Length} and {said.To.Length} sequences, there are {Sequences}");

    /// <summary>All blocks have run: states count from now on.</summary>
    internal void Commit()
    {
        foreach (var (layer, state) in carried)
        {
            if (cache is null) States!.Set(layer, state, Rows);
            for (var s = 0; s < sequences.Length; s++) sequences[s].SetState(layer, state, (long)s * state.Width, state.Width);
        }
        carried.Clear();
    }

    /// <summary>The pass has failed: sequences are as they were.</summary>
    internal void Abandon()
    {
        carried.Clear();
        begun.Clear();
        if (layout is null) return;
        for (var s = 0; s < sequences.Length; s++) sequences[s].Shorten(lengths[s]);
        (layout, slots) = (null, null);
    }
}
