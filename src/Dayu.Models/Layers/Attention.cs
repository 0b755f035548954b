using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Self-attention with rotary positions; query, key, value and output under their own names, as Llama and its kin have them.</summary>
/// <param name="w">Its place: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c>.</param>
/// <param name="width">C.</param>
/// <param name="spec">Heads and mask.</param>
/// <param name="rope">Positions.</param>
/// <param name="bias">Whether the projections have biases.</param>
public sealed class Attention(Weights w, int width, AttentionSpec spec, RopeSpec rope, bool bias = false)
{
    readonly Linear q = new(w["q_proj"], width, spec.Heads * spec.HeadWidth, bias),
                    k = new(w["k_proj"], width, spec.KeyValueHeads * spec.HeadWidth, bias),
                    v = new(w["v_proj"], width, spec.KeyValueHeads * spec.HeadWidth, bias),
                    o = new(w["o_proj"], spec.Heads * spec.HeadWidth, width, bias);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var (q, k, v) = Linear.Forward(x, this.q, this.k, this.v);   // [T, H·D], [T, Hkv·D], [T, Hkv·D]
        return o.Forward(p.Attend(this, p.Rope(q, rope), p.Rope(k, rope), v, spec));
    }
}
