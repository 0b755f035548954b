using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>GPT-1's <c>config.json</c>.</summary>
public sealed record Gpt1Config(
    int VocabSize, int NLayer, int NHead, int NEmbd, int NPositions = 512, float LayerNormEpsilon = 1e-5f, bool TieWordEmbeddings = true,
    float EmbdPdrop = 0.1f, float AttnPdrop = 0.1f, float ResidPdrop = 0.1f)
{
    internal AttentionSpec Heads => new(NHead, NHead, NEmbd / NHead);
}

/// <summary>
/// GPT-1. Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training";
/// github.com/openai/finetune-transformer-lm. Norms stand behind what they norm, as in the Transformer of 2017, and
/// none before the head. T tokens, R selected rows, C width.
/// </summary>
public sealed class Gpt1(Gpt1Config c, Weights w) : ICausalLm
{
    readonly Embedding tokens = new(w["transformer.tokens_embed"], c.VocabSize, c.NEmbd, c.TieWordEmbeddings),
                       positions = new(w["transformer.positions_embed"], c.NPositions, c.NEmbd);
    readonly Dropout drop = new(w["transformer.drop"], c.EmbdPdrop);
    readonly Blocks blocks = new(w["transformer.h"], c.NLayer, (w, _) => new Block(c, w));
    readonly Linear? head = c.TieWordEmbeddings ? null : new(w["lm_head"], c.NEmbd, c.VocabSize, sensitive: true);

    /// <inheritdoc/>
    public int Context => c.NPositions;

    /// <inheritdoc/>
    public int Width => c.NEmbd;

    /// <inheritdoc/>
    public LmHead Head => field ??= new(head?.Weight ?? tokens.Weight) { Norm = x => x };

    /// <inheritdoc/>
    public Tensor Hidden(Pass p)
    {
        var x = drop.Forward(tokens[p.Ids] + positions[p.Positions], p);   // [T, C]
        return p.Select(blocks.Forward(x, p));                             // [R, C]
    }

    sealed class Block(Gpt1Config c, Weights w) : IBlock
    {
        readonly FusedQkvAttention attention = new(w["attn"], c.NEmbd, c.Heads, Init.Normal(), c.AttnPdrop);
        readonly GeluMlp mlp = new(w["mlp"], c.NEmbd, 4 * c.NEmbd, Init.Normal());
        readonly LayerNorm norm1 = new(w["ln_1"], c.NEmbd, c.LayerNormEpsilon), norm2 = new(w["ln_2"], c.NEmbd, c.LayerNormEpsilon);
        readonly Dropout drop1 = new(w["attn.resid_dropout"], c.ResidPdrop), drop2 = new(w["mlp.dropout"], c.ResidPdrop);

        public Tensor Forward(Tensor x, Pass p)                            // [T, C] → [T, C]
        {
            x = norm1.Forward(x + drop1.Forward(attention.Forward(x, p), p));
            return norm2.Forward(x + drop2.Forward(mlp.Forward(x), p));
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("openai-gpt", ["OpenAIGPTLMHeadModel"])
    {
        Make = (config, w) =>
        {
            Families.Require(config, "afn", "gelu");                       // its tanh form
            return new Gpt1(Families.Read(config, Gpt1Json.Default.Gpt1Config), w);
        },
        Config = () => Gpt1Json.Default.Gpt1Config,
        Example = """
            { "architectures": ["OpenAIGPTLMHeadModel"], "vocab_size": 61, "n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 64 }
            """,
        Names = Conv1D.Names,
        Aliases = [new("transformer.**", "**")],
    });
}

[JsonSerializable(typeof(Gpt1Config))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class Gpt1Json : JsonSerializerContext;
