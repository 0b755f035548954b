using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Llama's <c>config.json</c>.</summary>
public sealed record LlamaConfig(
    int VocabSize, int HiddenSize, int IntermediateSize, int NumHiddenLayers,
    int NumAttentionHeads, int? NumKeyValueHeads = null, int? HeadDim = null,
    float RmsNormEps = 1e-6f, float RopeTheta = 10_000, RopeConfig? RopeScaling = null, RopeConfig? RopeParameters = null,
    int MaxPositionEmbeddings = 2048, int? SlidingWindow = null,
    bool TieWordEmbeddings = false, bool AttentionBias = false, bool MlpBias = false) : IDecoderConfig
{
    int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    internal AttentionSpec Heads => new(NumAttentionHeads, NumKeyValueHeads ?? NumAttentionHeads, HeadWidth,
        Window: SlidingWindows.Named(SlidingWindow));

    internal RopeSpec Rope => RopeConfig.Spec(HeadWidth, RopeTheta, RopeScaling, RopeParameters, MaxPositionEmbeddings);
}

/// <summary>
/// Llama 1–3, TinyLlama, SmolLM2, and Mistral with its window. Touvron et al. 2023, arXiv:2302.13971; Jiang et al.
/// 2023, arXiv:2310.06825. T tokens, C width.
/// </summary>
public sealed class Llama(LlamaConfig c, Weights w) : Decoder(c, w, (w, _) => new Block(c, w))
{
    sealed class Block(LlamaConfig c, Weights w) : IBlock
    {
        readonly RmsNorm norm1 = new(w["input_layernorm"], c.HiddenSize, c.RmsNormEps),
                         norm2 = new(w["post_attention_layernorm"], c.HiddenSize, c.RmsNormEps);
        readonly Attention attention = new(w["self_attn"], c.HiddenSize, c.Heads, c.Rope, c.AttentionBias ? Biases.All : Biases.None);
        readonly SwiGlu mlp = new(w["mlp"], c.HiddenSize, c.IntermediateSize, c.MlpBias);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += attention.Forward(norm1.Forward(x), p);
            return x + mlp.Forward(norm2.Forward(x));
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("llama", ["LlamaForCausalLM", "MistralForCausalLM", "LlamaModel", "MistralModel"])
    {
        Make = (config, w) =>
        {
            Activations.Require(config, "hidden_act", "silu");
            return new Llama(Families.Read(config, LlamaJson.Default.LlamaConfig), w).OrBase;
        },
        Config = () => LlamaJson.Default.LlamaConfig,
        Example = """
            { "architectures": ["LlamaForCausalLM"], "vocab_size": 61, "hidden_size": 24, "intermediate_size": 40,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6, "sliding_window": 5,
              "max_position_embeddings": 64, "rope_scaling": { "rope_type": "llama3", "factor": 4, "low_freq_factor": 1,
              "high_freq_factor": 4, "original_max_position_embeddings": 16 } }
            """,
        Aliases = Decoder.Aliases,
        Gguf = new("llama", GgufDialect.CommonKeys,
        [
            new("model.layers.*.self_attn.q_proj.*", "blk.*.attn_q.*", new HeadRows("num_attention_heads")),
            new("model.layers.*.self_attn.k_proj.*", "blk.*.attn_k.*", new HeadRows("num_key_value_heads")),
            .. GgufDialect.CommonNames,
        ]),
    });
}

[JsonSerializable(typeof(LlamaConfig))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class LlamaJson : JsonSerializerContext;
