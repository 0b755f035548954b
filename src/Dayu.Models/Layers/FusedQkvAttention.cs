using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Self-attention whose query, key and value are one matrix, as the GPTs of OpenAI have it.</summary>
/// <param name="w">Its place: <c>c_attn</c> [3·C, C] and <c>c_proj</c>, both with biases.</param>
/// <param name="width">C.</param>
/// <param name="spec">Heads and mask.</param>
/// <param name="output">How <c>c_proj</c> starts.</param>
/// <param name="dropout">Share of the attention weights that training drops.</param>
public sealed class FusedQkvAttention(Weights w, int width, AttentionSpec spec, Init output, float dropout = 0)
{
    readonly Dropout? drop = dropout > 0 ? new(w["attn_dropout"], dropout) : null;
    readonly Linear qkv = new(w["c_attn"], width, 3 * width, bias: true),
                    o = new(w["c_proj"], width, width, bias: true, init: output);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var (q, k, v) = Op.Split3(qkv.Forward(x));                   // [T, 3·C] → three [T, C]
        return o.Forward(p.Attend(this, q, k, v, spec, drop));
    }
}
