using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>The <c>config.json</c> of <see cref="ModdedGpt"/>: Llama's, and a switch for each trick.</summary>
/// <param name="VocabSize">V.</param>
/// <param name="HiddenSize">C.</param>
/// <param name="IntermediateSize">F.</param>
/// <param name="NumHiddenLayers">L.</param>
/// <param name="NumAttentionHeads">H.</param>
/// <param name="NumKeyValueHeads">Hkv; null: as many as heads.</param>
/// <param name="HeadDim">D; null: C / H.</param>
/// <param name="RmsNormEps">Of the norms.</param>
/// <param name="RopeTheta">The longest period of the positions.</param>
/// <param name="MaxPositionEmbeddings">The longest sequence.</param>
/// <param name="TieWordEmbeddings">Whether the head is the table of token embeddings.</param>
/// <param name="QkNorm">Queries and keys are normed, head by head. Henry et al. 2020, arXiv:2010.04245.</param>
/// <param name="ReluSquared">The MLP is down(relu(up(x))²). So et al. 2021, arXiv:2109.08668.</param>
/// <param name="ValueEmbeddings">In every second layer, the first among them, a table of the tokens is added to the values. Jordan et al.
/// 2024, github.com/KellerJordan/modded-nanogpt; after Zhou et al. 2024, arXiv:2410.17897.</param>
/// <param name="FinalLogitSoftcapping">Logits become cap · tanh(logits / cap). Gemma 2, arXiv:2408.00118. null: they stay.</param>
public sealed record ModdedGptConfig(
    int VocabSize, int HiddenSize, int IntermediateSize, int NumHiddenLayers,
    int NumAttentionHeads, int? NumKeyValueHeads = null, int? HeadDim = null,
    float RmsNormEps = 1e-5f, float RopeTheta = 10_000, int MaxPositionEmbeddings = 2048, bool TieWordEmbeddings = false,
    bool QkNorm = false, bool ReluSquared = false, bool ValueEmbeddings = false, float? FinalLogitSoftcapping = null) : IDecoderConfig
{
    int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    internal AttentionSpec Heads => new(NumAttentionHeads, NumKeyValueHeads ?? NumAttentionHeads, HeadWidth);

    internal RopeSpec Rope => RopeConfig.Spec(HeadWidth, RopeTheta, null, null, MaxPositionEmbeddings);

    internal bool HasValues(int layer) => ValueEmbeddings && layer % 2 == 0;
}

/// <summary>
/// Llama with what helps small models learn, each by a switch of its own, as the speed runs of nanoGPT collected it (Jordan et al. 2024,
/// github.com/KellerJordan/modded-nanogpt). T tokens, C width, F hidden.
/// </summary>
public sealed class ModdedGpt(ModdedGptConfig c, Weights w) : Decoder(c, w, (w, i) => new Block(c, w, i))
{
    sealed class Block(ModdedGptConfig c, Weights w, int layer) : IBlock
    {
        readonly RmsNorm norm1 = new(w["input_layernorm"], c.HiddenSize, c.RmsNormEps),
                         norm2 = new(w["post_attention_layernorm"], c.HiddenSize, c.RmsNormEps);
        readonly SelfAttention attention = new(c, w["self_attn"], layer);
        readonly Func<Tensor, Tensor> mlp = c.ReluSquared
            ? new ReluSquaredMlp(w["mlp"], c.HiddenSize, c.IntermediateSize).Forward
            : new SwiGlu(w["mlp"], c.HiddenSize, c.IntermediateSize).Forward;

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += attention.Forward(norm1.Forward(x), p);
            return x + mlp(norm2.Forward(x));
        }
    }

    sealed class SelfAttention(ModdedGptConfig c, Weights w, int layer)
    {
        readonly AttentionSpec spec = c.Heads;
        readonly RopeSpec rope = c.Rope;
        readonly Linear q = new(w["q_proj"], c.HiddenSize, c.Heads.Heads * c.Heads.HeadWidth),
                        k = new(w["k_proj"], c.HiddenSize, c.Heads.KeyValueHeads * c.Heads.HeadWidth),
                        v = new(w["v_proj"], c.HiddenSize, c.Heads.KeyValueHeads * c.Heads.HeadWidth, sensitive: true),
                        o = new(w["o_proj"], c.Heads.Heads * c.Heads.HeadWidth, c.HiddenSize, init: Init.IntoResidual());
        readonly RmsNorm? qNorm = c.QkNorm ? new(w["q_norm"], c.Heads.HeadWidth, c.RmsNormEps) : null,
                          kNorm = c.QkNorm ? new(w["k_norm"], c.Heads.HeadWidth, c.RmsNormEps) : null;
        readonly Embedding? values = c.HasValues(layer)
            ? new(w["value_embed"], c.VocabSize, c.Heads.KeyValueHeads * c.Heads.HeadWidth) : null;

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            var (q, k, v) = Linear.Forward(x, this.q, this.k, this.v);   // [T, H·D], [T, Hkv·D], [T, Hkv·D]
            if (qNorm is not null) (q, k) = (qNorm.Forward(q), kNorm!.Forward(k));
            if (values is not null) v += values[p.Ids];
            return o.Forward(p.Attend(this, p.Rope(q, rope), p.Rope(k, rope), v, spec));
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("modded-gpt", ["ModdedGptForCausalLM"])
    {
        IsOwn = true,
        Make = (config, w) => new ModdedGpt(Families.Read(config, ModdedGptJson.Default.ModdedGptConfig), w).OrBase,
        Config = () => ModdedGptJson.Default.ModdedGptConfig,
        Example = """
            { "architectures": ["ModdedGptForCausalLM"], "vocab_size": 61, "hidden_size": 24, "intermediate_size": 40,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64,
              "qk_norm": true, "relu_squared": true, "value_embeddings": true, "final_logit_softcapping": 15 }
            """,
        Aliases = Decoder.Aliases,
    });
}

[JsonSerializable(typeof(ModdedGptConfig))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class ModdedGptJson : JsonSerializerContext;
