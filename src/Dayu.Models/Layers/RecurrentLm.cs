using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A recurrent language model's <c>config.json</c>.</summary>
/// <param name="VocabSize">V.</param>
/// <param name="EmbeddingSize">C.</param>
/// <param name="HiddenSize">H.</param>
/// <param name="NumLayers">L.</param>
/// <param name="TieWordEmbeddings">Whether the head is the table of embeddings; then H is C.</param>
/// <param name="Dropout">Share of what passes from one layer to the next that training drops.</param>
public sealed record RecurrentConfig(
    int VocabSize, int EmbeddingSize, int HiddenSize, int NumLayers = 1, bool TieWordEmbeddings = false, float Dropout = 0);

/// <summary>
/// The shell of recurrent language models (Mikolov et al. 2010): token embeddings, recurrent layers, a head with a
/// bias. A family brings its cell. T tokens, R selected rows, C width of an embedding, H width of a state.
/// </summary>
/// <param name="c">What the configuration says.</param>
/// <param name="w">The root of the weights.</param>
/// <param name="cell">The layers'.</param>
public abstract class RecurrentLm(RecurrentConfig c, Weights w, RecurrentCell cell) : ICausalLm
{
    /// <summary>Zaremba et al. 2014, arXiv:1409.2329.</summary>
    static readonly Init start = Init.Uniform(0.1f);

    readonly Embedding embed = new(w["embed"], c.VocabSize, c.EmbeddingSize, c.TieWordEmbeddings, start);
    readonly Blocks layers = new(w["rnn"], c.NumLayers, (_, i) => new RecurrentLayer(
        w["rnn"], i, cell, i == 0 ? c.EmbeddingSize : c.HiddenSize, c.HiddenSize, i == 0 ? 0 : c.Dropout));
    readonly Weight? head = c.TieWordEmbeddings ? null
        : w["head"].Matrix("weight", new(c.VocabSize, c.HiddenSize), start, sensitive: true);
    readonly Weight bias = w["head"].Get("bias", new(c.VocabSize), Init.Zeros);

    /// <summary>A state has no positions that could end.</summary>
    public int Context => int.MaxValue;

    /// <inheritdoc/>
    public bool IsRecurrent => true;

    /// <inheritdoc/>
    public int Width => c.HiddenSize;

    /// <inheritdoc/>
    public LmHead Head => field ??= new(head ?? embed.Weight, bias) { Norm = x => x };

    /// <inheritdoc/>
    public Tensor Hidden(Pass p) => p.Select(layers.Forward(embed[p.Ids], p));   // [T] → [T, C] → [R, H]

    /// <summary>The configuration as this record.</summary>
    /// <exception cref="InvalidDataException">A key is missing, or the head is tied to embeddings of another
    /// width.</exception>
    internal static RecurrentConfig Read(JsonObject config)
    {
        var c = Families.Read(config, RecurrentJson.Default.RecurrentConfig);
        if (c.TieWordEmbeddings && c.EmbeddingSize != c.HiddenSize)
            throw new InvalidDataException("config: a tied head needs embedding_size = hidden_size, "
                + $"found {c.EmbeddingSize} and {c.HiddenSize}");
        return c;
    }
}

[JsonSerializable(typeof(RecurrentConfig))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class RecurrentJson : JsonSerializerContext;
