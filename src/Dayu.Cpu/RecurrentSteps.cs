using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// The sequences of a pass, the longest first: those that have a step t are the first <see cref="Active"/>, so that
/// their rows lie together at every step.
/// </summary>
internal sealed class StepOrder
{
    readonly int[] starts, order, active;

    /// <param name="starts">[S + 1]</param>
    public StepOrder(int[] starts)
    {
        this.starts = starts;
        order = new int[starts.Length - 1];
        for (var s = 0; s < order.Length; s++) order[s] = s;
        Array.Sort(Array.ConvertAll(order, s => (starts[s] - starts[s + 1], s)), order);
        active = new int[order.Length == 0 ? 1 : starts[order[0] + 1] - starts[order[0]] + 1];
        foreach (var s in order)
            for (var t = 0; t < starts[s + 1] - starts[s]; t++) active[t]++;
    }

    /// <summary>Steps of the longest sequence.</summary>
    public int Steps => active.Length - 1;

    /// <summary>Sequences that have a step t; 0 beyond the longest.</summary>
    public int Active(int t) => active[t];

    /// <summary>The sequence of that rank.</summary>
    public int Sequence(int rank) => order[rank];

    /// <summary>The row of step t of the sequence of that rank.</summary>
    public int Row(int rank, int t) => starts[order[rank]] + t;
}

/// <summary>
/// One step forward. A chunk is 32 units: their products for all gates and sequences, the cell, and their part of the
/// next step's operand. So a step has one barrier. Step −1 packs the states that sequences begin with.
/// </summary>
internal readonly unsafe struct ForwardStep<TCell>(
    StepOrder order, GatePanels panels, nint panelBytes, StepTiles now, StepTiles next, float* room,
    float* x, float* bias, float* state, float* y, float* kept, int hidden, int sequences) : IJob where TCell : struct, ICell
{
    public int Step { get; init; }

    public void Run(int block)
    {
        int gates = TCell.Cell.Gates, unit = block * StepTiles.Columns, units = Math.Min(StepTiles.Columns, hidden - unit);
        var stride = (nint)sequences * StepTiles.Columns;            // from one gate's products [S, 32] to the next's
        var products = room + block * (gates + 1) * stride;
        var h = products + gates * stride;                           // [S, 32]
        if (Step >= 0)
            for (var g = 0; g < gates; g++)
                now.Multiply(panels[g] + block * panelBytes, order.Active(Step), products + g * stride, accumulate: false);
        for (var i = 0; i < (Step < 0 ? order.Active(0) : order.Active(Step)); i++)
            for (var u = 0; u < units; u += 16)
                Units(i, unit + u, units - u, products + i * StepTiles.Columns + u, stride, h + i * StepTiles.Columns + u);
        next.Pack(unit, h, order.Active(Step + 1));
    }

    void Units(int rank, int unit, int n, float* products, nint stride, float* h)
    {
        var own = state + (nint)order.Sequence(rank) * TCell.Cell.States * hidden + unit;
        var v = Load(own, n);
        if (Step >= 0)
        {
            nint row = order.Row(rank, Step), width = hidden;
            var keep = kept == null ? null : kept + row * TCell.Cell.Kept * width + unit;
            v = TCell.Forward(new(x + row * TCell.Cell.Gates * width + unit, bias + unit, products, stride, own, keep, width, n));
            Store(v, own, n);
            Store(v, y + row * width + unit, n);
        }
        v.Store(h);
    }
}

/// <summary>
/// One step backward. A chunk is 32 units: what flows back to their h from all gates of the step after, the cell's
/// gradients, and their part of the next operands. Step −1 adds to the gradient of the states that sequences begin
/// with.
/// </summary>
internal readonly unsafe struct BackwardStep<TCell>(
    StepOrder order, GatePanels panels, nint panelBytes, GateTiles now, GateTiles next, float* room, float* carries,
    float* dx, float* dgates, float* dstate, float* dy, float* y, float* kept, float* state, int hidden, int sequences) : IJob
    where TCell : struct, ICell
{
    public int Step { get; init; }

    public void Run(int block)
    {
        int gates = TCell.Cell.Gates, unit = block * StepTiles.Columns, units = Math.Min(StepTiles.Columns, hidden - unit);
        var stride = (nint)sequences * StepTiles.Columns;
        var gradients = room + block * (gates + 1) * stride;         // [gate][S][32]
        var back = gradients + gates * stride;                       // [S, 32]
        var (after, active) = (order.Active(Step + 1), order.Active(Math.Max(0, Step)));
        for (var g = 0; g < gates && after > 0; g++) now[g].Multiply(panels[g] + block * panelBytes, after, back, accumulate: g > 0);
        for (var i = 0; i < active; i++)
            for (var u = 0; u < units; u += 16)
            {
                var at = i * StepTiles.Columns + u;
                var dh = i < after ? Vector512.Load(back + at) : V.Zero;
                if (Step < 0) State(i, unit + u, units - u, dh);
                else Units(i, unit + u, units - u, dh, gradients + at, stride);
            }
        for (var g = 0; g < gates && Step >= 0; g++) next[g].Pack(unit, gradients + g * stride, active);
    }

    void Units(int rank, int unit, int n, V dh, float* gradients, nint stride)
    {
        RecurrentCell cell = TCell.Cell;
        nint row = order.Row(rank, Step), width = hidden, at = row * width + unit, gate = row * cell.Gates * width + unit;
        float* first = state + (nint)order.Sequence(rank) * cell.States * width + unit, own = kept + row * cell.Kept * width + unit;
        float* h0 = Step == 0 ? first : y + at - width, c0 = Step == 0 ? first + width : own + (4 - cell.Kept) * width;
        var carried = carries + (nint)rank * width + unit;
        var carry = Load(carried, n);
        dh += Load(dy + at, n);
        if (cell.States == 1) dh += carry;
        carry = TCell.Backward(dh, new(y + at, h0, c0, own, carry, dx == null ? null : dx + gate, gradients, stride, width, n));
        Store(carry, carried, n);
        for (var g = 0; g < cell.Gates; g++) Store(Vector512.Load(gradients + g * stride), dgates + gate + g * width, n);
    }

    void State(int rank, int unit, int n, V dh)
    {
        var carry = Load(carries + (nint)rank * hidden + unit, n);
        var to = dstate + (nint)order.Sequence(rank) * TCell.Cell.States * hidden + unit;
        if (TCell.Cell.States == 1) dh += carry;
        else Store(Load(to + hidden, n) + carry, to + hidden, n);
        Store(Load(to, n) + dh, to, n);
    }
}

/// <summary>The gradients of all gates as operands, gate after gate.</summary>
internal readonly unsafe struct GateTiles(MicroKernel kernel, int depth, byte* data, nint gateBytes)
{
    public StepTiles this[int gate] => new(kernel, depth, data + gate * gateBytes);
}
