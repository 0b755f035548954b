using Dayu.Tensors;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Recurrent(Tensor y, Tensor last, Tensor? kept, in RecurrentOf of)
    {
        switch (of.Cell)
        {
            case RecurrentCell.Rnn: Forward<RnnCell>(y, last, kept, of); break;
            case RecurrentCell.Lstm: Forward<LstmCell>(y, last, kept, of); break;
            case RecurrentCell.Gru: Forward<GruCell>(y, last, kept, of); break;
        }
    }

    /// <inheritdoc/>
    public override void RecurrentBackward(
        Tensor? dx, Tensor dgates, Tensor? dstate, Tensor dy, Tensor y, Tensor? kept, in RecurrentOf of)
    {
        switch (of.Cell)
        {
            case RecurrentCell.Rnn: Backward<RnnCell>(dx, dgates, dstate, dy, y, kept, of); break;
            case RecurrentCell.Lstm: Backward<LstmCell>(dx, dgates, dstate, dy, y, kept, of); break;
            case RecurrentCell.Gru: Backward<GruCell>(dx, dgates, dstate, dy, y, kept, of); break;
        }
    }

    void Forward<TCell>(Tensor y, Tensor last, Tensor? kept, in RecurrentOf of) where TCell : struct, ICell
    {
        Copy(of.State.Address, last.WriteAddress, of.State.Bytes);
        var (order, packed, hidden, sequences) = (new StepOrder(of.Starts), Gates(of), of.Hidden, last.Rows);
        if (order.Steps == 0) return;
        var kernel = KernelFor(packed.Format, sequences);
        nint tileBytes = StepTiles.Bytes(kernel, sequences, hidden), panelBytes = kernel.Steps(hidden) * kernel.StepBytes;
        var (tiles, room) = (machine.Scratch.Rent(2 * tileBytes), Room(of, sequences));
        for (var t = -1; t < order.Steps; t++)
        {
            StepTiles even = new(kernel, hidden, tiles.Pointer), odd = new(kernel, hidden, tiles.Pointer + tileBytes);
            var (now, next) = t % 2 == 0 ? (even, odd) : (odd, even);
            var step = new ForwardStep<TCell>(order, packed.Panels, panelBytes, now, next, (float*)room.Pointer,
                Floats(of.X), Floats(of.B), Out(last), Out(y), OutOrNull(kept), hidden, sequences) { Step = t };
            Run(step, Blocks(hidden), (long)order.Active(Math.Max(0, t)) * of.W.Out * hidden);
        }
        machine.Scratch.Return(tiles);
        machine.Scratch.Return(room);
    }

    void Backward<TCell>(Tensor? dx, Tensor dgates, Tensor? dstate, Tensor dy, Tensor y, Tensor? kept, in RecurrentOf of)
        where TCell : struct, ICell
    {
        var (order, hidden, sequences, gates) = (new StepOrder(of.Starts), of.Hidden, of.State.Rows, TCell.Cell.Gates);
        var rounds = bf16 && of.W.Tensor.DType == DType.F32 && machine.MultipliesBFloat16;
        var kernel = KernelFor(rounds ? PanelFormat.BF16 : PanelFormat.F32, sequences);
        nint tileBytes = StepTiles.Bytes(kernel, sequences, hidden), panelBytes = kernel.Steps(hidden) * kernel.StepBytes;
        var gateBytes = Blocks(hidden) * panelBytes;
        var (panels, tiles) = (machine.Scratch.Rent(gates * gateBytes), machine.Scratch.Rent(2 * gates * tileBytes));
        var (room, carries) = (Room(of, sequences), machine.Scratch.Rent((nint)sizeof(float) * sequences * hidden));
        PackTransposed(of.W, gates, panels.Pointer, gateBytes, rounds);
        new Span<float>(carries.Pointer, sequences * hidden).Clear();
        for (var t = order.Steps - 1; t >= (dstate is null ? 0 : -1); t--)
        {
            GateTiles even = new(kernel, hidden, tiles.Pointer, tileBytes),
                      odd = new(kernel, hidden, tiles.Pointer + gates * tileBytes, tileBytes);
            var (now, next) = t % 2 == 0 ? (even, odd) : (odd, even);
            var step = new BackwardStep<TCell>(order, new(panels.Pointer, gateBytes), panelBytes, now, next, (float*)room.Pointer,
                (float*)carries.Pointer, OutOrNull(dx), Out(dgates), OutOrNull(dstate), Floats(dy), Floats(y),
                kept is null ? null : Floats(kept), Floats(of.State), hidden, sequences) { Step = t };
            Run(step, Blocks(hidden), (long)order.Active(t + 1) * of.W.Out * hidden);
        }
        foreach (var buffer in (ReadOnlySpan<NativeBuffer>)[panels, tiles, room, carries]) machine.Scratch.Return(buffer);
    }

    /// <summary>Blocks of 32 units.</summary>
    static int Blocks(int hidden) => (hidden + StepTiles.Columns - 1) / StepTiles.Columns;

    /// <summary>For each block of units [S, 32] of every gate, and one more.</summary>
    NativeBuffer Room(in RecurrentOf of, int sequences) => machine.Scratch.Rent(
        (nint)sizeof(float) * Blocks(of.Hidden) * (of.Cell.Gates + 1) * sequences * StepTiles.Columns);

    MicroKernel KernelFor(PanelFormat format, int rows)
    {
        var kernel = machine[format];
        return rows <= kernel.FewRows ? kernel.Few ?? kernel : kernel;
    }

    /// <summary>The matrix by gates, packed once as long as it is not written to.</summary>
    PackedGates Gates(in RecurrentOf of)
    {
        if (of.W.Packed is PackedGates ready) return ready;
        lock (packing)
        {
            if (of.W.Packed is PackedGates made) return made;
            var version = of.W.Tensor.Version;
            var (rows, decoded) = Decoded(of.W);
            var packed = new PackedGates(machine, (float*)rows, of.Cell.Gates, of.Hidden, bf16 && decoded is null);
            if (decoded is not null) machine.Scratch.Return(decoded);
            of.W.Keep(packed, version);
            return packed;
        }
    }

    /// <summary>Panels of each gate's matrix transposed: 32 units of h before, from H units of the gate.</summary>
    void PackTransposed(Weight w, int gates, byte* panels, nint gateBytes, bool rounds)
    {
        var (rows, decoded) = Decoded(w);
        for (var g = 0; g < gates; g++)
        {
            var from = new Strided((float*)rows + (nint)g * w.In * w.In, 1, w.In);
            var to = panels + g * gateBytes;
            var pairs = new TileJob<OfPairs>(from, w.In, w.In, to, StepTiles.Columns, padded: true);
            var floats = new TileJob<OfFloats>(from, w.In, w.In, to, StepTiles.Columns, padded: true);
            if (rounds) machine.Workers.Run(pairs, pairs.Chunks);
            else machine.Workers.Run(floats, floats.Chunks);
        }
        if (decoded is not null) machine.Scratch.Return(decoded);
    }

    /// <summary>The numbers of a weight, and the buffer that they were decoded to where they are not float32.</summary>
    (nint Rows, NativeBuffer? Decoded) Decoded(Weight w)
    {
        if (w.Tensor.DType == DType.F32) return (w.Tensor.Address, null);
        var decoded = machine.Scratch.Rent((nint)sizeof(float) * w.Out * w.In);
        machine.Workers.Run(new DecodeJob((byte*)w.Tensor.Address, w.Tensor.DType, w.In, (float*)decoded.Pointer), w.Out);
        return ((nint)decoded.Pointer, decoded);
    }
}
