using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// One layer of a recurrent net, as torch.nn names it: what comes in is multiplied onto the gates for all steps at
/// once, the state before step by step (<see cref="Op.Recurrent"/>).
/// </summary>
/// <param name="w">Place of all layers: <c>weight_ih_l0</c> [G·H, C], <c>weight_hh_l0</c> [G·H, H], <c>bias_ih_l0</c>
/// and <c>bias_hh_l0</c> [G·H].</param>
/// <param name="layer">Its number, from 0.</param>
/// <param name="cell">What the G gates are.</param>
/// <param name="inputs">C.</param>
/// <param name="hidden">H.</param>
/// <param name="dropout">Share of what comes in that training drops.</param>
public sealed class RecurrentLayer(Weights w, int layer, RecurrentCell cell, int inputs, int hidden, float dropout) : IBlock
{
    readonly Dropout drop = new(w[$"dropout_l{layer}"], dropout);
    readonly Weight input = w.Matrix($"weight_ih_l{layer}", new(cell.Gates * hidden, inputs), Start(hidden)),
                    state = w.Matrix($"weight_hh_l{layer}", new(cell.Gates * hidden, hidden), Start(hidden)),
                    inputBias = w.Get($"bias_ih_l{layer}", new(cell.Gates * hidden), Start(hidden)),
                    stateBias = w.Get($"bias_hh_l{layer}", new(cell.Gates * hidden), Start(hidden));

    static Init Start(int hidden) => Init.Uniform(1 / MathF.Sqrt(hidden));

    /// <summary>[T, C] → [T, H]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var gates = Op.MatMul(drop.Forward(x, p), input) + inputBias.Tensor;     // [T, C] → [T, G·H]
        var begun = p.State(this, cell.States * hidden);                         // [S, H], or [S, 2·H]: h and c
        var (y, last) = Op.Recurrent(cell, gates, state, stateBias.Tensor, begun, p.Layout.QueryStarts);
        p.Carry(this, last);
        return y;
    }
}
