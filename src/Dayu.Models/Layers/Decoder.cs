using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>What the configurations of Llama and its kin say of the shell around their blocks.</summary>
public interface IDecoderConfig
{
    /// <summary>Number of tokens, V.</summary>
    int VocabSize { get; }

    /// <summary>Values of a hidden state, C.</summary>
    int HiddenSize { get; }

    /// <summary>Number of blocks, L.</summary>
    int NumHiddenLayers { get; }

    /// <summary>Keeps a row of zeros finite in norms.</summary>
    float RmsNormEps { get; }

    /// <summary>The longest sequence the model was made for, in tokens.</summary>
    int MaxPositionEmbeddings { get; }

    /// <summary>Whether the head is the table of token embeddings.</summary>
    bool TieWordEmbeddings { get; }

    /// <summary>See <see cref="LmHead.Softcap"/>.</summary>
    float? FinalLogitSoftcapping => null;
}

/// <summary>
/// The shell of Llama and its kin: token embeddings, blocks, a last norm, a head. A family brings its blocks. T tokens,
/// R selected rows, C width, V vocabulary.
/// </summary>
/// <param name="c">What the configuration says of it.</param>
/// <param name="w">The root of the weights.</param>
/// <param name="block">Makes one block at its place, told its number.</param>
public abstract class Decoder(IDecoderConfig c, Weights w, Func<Weights, int, IBlock> block) : ICausalLm
{
    readonly Embedding tokens = new(w["model.embed_tokens"], c.VocabSize, c.HiddenSize, c.TieWordEmbeddings);
    readonly Blocks blocks = new(w["model.layers"], c.NumHiddenLayers, block);
    readonly RmsNorm norm = new(w["model.norm"], c.HiddenSize, c.RmsNormEps);
    readonly Linear? head = LmHead.Own(w, c.TieWordEmbeddings, c.HiddenSize, c.VocabSize);
    readonly bool isTied = c.TieWordEmbeddings;
    readonly float? softcap = c.FinalLogitSoftcapping;

    /// <summary>Files of base models leave the prefix out.</summary>
    internal static TensorRule[] Aliases { get; } = [new("model.**", "**")];

    /// <summary>The model; where its file has no head, what it can do without.</summary>
    public IModel OrBase => head is null && !isTied ? new BaseModel(this) : this;

    /// <inheritdoc/>
    public int Context { get; } = c.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public int Width { get; } = c.HiddenSize;

    /// <inheritdoc/>
    public LmHead Head => field ??= new(head?.Weight ?? tokens.Weight, Softcap: softcap) { Norm = norm.Forward };

    /// <inheritdoc/>
    public Tensor Hidden(Pass p) => norm.Forward(p.Select(blocks.Forward(tokens[p.Ids], p)));   // [T] → [T, C] → [R, C]
}
