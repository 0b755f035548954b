using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Which of an attention's projections have biases.</summary>
public enum Biases
{
    /// <summary>None (Llama).</summary>
    None,

    /// <summary>Query, key and value (Qwen2).</summary>
    Inputs,

    /// <summary>The output too.</summary>
    All,
}

/// <summary>
/// Self-attention with rotary positions; query, key, value and output under their own names, as Llama and its kin have
/// them.
/// </summary>
/// <param name="w">Its place: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c>.</param>
/// <param name="width">C.</param>
/// <param name="spec">Heads and mask.</param>
/// <param name="rope">Positions.</param>
/// <param name="biases">Which projections have biases.</param>
public sealed class Attention(Weights w, int width, AttentionSpec spec, RopeSpec rope, Biases biases = Biases.None)
{
    readonly Linear q = new(w["q_proj"], width, spec.Heads * spec.HeadWidth, biases != Biases.None),
                    k = new(w["k_proj"], width, spec.KeyValueHeads * spec.HeadWidth, biases != Biases.None),
                    v = new(w["v_proj"], width, spec.KeyValueHeads * spec.HeadWidth, biases != Biases.None, sensitive: true),
                    o = new(w["o_proj"], spec.Heads * spec.HeadWidth, width, biases == Biases.All, init: Init.IntoResidual());

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var (q, k, v) = Linear.Forward(x, this.q, this.k, this.v);   // [T, H·D], [T, Hkv·D], [T, Hkv·D]
        return o.Forward(p.Attend(this, p.Rope(q, rope), p.Rope(k, rope), v, spec));
    }
}
