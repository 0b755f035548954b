using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>GPT-2's <c>config.json</c>.</summary>
public sealed record Gpt2Config(
    int VocabSize, int NLayer, int NHead, int NEmbd, int? NInner = null, int NPositions = 1024, float LayerNormEpsilon = 1e-5f,
    bool ScaleAttnWeights = true, bool ScaleAttnByInverseLayerIdx = false, bool TieWordEmbeddings = true,
    float EmbdPdrop = 0.1f, float AttnPdrop = 0.1f, float ResidPdrop = 0.1f, string ActivationFunction = "gelu_new")
{
    /// <summary>What is added to the residual stream starts smaller the more is: "by a factor of 1/√N", N = 2·L.</summary>
    internal Init Output => Init.IntoResidual(0.02f / MathF.Sqrt(2 * NLayer));

    internal AttentionSpec Heads(int layer) => new(NHead, NHead, NEmbd / NHead, Scale: ScoreScale(layer));

    float ScoreScale(int layer) => (ScaleAttnWeights ? 1 / MathF.Sqrt(NEmbd / NHead) : 1) / (ScaleAttnByInverseLayerIdx ? layer + 1 : 1);
}

/// <summary>
/// GPT-2. Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"; github.com/openai/gpt-2. T
/// tokens, R selected rows, C width.
/// </summary>
public sealed class Gpt2(Gpt2Config c, Weights w) : ICausalLm
{
    readonly Embedding wte = new(w["transformer.wte"], c.VocabSize, c.NEmbd, c.TieWordEmbeddings),
                       wpe = new(w["transformer.wpe"], c.NPositions, c.NEmbd);
    readonly Dropout drop = new(w["transformer.drop"], c.EmbdPdrop);
    readonly Blocks blocks = new(w["transformer.h"], c.NLayer, (w, i) => new Block(c, w, i));
    readonly LayerNorm norm = new(w["transformer.ln_f"], c.NEmbd, c.LayerNormEpsilon);
    readonly Linear? head = LmHead.Own(w, c.TieWordEmbeddings, c.NEmbd, c.VocabSize);

    /// <inheritdoc/>
    public int Context => c.NPositions;

    /// <inheritdoc/>
    public int Width => c.NEmbd;

    /// <inheritdoc/>
    public LmHead Head => field ??= new(head?.Weight ?? wte.Weight) { Norm = norm.Forward };

    /// <inheritdoc/>
    public Tensor Hidden(Pass p)
    {
        var x = drop.Forward(wte[p.Ids] + wpe[p.Positions], p);      // [T, C]
        return norm.Forward(p.Select(blocks.Forward(x, p)));         // [R, C]
    }

    sealed class Block(Gpt2Config c, Weights w, int layer) : IBlock
    {
        readonly LayerNorm norm1 = new(w["ln_1"], c.NEmbd, c.LayerNormEpsilon), norm2 = new(w["ln_2"], c.NEmbd, c.LayerNormEpsilon);
        readonly FusedQkvAttention attention = new(w["attn"], c.NEmbd, c.Heads(layer), c.Output, c.AttnPdrop);
        readonly GeluMlp mlp = new(w["mlp"], c.NEmbd, c.NInner ?? 4 * c.NEmbd, c.Output, Activations.Named(c.ActivationFunction));
        readonly Dropout drop1 = new(w["attn.resid_dropout"], c.ResidPdrop), drop2 = new(w["mlp.dropout"], c.ResidPdrop);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += drop1.Forward(attention.Forward(norm1.Forward(x), p), p);
            return x + drop2.Forward(mlp.Forward(norm2.Forward(x)), p);
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("gpt2", ["GPT2LMHeadModel", "GPT2Model"])
    {
        Make = (config, w) =>
        {
            var c = Families.Read(config, Gpt2Json.Default.Gpt2Config);
            var model = new Gpt2(c, w);
            return model.head is null && !c.TieWordEmbeddings ? new BaseModel(model) : model;
        },
        Config = () => Gpt2Json.Default.Gpt2Config,
        Example = """
            { "architectures": ["GPT2LMHeadModel"], "vocab_size": 61, "n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 64 }
            """,
        Names = Conv1D.Names,
        Aliases = [new("transformer.**", "**")],
        Gguf = new("gpt2",
        [
            new("embedding_length", "n_embd"), new("block_count", "n_layer"), new("attention.head_count", "n_head"),
            new("context_length", "n_positions"), new("feed_forward_length", "n_inner"),
            new("attention.layer_norm_epsilon", "layer_norm_epsilon"),
        ],
        [
            new("transformer.wte.weight", "token_embd.weight"), new("lm_head.weight", "output.weight"),
            new("transformer.wpe.weight", "position_embd.weight"), new("transformer.ln_f.*", "output_norm.*"),
            new("transformer.h.*.ln_1.*", "blk.*.attn_norm.*"), new("transformer.h.*.attn.c_attn.*", "blk.*.attn_qkv.*"),
            new("transformer.h.*.attn.c_proj.*", "blk.*.attn_output.*"), new("transformer.h.*.ln_2.*", "blk.*.ffn_norm.*"),
            new("transformer.h.*.mlp.c_fc.*", "blk.*.ffn_up.*"), new("transformer.h.*.mlp.c_proj.*", "blk.*.ffn_down.*"),
        ])
        {
            Unsaid = config => Activations.Is(config, "activation_function", "gelu_new") ? null : "activation_function",
        },
    });
}

[JsonSerializable(typeof(Gpt2Config))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class Gpt2Json : JsonSerializerContext;
