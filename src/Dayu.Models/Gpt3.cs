using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// GPT-3's <c>config.json</c>: GPT-2's, and what the layers see in turn (<c>dense</c>: all before; <c>banded</c>: a window
/// of that many positions, its own included).
/// </summary>
public sealed record Gpt3Config(
    int VocabSize, int NLayer, int NHead, int NEmbd, int? NInner = null, int NPositions = 2048, float LayerNormEpsilon = 1e-5f,
    string[]? AttentionPattern = null, int Window = 128, bool TieWordEmbeddings = true,
    float EmbdPdrop = 0, float AttnPdrop = 0, float ResidPdrop = 0)
{
    static readonly string[] inTurn = ["dense", "banded"];

    /// <summary>As GPT-2 has it.</summary>
    internal Init Output => Init.IntoResidual(0.02f / MathF.Sqrt(2 * NLayer));

    internal AttentionSpec Heads(int layer)
    {
        var pattern = AttentionPattern is { Length: > 0 } given ? given : inTurn;
        return new(NHead, NHead, NEmbd / NHead, Window: pattern[layer % pattern.Length] switch
        {
            "dense" => null,
            "banded" when Window > 0 => Window,
            "banded" => throw new InvalidDataException($"config: window is {Window}, expected 1 or more positions"),
            var other => throw new InvalidDataException($"config: attention_pattern says '{other}'; known: dense, banded"),
        });
    }
}

/// <summary>
/// GPT-3: GPT-2 with "alternating dense and locally banded sparse attention patterns". Brown et al. 2020,
/// arXiv:2005.14165; Child et al. 2019, arXiv:1904.10509. Its weights were never published: this is for training. T
/// tokens, R selected rows, C width.
/// </summary>
public sealed class Gpt3(Gpt3Config c, Weights w) : ICausalLm
{
    readonly Embedding wte = new(w["transformer.wte"], c.VocabSize, c.NEmbd, c.TieWordEmbeddings),
                       wpe = new(w["transformer.wpe"], c.NPositions, c.NEmbd);
    readonly Dropout drop = new(w["transformer.drop"], c.EmbdPdrop);
    readonly Blocks blocks = new(w["transformer.h"], c.NLayer, (w, i) => new Block(c, w, i));
    readonly LayerNorm norm = new(w["transformer.ln_f"], c.NEmbd, c.LayerNormEpsilon);
    readonly Linear? head = c.TieWordEmbeddings ? null : new(w["lm_head"], c.NEmbd, c.VocabSize, sensitive: true);

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

    sealed class Block(Gpt3Config c, Weights w, int layer) : IBlock
    {
        readonly LayerNorm norm1 = new(w["ln_1"], c.NEmbd, c.LayerNormEpsilon), norm2 = new(w["ln_2"], c.NEmbd, c.LayerNormEpsilon);
        readonly FusedQkvAttention attention = new(w["attn"], c.NEmbd, c.Heads(layer), c.Output, c.AttnPdrop);
        readonly GeluMlp mlp = new(w["mlp"], c.NEmbd, c.NInner ?? 4 * c.NEmbd, c.Output);
        readonly Dropout drop1 = new(w["attn.resid_dropout"], c.ResidPdrop), drop2 = new(w["mlp.dropout"], c.ResidPdrop);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]
        {
            x += drop1.Forward(attention.Forward(norm1.Forward(x), p), p);
            return x + drop2.Forward(mlp.Forward(norm2.Forward(x)), p);
        }
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("gpt3", [])
    {
        IsOwn = true,
        Make = (config, w) =>
        {
            Activations.Require(config, "activation_function", "gelu_new");
            return new Gpt3(Families.Read(config, Gpt3Json.Default.Gpt3Config), w);
        },
        Config = () => Gpt3Json.Default.Gpt3Config,
        Example = """
            { "model_type": "gpt3", "vocab_size": 61, "n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 64,
              "attention_pattern": ["dense", "banded"], "window": 5, "resid_pdrop": 0.1 }
            """,
        Names = Conv1D.Names,
    });
}

[JsonSerializable(typeof(Gpt3Config))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class Gpt3Json : JsonSerializerContext;
