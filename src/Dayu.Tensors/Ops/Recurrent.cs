namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// A recurrent layer over time: for each sequence, step by step, the next state of what comes in and of the state
    /// before. The gradient flows back through all steps of the pass (Werbos 1990), and into the states that they begin
    /// with.
    /// </summary>
    /// <param name="cell">What the gates are and what they do.</param>
    /// <param name="x">[T, G·H]: what comes in, already multiplied onto the G gates, for all steps at once.</param>
    /// <param name="w">[G·H, H]: multiplies the state before onto the gates; any number format.</param>
    /// <param name="b">[G·H], added to that product.</param>
    /// <param name="state">What each sequence begins with: [S, H], or [S, 2·H] where a cell has (h, c).</param>
    /// <param name="starts">[S + 1]: where each sequence begins, and the end.</param>
    /// <returns>h after every step, [T, H], and the states after the last ones, shaped as they came; no gradient flows
    /// back from these.</returns>
    public static (Tensor Y, Tensor Last) Recurrent(RecurrentCell cell, Tensor x, Weight w, Tensor b, Tensor state, int[] starts)
    {
        var of = new RecurrentOf(cell, x, w, b, state, starts);
        of.Validate();
        var (y, last) = (x.Arena.New(x.Rows, of.Hidden), state.Like());
        var records = y.Follows(x, w.Tensor, b) || y.Follows(state);
        var kept = records && cell.Kept > 0 ? x.Arena.New(x.Rows, cell.Kept * of.Hidden) : null;
        x.On.Recurrent(y, last, kept, of);
        return (records ? y.Records(RecurrentBackward(y, kept, of)) : y, last);
    }

    static Action<Tensor> RecurrentBackward(Tensor y, Tensor? kept, RecurrentOf of) => dy =>
    {
        var dgates = of.X.Like();                                    // [T, G·H]
        dy.On.RecurrentBackward(of.X.GradOrNull, dgates, of.State.GradOrNull, dy, y, kept, of);
        if (of.B.NeedsGrad) dy.On.Accumulate(of.B.Grad, dgates);
        if (of.W.NeedsGrad) dy.On.MatMulDw(of.W.Tensor.Grad, dgates, Before(y, of));
    };

    /// <summary>h before every step, [T, H]: the row above, and the state where a sequence begins.</summary>
    static Tensor Before(Tensor y, in RecurrentOf of)
    {
        var (on, arena, starts, h) = (y.On, y.Arena, of.Starts, y.Like());
        on.Gather(h, y, arena.Ints([.. Enumerable.Range(-1, y.Rows).Select(row => Math.Max(0, row))]));
        int[] begun = [.. Enumerable.Range(0, starts.Length - 1).Where(s => starts[s] < starts[s + 1])];
        var (states, first) = (arena.New(of.State.Rows, of.Hidden), arena.New(begun.Length, of.Hidden));
        on.CopyColumns(states, 0, of.State, 0, of.Hidden);
        on.Gather(first, states, arena.Ints(begun));
        on.Scatter(h, first, arena.Ints([.. begun.Select(s => starts[s])]));
        return h;
    }
}

/// <summary>
/// A kind of recurrent layer. In the formulas a is what comes in and b = w·h + bias, of one gate each, in the order in
/// which the gates are named (PyTorch's).
/// </summary>
public enum RecurrentCell
{
    /// <summary>h ← tanh(a + b). Elman 1990.</summary>
    Rnn,

    /// <summary>
    /// i, f, g, o: c ← σ(f)·c + σ(i)·tanh(g), h ← σ(o)·tanh(c), each gate a + b. Hochreiter &amp; Schmidhuber 1997; the
    /// forget gate f: Gers et al. 2000.
    /// </summary>
    Lstm,

    /// <summary>
    /// r, z, n: h ← (1 − z)·n + z·h with r, z = σ(a + b) and n = tanh(a + r·b). Cho et al. 2014, arXiv:1406.1078; r
    /// after the product, as PyTorch and cuDNN have it.
    /// </summary>
    Gru,
}

/// <summary>Sizes of a cell.</summary>
public static class RecurrentCells
{
    extension(RecurrentCell cell)
    {
        /// <summary>Gates, G.</summary>
        public int Gates => cell switch { RecurrentCell.Lstm => 4, RecurrentCell.Gru => 3, _ => 1 };

        /// <summary>Vectors of a state: h, or (h, c).</summary>
        public int States => cell == RecurrentCell.Lstm ? 2 : 1;

        /// <summary>
        /// Vectors of every step that the backward pass wants besides h: the four gates and c; r, z, n and b of n.
        /// </summary>
        public int Kept => cell switch { RecurrentCell.Lstm => 5, RecurrentCell.Gru => 4, _ => 0 };
    }
}

/// <summary>What a recurrent layer is computed of; see <see cref="Op.Recurrent"/>.</summary>
/// <param name="Cell">Its kind.</param>
/// <param name="X">[T, G·H]</param>
/// <param name="W">[G·H, H]</param>
/// <param name="B">[G·H]</param>
/// <param name="State">[S, H] or [S, 2·H]</param>
/// <param name="Starts">[S + 1]</param>
public readonly record struct RecurrentOf(RecurrentCell Cell, Tensor X, Weight W, Tensor B, Tensor State, int[] Starts)
{
    /// <summary>Values of h, H.</summary>
    public int Hidden => W.In;

    internal void Validate()
    {
        var name = Cell switch { RecurrentCell.Lstm => "lstm", RecurrentCell.Gru => "gru", _ => "rnn" };
        Check.Floats(name, X, B, State);
        Check.That(W.Out == Cell.Gates * W.In, name, $"w is {W.Tensor.Shape}, expected {Cell.Gates} gates of {W.In} rows");
        Check.Width(name, X, W.Out);
        Check.Vector(name, B, W.Out);
        Check.Width(name, State, Cell.States * Hidden);
        var (starts, rows) = (Starts, X.Rows);
        var isWhole = starts.Length > 0 && starts[0] == 0 && starts[^1] == rows;
        for (var s = 1; s < starts.Length; s++) isWhole &= starts[s - 1] <= starts[s];
        Check.That(isWhole, name, $"sequences start at {string.Join(", ", starts)}, expected 0 … {rows}, ascending");
        Check.Rows(name, State, starts.Length - 1);
    }
}

public abstract partial class Backend
{
    /// <summary>
    /// Writes h after every step to y [T, H] and the states after the last ones to last; where there is
    /// <paramref name="kept"/> [T, K·H], what the backward pass wants (<see cref="RecurrentCells"/>) as well.
    /// </summary>
    public abstract void Recurrent(Tensor y, Tensor last, Tensor? kept, in RecurrentOf of);

    /// <summary>
    /// Writes the gradient of w·h + b to dgates [T, G·H]; adds to dx (the same but for GRU's n) and dstate, where they
    /// are asked for.
    /// </summary>
    public abstract void RecurrentBackward(
        Tensor? dx, Tensor dgates, Tensor? dstate, Tensor dy, Tensor y, Tensor? kept, in RecurrentOf of);
}
