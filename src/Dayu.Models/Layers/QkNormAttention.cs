using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Self-attention whose queries and keys are normed, head by head, before they are turned (Qwen3; Henry et al. 2020,
/// arXiv:2010.04245).
/// </summary>
/// <param name="w">Its place: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c>, <c>q_norm</c>,
/// <c>k_norm</c>.</param>
/// <param name="width">C.</param>
/// <param name="spec">Heads and mask.</param>
/// <param name="rope">Positions.</param>
/// <param name="eps">Of the norms.</param>
/// <param name="bias">Whether the projections have biases.</param>
public sealed class QkNormAttention(Weights w, int width, AttentionSpec spec, RopeSpec rope, float eps, bool bias = false)
{
    readonly Linear q = new(w["q_proj"], width, spec.Heads * spec.HeadWidth, bias),
                    k = new(w["k_proj"], width, spec.KeyValueHeads * spec.HeadWidth, bias),
                    v = new(w["v_proj"], width, spec.KeyValueHeads * spec.HeadWidth, bias, sensitive: true),
                    o = new(w["o_proj"], spec.Heads * spec.HeadWidth, width, bias, init: Init.IntoResidual());
    readonly RmsNorm qNorm = new(w["q_norm"], spec.HeadWidth, eps), kNorm = new(w["k_norm"], spec.HeadWidth, eps);

    /// <summary>[T, C] → [T, C]</summary>
    public Tensor Forward(Tensor x, Pass p)
    {
        var (q, k, v) = Linear.Forward(x, this.q, this.k, this.v);   // [T, H·D], [T, Hkv·D], [T, Hkv·D]
        (q, k) = (qNorm.Forward(q), kNorm.Forward(k));               // each D on its own
        return o.Forward(p.Attend(this, p.Rope(q, rope), p.Rope(k, rope), v, spec));
    }
}
