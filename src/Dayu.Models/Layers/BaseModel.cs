using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// A model that goes on with texts, without the head that would say how: published so, or left by whoever cut it off.
/// Its states are as good as ever, for vectors of texts, say.
/// </summary>
/// <param name="body">What is there of it.</param>
public sealed class BaseModel(ICausalLm body) : IModel
{
    /// <summary>What is missing, and what can be done.</summary>
    internal const string Missing = "it is a base model: its files have no output head ('lm_head.weight'), and tie_word_embeddings "
        + "is not true; it turns texts into vectors, but cannot go on with them; for that, get the model with its head "
        + "(its architecture usually ends in ForCausalLM or LMHeadModel)";

    /// <inheritdoc/>
    public bool IsCausal => true;

    /// <inheritdoc/>
    public int Context => body.Context;

    /// <inheritdoc/>
    public int Width => body.Width;

    /// <inheritdoc/>
    public Tensor Hidden(Pass p) => body.Hidden(p);

    /// <inheritdoc/>
    public Tensor Loss(Pass p, Targets targets) =>
        throw new NotSupportedException($"this model cannot be trained to go on with texts: {Missing}");
}
