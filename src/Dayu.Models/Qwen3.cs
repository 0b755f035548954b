using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Qwen3's <c>config.json</c>.</summary>
public sealed record Qwen3Config(
    int VocabSize, int HiddenSize, int IntermediateSize, int NumHiddenLayers,
    int NumAttentionHeads, int? NumKeyValueHeads = null, int HeadDim = 128,
    float RmsNormEps = 1e-6f, float RopeTheta = 10_000, RopeConfig? RopeScaling = null, RopeConfig? RopeParameters = null,
    int MaxPositionEmbeddings = 32_768, bool UseSlidingWindow = false, int? SlidingWindow = null, int MaxWindowLayers = 28,
    string[]? LayerTypes = null,
    bool TieWordEmbeddings = false, bool AttentionBias = false) : IDecoderConfig
{
    internal RopeSpec Rope => RopeConfig.Spec(HeadDim, RopeTheta, RopeScaling, RopeParameters, MaxPositionEmbeddings);

    internal AttentionSpec Heads(int layer) =>
        new(NumAttentionHeads, NumKeyValueHeads ?? NumAttentionHeads, HeadDim, Window: WindowOf(layer));

    int? WindowOf(int layer) =>
        SlidingWindows.Of(layer, LayerTypes, UseSlidingWindow ? SlidingWindows.Named(SlidingWindow) : null, MaxWindowLayers);
}

/// <summary>Qwen3: Llama with normed queries and keys. Yang et al. 2025, arXiv:2505.09388. T tokens, C width.</summary>
public sealed class Qwen3(Qwen3Config c, Weights w) : Decoder(c, w, (w, i) => new Block(c, w, i))
{
    sealed class Block(Qwen3Config c, Weights w, int layer) : IBlock
    {
        readonly RmsNorm norm1 = new(w["input_layernorm"], c.HiddenSize, c.RmsNormEps),
                         norm2 = new(w["post_attention_layernorm"], c.HiddenSize, c.RmsNormEps);
        readonly QkNormAttention attention =
            new(w["self_attn"], c.HiddenSize, c.Heads(layer), c.Rope, c.RmsNormEps, c.AttentionBias);
        readonly SwiGlu mlp = new(w["mlp"], c.HiddenSize, c.IntermediateSize);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += attention.Forward(norm1.Forward(x), p);
            return x + mlp.Forward(norm2.Forward(x));
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("qwen3", ["Qwen3ForCausalLM", "Qwen3Model"])
    {
        Make = (config, w) =>
        {
            Activations.Require(config, "hidden_act", "silu");
            return new Qwen3(Families.Read(config, Qwen3Json.Default.Qwen3Config), w).OrBase;
        },
        Config = () => Qwen3Json.Default.Qwen3Config,
        Example = """
            { "architectures": ["Qwen3ForCausalLM"], "vocab_size": 61, "hidden_size": 24, "intermediate_size": 40,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
              "use_sliding_window": true, "sliding_window": 5, "max_window_layers": 1, "max_position_embeddings": 64 }
            """,
        Aliases = Decoder.Aliases,
        Gguf = new("qwen3", GgufDialect.CommonKeys,
        [
            new("model.layers.*.self_attn.q_norm.weight", "blk.*.attn_q_norm.weight"),
            new("model.layers.*.self_attn.k_norm.weight", "blk.*.attn_k_norm.weight"),
            .. GgufDialect.CommonNames,
        ]),
    });
}

[JsonSerializable(typeof(Qwen3Config))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class Qwen3Json : JsonSerializerContext;
