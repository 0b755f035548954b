using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// What recurrent layers hand from one pass to the next where there is no cache: a long text is trained on in chunks,
/// each going on from the states after the last, through which no gradient flows back (truncated back-propagation
/// through time, Williams &amp; Peng 1990). Passes share one by <see cref="Pass.States"/>; sequences are in the same
/// order in each.
/// </summary>
/// <param name="on">Where it lies.</param>
public sealed class RecurrentStates(Backend on) : IDisposable
{
    readonly Arena arena = new(on);
    readonly Dictionary<object, Tensor> states = [];                 // [S, width], by layer

    /// <summary>
    /// The states after the last pass, by layers in the order in which they ran: [S, H], or [S, 2·H]: h and c.
    /// </summary>
    public IReadOnlyCollection<Tensor> All => states.Values;

    /// <summary>Sequences begin anew.</summary>
    public void Clear()
    {
        states.Clear();
        arena.Reset();
    }

    /// <summary>What a layer goes on from; null: sequences begin.</summary>
    internal Tensor? Of(object layer, int sequences, int width)
    {
        if (!states.TryGetValue(layer, out var state)) return null;
        if (state.Shape != new Shape(sequences, width))
            throw new ArgumentException($"states of {state.Rows} sequences × {state.Width} are carried on, the pass has "
                + $"{sequences} × {width}; keep the sequences and the model, or clear the states");
        return state;
    }

    internal void Set(object layer, Tensor state)
    {
        if (!states.TryGetValue(layer, out var own)) states[layer] = own = arena.New(state.Shape);
        own.On.Copy(state.Address, own.WriteAddress, state.Bytes);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => arena.Dispose();
}
