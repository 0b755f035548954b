using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>down(silu(gate(x)) · up(x)). Shazeer 2020, arXiv:2002.05202.</summary>
/// <param name="w">Its place: <c>gate_proj</c>, <c>up_proj</c>, <c>down_proj</c>.</param>
/// <param name="width">C.</param>
/// <param name="hidden">F.</param>
/// <param name="bias">Whether the projections have biases.</param>
public sealed class SwiGlu(Weights w, int width, int hidden, bool bias = false)
{
    readonly Linear gate = new(w["gate_proj"], width, hidden, bias),
                    up = new(w["up_proj"], width, hidden, bias),
                    down = new(w["down_proj"], hidden, width, bias, init: Init.IntoResidual());

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x)
    {
        var (g, u) = Linear.Forward(x, gate, up);                    // [T, F] each
        return down.Forward(Op.SwiGlu(g, u));
    }
}

/// <summary>proj(gelu(fc(x))), as the GPTs of OpenAI have it.</summary>
/// <param name="w">Its place: <c>c_fc</c>, <c>c_proj</c>, both with biases.</param>
/// <param name="width">C.</param>
/// <param name="hidden">F.</param>
/// <param name="output">How <c>c_proj</c> starts.</param>
/// <param name="gelu">Which of its forms; null: the one with tanh.</param>
public sealed class GeluMlp(Weights w, int width, int hidden, Init output, Func<Tensor, Tensor>? gelu = null)
{
    readonly Func<Tensor, Tensor> gelu = gelu ?? Op.GeluTanh;
    readonly Linear up = new(w["c_fc"], width, hidden, bias: true), down = new(w["c_proj"], hidden, width, bias: true, init: output);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x) => down.Forward(gelu(up.Forward(x)));
}

/// <summary>down(relu(up(x))²). So et al. 2021, arXiv:2109.08668.</summary>
/// <param name="w">Its place: <c>up_proj</c>, <c>down_proj</c>.</param>
/// <param name="width">C.</param>
/// <param name="hidden">F.</param>
public sealed class ReluSquaredMlp(Weights w, int width, int hidden)
{
    readonly Linear up = new(w["up_proj"], width, hidden), down = new(w["down_proj"], hidden, width, init: Init.IntoResidual());

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x) => down.Forward(Op.ReluSquared(up.Forward(x)));
}
