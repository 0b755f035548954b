using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// What recurrent layers hand from one pass to the next where there is no cache: a long text is trained on in chunks,
/// each going on from the states after the last, through which no gradient flows back (truncated back-propagation
/// through time, Williams &amp; Peng 1990). Passes share one by <see cref="Pass.States"/>; which sequence goes on from
/// which state is said by <see cref="Pass.StateRows"/>.
/// </summary>
/// <param name="on">Where it lies.</param>
public sealed class RecurrentStates(Backend on) : IDisposable
{
    readonly Arena arena = new(on);
    readonly List<Tensor> states = [];                               // [S, width], by layers in the order in which they ran
    readonly Dictionary<object, int> places = [];                    // of layers in that list

    /// <summary>
    /// The states after the last pass, by layers in the order in which they ran: [S, H], or [S, 2·H]: h and c.
    /// </summary>
    public IReadOnlyList<Tensor> All => states;

    /// <summary>Sequences begin anew.</summary>
    public void Clear()
    {
        states.Clear();
        places.Clear();
        arena.Reset();
    }

    /// <summary>Takes over the states of others, of the same layers.</summary>
    public void CopyFrom(RecurrentStates other)
    {
        if (states.Count != other.states.Count || states.Zip(other.states).Any(s => s.First.Shape != s.Second.Shape))
            Restore(other.states);
        else
            for (var i = 0; i < states.Count; i++) on.Copy(other.states[i].Address, states[i].WriteAddress, states[i].Bytes);
        places.Clear();
        foreach (var (layer, place) in other.places) places[layer] = place;
    }

    /// <summary>States that were kept elsewhere: layers take them in the order in which they run.</summary>
    /// <param name="kept">What <see cref="All"/> was.</param>
    public void Restore(IEnumerable<Tensor> kept)
    {
        Clear();
        foreach (var state in kept)
        {
            states.Add(arena.New(state.Shape));
            on.Copy(state.Address, states[^1].WriteAddress, state.Bytes);
        }
    }

    /// <summary>What a layer goes on from; null: all sequences begin.</summary>
    internal Tensor? Of(object layer, int rows, int width)
    {
        if (!places.TryGetValue(layer, out var place)) places[layer] = place = places.Count;
        if (place >= states.Count) return null;
        var state = states[place];
        if (state.Shape != new Shape(rows, width))
            throw new ArgumentException($"states of {state.Rows} sequences × {state.Width} are carried on, the pass has "
                + $"{rows} × {width}; keep the sequences and the model, or clear the states");
        return state;
    }

    /// <summary>Takes the last states of a pass's sequences.</summary>
    internal void Set(object layer, Tensor state, StateRows rows)
    {
        var place = places[layer];
        if (place == states.Count)
        {
            states.Add(arena.New(rows.Count, state.Width));
            on.Fill(states[place], 0);
        }
        var (own, bytes) = (states[place], (long)state.Width * sizeof(float));
        for (var s = 0; s < rows.To.Length; s++)
            if (rows.To[s] is >= 0 and var row)
                on.Copy(state.Address + (nint)(s * bytes), own.WriteAddress + (nint)(row * bytes), bytes);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => arena.Dispose();
}

/// <summary>Which states the sequences of a pass go on from, and where they leave their own.</summary>
/// <param name="Count">States that are carried on, of all passes.</param>
/// <param name="From">[S]: for each sequence a state, 0 … Count − 1; −1: it begins anew.</param>
/// <param name="To">[S]: likewise, each at most once; −1: what it read has ended, its last state is forgotten.</param>
public sealed record StateRows(int Count, int[] From, int[] To)
{
    /// <summary>Every sequence goes on where the one in its place ended.</summary>
    public static StateRows Each(int sequences)
    {
        int[] rows = [.. Enumerable.Range(0, sequences)];
        return new(sequences, rows, rows);
    }
}
