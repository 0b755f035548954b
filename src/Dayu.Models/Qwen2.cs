using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Qwen2's <c>config.json</c>.</summary>
public sealed record Qwen2Config(
    int VocabSize, int HiddenSize, int IntermediateSize, int NumHiddenLayers,
    int NumAttentionHeads, int? NumKeyValueHeads = null, int? HeadDim = null,
    float RmsNormEps = 1e-6f, float RopeTheta = 10_000, RopeConfig? RopeScaling = null, RopeConfig? RopeParameters = null,
    int MaxPositionEmbeddings = 32_768, bool UseSlidingWindow = false, int? SlidingWindow = null, int MaxWindowLayers = 28,
    string[]? LayerTypes = null,
    bool TieWordEmbeddings = false) : IDecoderConfig
{
    int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    internal RopeSpec Rope => RopeConfig.Spec(HeadWidth, RopeTheta, RopeScaling, RopeParameters, MaxPositionEmbeddings);

    internal AttentionSpec Heads(int layer) =>
        new(NumAttentionHeads, NumKeyValueHeads ?? NumAttentionHeads, HeadWidth, Window: WindowOf(layer));

    int? WindowOf(int layer) =>
        SlidingWindows.Of(layer, LayerTypes, UseSlidingWindow ? SlidingWindows.Named(SlidingWindow) : null, MaxWindowLayers);
}

/// <summary>
/// Qwen2 and Qwen2.5: Llama with biases on query, key and value. Yang et al. 2024, arXiv:2407.10671, arXiv:2412.15115.
/// T tokens, C width.
/// </summary>
public sealed class Qwen2(Qwen2Config c, Weights w) : Decoder(c, w, (w, i) => new Block(c, w, i))
{
    sealed class Block(Qwen2Config c, Weights w, int layer) : IBlock
    {
        readonly RmsNorm norm1 = new(w["input_layernorm"], c.HiddenSize, c.RmsNormEps),
                         norm2 = new(w["post_attention_layernorm"], c.HiddenSize, c.RmsNormEps);
        readonly Attention attention = new(w["self_attn"], c.HiddenSize, c.Heads(layer), c.Rope, Biases.Inputs);
        readonly SwiGlu mlp = new(w["mlp"], c.HiddenSize, c.IntermediateSize);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += attention.Forward(norm1.Forward(x), p);
            return x + mlp.Forward(norm2.Forward(x));
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("qwen2", ["Qwen2ForCausalLM", "Qwen2Model"])
    {
        Make = (config, w) =>
        {
            Activations.Require(config, "hidden_act", "silu");
            return new Qwen2(Families.Read(config, Qwen2Json.Default.Qwen2Config), w).OrBase;
        },
        Config = () => Qwen2Json.Default.Qwen2Config,
        Example = """
            { "architectures": ["Qwen2ForCausalLM"], "vocab_size": 61, "hidden_size": 24, "intermediate_size": 40,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
              "use_sliding_window": true, "sliding_window": 5, "max_window_layers": 1, "max_position_embeddings": 64 }
            """,
        Aliases = Decoder.Aliases,
        Gguf = new("qwen2", GgufDialect.CommonKeys, GgufDialect.CommonNames),
    });
}

[JsonSerializable(typeof(Qwen2Config))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class Qwen2Json : JsonSerializerContext;
